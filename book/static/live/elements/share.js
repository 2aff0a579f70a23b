// What leaves the page: a state as an address, words for the clipboard; and what came in.

import { button, make, toClipboard } from "./dom.js";
import { LONGEST, encode } from "../state/address.js";

/** Says that a state came by an address, and asks for its verdict when the reader does. */
export class Banner {
  constructor(name, ask, state = "Not judged yet:") {
    this.state = state;
    this.words = make("p");
    this.element = make("div", { class: "live-banner", hidden: true, role: "status" }, this.words, button(name, ask));
  }

  /** `change`: what another reader did, a sentence; "" takes the banner away. */
  show(change) {
    this.words.replaceChildren(make("strong", {}, change), ` ${this.state}`);
    this.element.hidden = !change;
  }
}

/** Takes a state out of the address, for the page shows another one now; a heading's fragment stays. */
export function leaveAddress() {
  if (/^#\d+=/.test(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
}

/** Hands out the address of a state, unless it is too long; it becomes the page's own, too, if it `moves` there. */
export async function share(state, out, say, moves = true) {
  const fragment = encode(state);
  if (fragment.length > LONGEST) {
    say(`too long to share: the address would have ${fragment.length} characters ` +
      `after #, and at most ${LONGEST} are allowed. Copy it as text instead.`);
    return;
  }
  if (moves) history.replaceState(history.state, "", fragment);
  await handOut(new URL(fragment, location.href).href, "address to share", "the address was copied", out, say);
}

/** Words for the clipboard, and a box to take them from where that is refused; whether it was not. */
export async function handOut(words, name, done, out, say) {
  const rows = Math.min(12, words.split("\n").length);
  const given = { readonly: true, "aria-label": name, spellcheck: "false" };
  const box = rows > 1 ? make("textarea", { rows, ...given }) : make("input", given);
  box.value = words;
  out.replaceChildren(box);
  const isCopied = await toClipboard(words);
  say(isCopied ? done : `${name}: take it from the box below`);
  if (!isCopied) {
    box.focus();
    box.select();
  }
  return isCopied;
}
