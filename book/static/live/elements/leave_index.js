// A sign that is typed behind an index stands behind the letter: no index of this series has a
// sign in it, but for those below a sum, as i ≠ j.

const SIGNS = new Set(["+", "-", "−", "=", "*", "/", "\\cdot", "\\odot", ")"]);
const INDEX = /(\\sum)?_\{?[^{}_]+\}?$/;

/** To be called before MathLive puts in what is typed. */
export function leaveIndex(field, typed) {
  const at = field.position;
  if (!SIGNS.has(typed) || !field.selectionIsCollapsed || !field.executeCommand("moveAfterParent")) return;
  const left = INDEX.exec(field.getValue(0, field.position, "latex"));
  if (!left || left[1]) field.position = at;
}
