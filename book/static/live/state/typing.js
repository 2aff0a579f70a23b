// Whether a formula is typed in a field, as it looks, or as plain text.

const KEY = "formulas-typed";
let chosen = null;

/** What the reader chose last; before that a phone has the field, and a keyboard plain text. */
export function isFieldFirst() {
  const choice = chosen ?? remembered();
  return choice === null ? matchMedia("(pointer: coarse)").matches : choice === "in a field";
}

/** The browser remembers the choice; one that keeps nothing has it for this page. */
export function choose(isField) {
  chosen = isField ? "in a field" : "as text";
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // It counts on this page.
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
