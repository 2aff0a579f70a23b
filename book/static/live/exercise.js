export class Exercise { constructor() {} }
