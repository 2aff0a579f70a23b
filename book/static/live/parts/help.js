// Help with the next line of a level, in three steps, each when it is asked for: why a line may
// hold, its form with a gap, the line.

import { button, enable, make } from "../elements/dom.js";
import { inReason, typeset } from "../elements/typeset.js";

const STEPS = ["a hint", "show the form of that line", "show the line"];

export class Help {
  /** `ask(lines)`: the answer about what may come below these; `take(text)` writes a line. */
  constructor(ask, take) {
    Object.assign(this, { ask, take, lines: [], answer: null, step: 0 });
    this.asking = button(STEPS[0], () => this.more());
    this.said = make("div", { class: "live-help", role: "status" });
  }

  begin() {
    this.lines = [];
    this.clear();
  }

  /** The right lines, null where there is no more to do; a hint that was given below others goes. */
  follow(lines) {
    if (JSON.stringify(lines) === JSON.stringify(this.lines)) return;
    this.lines = lines;
    this.clear();
  }

  clear() {
    this.answer = null;
    this.step = 0;
    this.said.replaceChildren();
    this.show();
  }

  show() {
    this.asking.textContent = STEPS[this.step] ?? "";
    this.asking.hidden = this.step === STEPS.length || !this.lines;
  }

  async more() {
    const { lines } = this;
    if (!this.answer) {
      enable(this.asking, false);
      this.said.replaceChildren(make("p", {}, "looking …"));
      const answer = await this.ask(lines);
      enable(this.asking, true);
      if (this.lines !== lines) return; // they are others by now
      if (!answer.line) {
        this.said.replaceChildren(make("p", {}, answer.refused ?? answer.failed ?? (answer.stopped ? "stopped" : "")));
        return;
      }
      this.said.replaceChildren();
      this.answer = answer;
    }
    this.tell(this.step);
    this.step += 1;
    this.show();
  }

  tell(step) {
    const { reason, form, line } = this.answer;
    const words = reason ? ["The next line may hold by this: ", ...inReason(reason), "."] : ["Whoever set this wrote no reason for the next line."];
    if (step === 0) this.said.append(make("p", {}, ...words));
    else if (step === 1) this.said.append(make("p", {}, "It has this form: ", formula(form)));
    else {
      const writing = button("write it as a line", () => this.take(line.text));
      this.said.append(make("p", {}, "This is the line: ", formula(line)), writing);
      writing.focus();
    }
  }
}

function formula({ text, latex }) {
  const shown = make("span", { class: "levels-formula" }, `= ${text}`);
  typeset(shown, `\\displaystyle = ${latex}`, false);
  return shown;
}
