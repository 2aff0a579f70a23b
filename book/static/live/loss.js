export class LossPart { constructor() {} }
