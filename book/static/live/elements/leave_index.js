// Where what is typed goes on.  A sign behind an index stands behind the letter: no index of this
// series has a sign in it, but for those below a sum, as i ≠ j.  A space behind an index ends what
// ends there, too, as the first fraction of dL/da_i da_i/dz_j; it ends no brackets, and nothing empty.
// So does a power, as in a_k^2 and sum_k^n; one of a number below a sum, as in k=1^n, stays there.

const SIGNS = new Set(["+", "-", "−", "=", "*", "/", " ", "\\cdot", "\\odot", ")"]);
const POWERS = new Set(["^", "#@^{#?}", "#@^{\\top}"]); // as MathLive tells of its key, and of those on the screen
const ONE_LETTER = /_\{?[a-z]\}?$/;
const INDEX = /(\\sum)?_\{?[^{}_]+\}?$/;
const BRACKETS = /\\right\S*$/;

/** To be called before MathLive puts in what is typed. */
export function leaveIndex(field, typed) {
  const isPower = POWERS.has(typed);
  if (!(SIGNS.has(typed) || isPower) || !field.selectionIsCollapsed) return;
  const left = INDEX.exec(after(field, "moveAfterParent"));
  if (left && (!left[1] || (isPower && ONE_LETTER.test(left[0])))) field.executeCommand("moveAfterParent");
}

/** Whether the caret, which has gone on to the right, stands before the ∂ of an empty place. */
export function isBeforeEmpty(field, from) {
  const at = field.position;
  return at > from && field.selectionIsCollapsed && field.getValue(at, at + 2, "latex") === "\\partial\\placeholder{}";
}

/** Whether a space stays where it is typed; where not, MathLive goes behind what stands around it. */
export function isSpaceKept(field) {
  if (!field.selectionIsCollapsed) return true;
  const isEmpty = after(field, "moveToGroupStart") === field.getValue(0, field.position, "latex");
  return isEmpty || BRACKETS.test(after(field, "moveAfterParent"));
}

/** The LaTeX up to where a command would lead; the caret stays. */
function after(field, command) {
  const at = field.position;
  field.executeCommand(command);
  const latex = field.getValue(0, field.position, "latex");
  field.position = at;
  return latex;
}
