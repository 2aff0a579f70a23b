// Whether a formula is typed in a field, as it looks, or as plain text.

import { keep, kept } from "./choice.js";

const NAME = "formulas";
let chosen = null;

/** What the reader chose last; before that a phone has the field, and a keyboard plain text. */
export function isFieldFirst() {
  const choice = chosen ?? kept(NAME);
  return choice === null ? matchMedia("(pointer: coarse)").matches : choice === "in a field";
}

/** The browser remembers the choice; one that keeps nothing has it for this page. */
export function choose(isField) {
  chosen = isField ? "in a field" : "as text";
  keep(NAME, chosen);
}
