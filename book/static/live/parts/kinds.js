// The kinds of live parts, {kind: class}.  A kind of one page alone comes with that page.
export const KINDS = {};
