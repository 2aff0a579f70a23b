// Whether a formula is typed in a field, as it looks, or as plain text; and how long its reader pauses.

import { keep, kept } from "./choice.js";

/** What is said below a box from its touch on, until the field is there; or cannot be. */
export const COMING = "The formula keyboard is coming …; until then, type here.";
export const READY = "The formula keyboard is here: “formula” opens it.";
export const LACKING = "The formula field could not be loaded; plain text works as before.";

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

const FINGER = 3000, FIELD = 1500, TEXT = 600, UNFINISHED = 3000;

/**
 * The pause in milliseconds before a text is judged.  A finger on the keyboard of the screen is slower
 * than a hand on keys, and in a field a hand is slower than in plain text; a letter at the end may get an index.
 */
export function pauseBefore(text, { isField, isOnScreen }) {
  if (isOnScreen) return FINGER;
  if (!isField) return TEXT;
  return /(?<![\\A-Za-z])[A-Za-z]$/.test(text) ? UNFINISHED : FIELD;
}
