// A formula as it will look, while it is typed.

import { button, later, make, scrolls } from "./dom.js";
import { typeset } from "./typeset.js";
import { unreadable } from "./verdict.js";

export class Preview {
  /**
   * `latexFor(text)`: a promise of {latex, notes}, {unreadable} or {refused}.
   * `take(text)` puts another text into the box.
   */
  constructor(latexFor, before = "", take = null) {
    Object.assign(this, { latexFor, before, take });
    this.element = make("div", { class: "live-preview" });
    this.measure = scrolls(this.element, "preview of the formula");
    this.text = null;
    this.soon = later(() => this.show(this.text), 150);
  }

  /** Begins with a formula of the page, so that nothing below moves when the answer comes. */
  begin(formula) {
    this.element.replaceChildren(...formula.cloneNode(true).childNodes);
  }

  /** Typing goes on; the formula follows after a pause. */
  follow(text) {
    this.text = text;
    this.soon();
  }

  async show(text) {
    this.text = text;
    const answer = text ? await this.latexFor(text) : {};
    if (text !== this.text || answer.dropped || answer.stopped) return;
    if (answer.latex) {
      await typeset(this.element, `${this.before}${answer.latex}`);
      const notes = (answer.notes ?? []).join("; ");
      if (notes) this.element.append(make("p", { class: "live-hint" }, `read this way: ${notes}`));
    } else this.say(answer);
    this.measure();
  }

  say({ unreadable: problem, refused }) {
    this.element.latex = null;
    this.element.replaceChildren(problem ? unreadable(problem) : (refused ?? ""));
    const lines = this.take ? (problem?.suggestions ?? []) : [];
    if (lines.length) this.element.append(make("p", { class: "live-hint" }, "perhaps:",
      ...lines.map((line) => button(`take ${line}`, () => this.take(line), line))));
  }

  /** Empty, whatever answer is still on its way. */
  clear() {
    this.text = null;
    this.say({});
  }
}

/** What asks the engine for the LaTeX of a text; an older question of it is dropped. */
export function latexFrom(engine, context, key) {
  return (text) => engine.ask({ ask: "typeset", context: context(), text }, key);
}
