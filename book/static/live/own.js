export class OwnPart { constructor() {} }
