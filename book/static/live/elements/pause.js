// A text is judged when its reader pauses: not at each letter, and not before it can be read.

import { fresh, later } from "./dom.js";
import { pauseBefore } from "../state/typing.js";
import { waysOf } from "../state/verdict_words.js";

const where = () => ({ isField: document.activeElement.matches("math-field"), isOnScreen: window.mathVirtualKeyboard?.visible });

/**
 * What a box calls when its text changes.  `asked()`: the request that typesets the text, or
 * null; `ask(request, key)`: a promise of the answer; `judge()` is called for a text that is
 * read, if it is still the one of the box; for one that is not, `hear(words)` says why.
 */
export function judgedInPauses(asked, ask, judge, hear) {
  const key = fresh("pause");
  const soon = later(async () => {
    const request = asked();
    if (!request) return;
    const { latex, unreadable, refused } = await ask(request, key);
    if (JSON.stringify(request) !== JSON.stringify(asked())) return;
    if (latex) judge();
    else if (unreadable) hear(waysOf(unreadable) || `cannot be read yet: ${unreadable.message}`);
    else if (refused) hear(refused);
  }, () => pauseBefore(asked()?.text ?? "", where()));
  return () => {
    hear(""); // so that the same words are heard again
    soon();
  };
}
