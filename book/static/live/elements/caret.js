// Where the caret goes when something is typed.  A sign behind an index stands behind the letter:
// no index of this series has a sign in it, but for those below a sum, as i ≠ j.  A space behind an
// index also ends what ends there, such as the first fraction of dL/da_i da_i/dz_j; it ends no
// brackets, and nothing empty.  A power and a bracket leave the index below a sum, too: sum_k^n,
// sum_i (y_i); a power of a number there stays, as in k=1^n.

const SIGNS = new Set(["+", "-", "−", "=", "*", "/", " ", "\\cdot", "\\odot", ")"]);
const OF_SUMS = new Set(["(", "^", "#@^{#?}", "#@^{\\top}"]); // as MathLive tells of its keys, and of those on the screen
const ONE_LETTER = /_\{?[a-z]\}?$/;
const INDEX = /(\\sum)?_\{?[^{}_]+\}?$/;
const BRACKETS = /\\right(?:\\\w+|[^\s\w}])$/;

/** To be called before MathLive puts in what is typed. */
export function leaveIndex(field, typed) {
  const isOfSums = OF_SUMS.has(typed);
  if (!(SIGNS.has(typed) || isOfSums) || !field.selectionIsCollapsed) return;
  const left = INDEX.exec(after(field, "moveAfterParent"));
  if (left && (!left[1] || (isOfSums && ONE_LETTER.test(left[0])))) quietly(field, () => field.executeCommand("moveAfterParent"));
}

/** Whether the caret, which has gone on to the right, stands before the ∂ of an empty place. */
export function isBeforeEmpty(field, from) {
  const at = field.position;
  return at > from && field.selectionIsCollapsed && field.getValue(at, at + 2, "latex") === "\\partial\\placeholder{}";
}

/** A space goes behind what ends here; it ends no brackets, and nothing that is empty. */
export function space(field) {
  leaveIndex(field, " ");
  if (!field.selectionIsCollapsed) return;
  const isEmpty = after(field, "moveToGroupStart") === field.getValue(0, field.position, "latex");
  if (isEmpty || BRACKETS.test(after(field, "moveAfterParent"))) return;
  quietly(field, () => field.executeCommand("moveAfterParent"));
}

/** The LaTeX up to where a command would lead; the caret stays. */
function after(field, command) {
  return quietly(field, () => {
    const at = field.position;
    field.executeCommand(command);
    const latex = field.getValue(0, field.position, "latex");
    field.position = at;
    return latex;
  });
}

/** Moves the caret without a word: MathLive would say where it is meanwhile. */
function quietly(field, action) {
  const said = field.shadowRoot.querySelector("[aria-live]"), words = said?.textContent;
  const found = action();
  if (said && said.textContent !== words) said.textContent = words;
  return found;
}
