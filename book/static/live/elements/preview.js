// A formula as it will look, while it is typed.

import { fresh, later, make, reveal, scrolls } from "./dom.js";
import { typeset } from "./typeset.js";
import { withWays } from "./verdict.js";
import { Latest } from "../state/latest.js";

export class Preview {
  /**
   * `asked()`: the request for the text in its box, or null; `ask(request, key)`: a promise of
   * {latex, text, notes}, {unreadable} or {refused}.  `take(text)` puts another text into the box,
   * `declare(letter)` declares a letter of it.
   */
  constructor(asked, ask, before, take, declare) {
    Object.assign(this, { asked, ask, before, take, declare });
    this.element = make("div", { class: "live-preview" });
    this.element.preview = this;
    this.measure = scrolls(this.element, "preview of the formula");
    const key = fresh("preview");
    const answerTo = (question) => (question === "null" ? {} : ask(JSON.parse(question), key));
    this.latest = new Latest(() => JSON.stringify(asked()), answerTo,
      (answer) => this.made(answer), (parts) => this.show(parts));
    this.soon = later(() => this.latest.follow(), 150);
  }

  /** Begins with the formula of the line, so that nothing below moves when the answer comes. */
  begin(formula) {
    this.element.replaceChildren(...formula.cloneNode(true).childNodes);
    if (formula.querySelector("mjx-container")) this.latest.settle();
    else this.latest.shown = null;
  }

  /** Typing goes on; the formula follows after a pause. What is shown until then is marked. */
  follow() {
    this.mark();
    if (this.latest.isOld) this.soon();
  }

  /** The same without a pause. */
  now() {
    this.mark();
    return this.latest.follow();
  }

  /** The same where something is shown: what the text is read by has changed. */
  refresh() {
    if (this.element.childNodes.length) this.follow();
  }

  /** The answer about a text in the place of the one in the box; nothing that is shown changes. */
  read(text) {
    const asked = this.asked();
    return asked && this.ask({ ...asked, text });
  }

  mark() {
    this.element.setAttribute("aria-busy", String(this.latest.isOld));
  }

  /** The parts of an answer, made before the old ones go. */
  async made({ latex, notes = [], unreadable: problem, refused, stopped }) {
    if (problem) return withWays(problem, this.take, this.declare);
    if (!latex) return [refused ?? (stopped ? "stopped" : [])].flat();
    const formula = make("div", {}, make("code", {}, latex));
    await typeset(formula, `${this.before}${latex}`);
    const words = `read this way: ${notes.join("; ")}`;
    return notes.length ? [formula, make("p", { class: "live-hint" }, words)] : [formula];
  }

  show(parts) {
    this.element.replaceChildren(...parts);
    this.mark();
    this.measure();
    const part = this.element.closest(".live-line, .live-form");
    const verdict = part?.querySelector(".live-verdict:not(:empty)"); // it has moved down
    if (verdict && !window.mathVirtualKeyboard?.visible) reveal(part, verdict);
  }

  /** Empty, whatever answer is still on its way. */
  clear() {
    this.latest.settle();
    this.show([]);
  }
}
