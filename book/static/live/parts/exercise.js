// A question, answered in a box: an exercise on its notebook's page, or one of a learner.

import { field, fresh, formulaBox, make, oneLine, put } from "../elements/dom.js";
import { judgedInPauses } from "../elements/pause.js";
import { Preview } from "../elements/preview.js";
import { Status } from "../elements/status.js";
import { age, showVerdict } from "../elements/verdict.js";
import { read, write } from "../state/memory.js";
import { notationOf } from "../state/notation.js";
import { yours } from "../state/verdict_words.js";

const LONGEST = 300; // characters of an answer that is kept

export class Exercise {
  constructor(part, data, engine) {
    this.engine = engine;
    Object.assign(this, { context: data.context, name: data.exercise });
    this.status = new Status(engine, part);
    this.take = (line) => {
      put(this.box, line);
      this.typed();
      this.box.focus();
    };
    this.verdict = make("div", { class: "live-verdict", role: "status" });
    const ask = () => this.judge(data.using);
    this.judged = "";
    this.paused = judgedInPauses(() => this.asked(), (...asked) => engine.ask(...asked),
      () => oneLine(this.box) !== this.judged && ask(), this.status.hear);
    this.box = formulaBox("", { typed: () => this.typed(), enter: ask });
    this.preview = new Preview(() => this.asked(), (...asked) => engine.ask(...asked), "", this.take);
    const hint = make("p", { class: "live-hint", id: fresh("hint") },
      `${data.names ? `Letters: ${data.names}. ` : ""}${notationOf(data.names)}It is judged when you pause, or by Enter.`);
    this.box.setAttribute("aria-describedby", hint.id);
    part.append(
      make("div", { class: "live-form" },
        field(`your answer to ${data.called}`, this.box, { class: "live-field live-tall" }),
        this.preview.element,
        make("div", { class: "live-actions" }, this.status.stop),
        this.status.element,
        this.verdict,
        hint),
    );
    this.recall();
  }

  /** An answer that was right before, as the browser has kept it. */
  recall() {
    const answer = read("answers")[this.name];
    if (typeof answer !== "string" || answer.length > LONGEST) return;
    put(this.box, answer);
    this.judged = answer;
    this.verdict.replaceChildren(make("p", {}, "✓ you have solved it; Enter judges it again."));
  }

  /** Keeps a right answer; where the browser refuses, that is said below the verdict. */
  keep(answer) {
    const trouble = write("answers", { ...read("answers"), [this.name]: answer });
    if (trouble) this.verdict.append(make("p", {}, trouble));
  }

  typed() {
    this.status.attend();
    this.preview.follow();
    const text = oneLine(this.box);
    age(this.verdict, text !== this.judged, text);
    this.paused();
  }

  asked() {
    const text = oneLine(this.box);
    return text ? { ask: "typeset", context: this.context, text } : null;
  }

  async judge(using) {
    const answer = oneLine(this.box);
    if (!answer) return;
    this.status.attend();
    this.preview.now();
    this.judged = answer;
    showVerdict(this.verdict, { note: "judging …" });
    age(this.verdict, true, answer);
    const { context } = this;
    const request = { ask: "exercise", context, using, answer };
    const verdict = await this.engine.ask(request, `answer to ${this.name}`);
    if (verdict.dropped) return;
    if (verdict.verdict === "unreadable" && answer === oneLine(this.box)) this.preview.clear();
    this.verdict.parentElement.dataset.verdict = verdict.verdict ?? "none";
    const use = (names) => {
      this.box.focus();
      this.judge([...using, ...names]);
    };
    showVerdict(this.verdict, verdict, this.take, use);
    if (verdict.verdict === "right") this.keep(answer);
    const letters = yours(verdict.letters ?? []);
    if (letters) this.verdict.append(make("p", {}, letters));
    const text = oneLine(this.box);
    age(this.verdict, answer !== text, text);
  }
}
