// A text is judged when its reader pauses: not at each letter, and not before it can be read.

import { fresh, later } from "./dom.js";

/**
 * What a box calls when its text changes.  `asked()`: the request that typesets the text, or
 * null; `ask(request, key)`: a promise of the answer; `judge()` is called for a text that is
 * read, if it is still the one of the box.
 */
export function judgedInPauses(asked, ask, judge) {
  const key = fresh("pause");
  return later(async () => {
    const request = asked();
    const { latex } = request ? await ask(request, key) : {};
    if (latex && JSON.stringify(request) === JSON.stringify(asked())) judge();
  }, 600);
}
