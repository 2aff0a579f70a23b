// A derivation of the reader's own: a question, from which the engine finds what holds; then
// line by line, to the result that is to be shown, if the question has one.

import { NOTATION, button, field, formulaBox, fresh, make, oneLine, put, scrolls } from "../elements/dom.js";
import { Chain } from "./chain.js";
import { WhatHolds } from "./what_holds.js";
import { packDerivation, unpackDerivation } from "../state/address.js";
import { Preview } from "../elements/preview.js";
import { Status } from "../elements/status.js";
import { typeset } from "../elements/typeset.js";
import { unreadable } from "../elements/verdict.js";

const NOTHING = { where: [], case: null };

export class OwnPart {
  constructor(part, data, engine) {
    Object.assign(this, { part, engine });
    this.hypotheses = data.hypotheses ?? [];
    this.facts = data.facts;
    this.goal = null;
    this.known = data.definitions.map(({ name }) => name);
    this.chain = null;
    this.status = new Status(engine, part);
    this.holds = new WhatHolds(part.querySelector("details"), data.definitions, () => this.changed());
    this.buildForm(data.examples);
    this.formula = make("div", { class: "formula live-formula" });
    this.measure = scrolls(this.formula, "formula");
    this.notes = make("p", { class: "live-hint" });
    const start = make("li", { class: "chain-start" }, make("div", {}, this.formula, this.notes));
    this.list = make("ol", { class: "chain-lines", role: "list" }, start);
    this.result = make("span");
    this.reached = make("span", { role: "status" });
    this.aim = make("div", { class: "live-actions live-goal" }, "to show:", this.result,
      button("write it as a line", () => this.chain.addLast()?.take(this.goal.text)), this.reached);
    this.work = make("div", {}, make("h2", { class: "visually-hidden" }, "Derivation"), this.list);
    this.turn = button("start another", () => this.ask(this.form.hidden));
    this.ask(true);
    part.append(make("div", { class: "live-actions" }, this.turn), this.form, this.holds.element, this.work);
  }

  buildForm(examples) {
    const begin = () => this.begin();
    this.box = formulaBox("", {
      typed: () => this.typed(), enter: begin,
    });
    const hint = make("p", { class: "live-hint", id: fresh("hint") }, `${NOTATION}Enter begins.`);
    this.box.setAttribute("aria-describedby", hint.id);
    const filled = examples.map((text) => button(text, () => {
      put(this.box, text);
      begin();
    }));
    const own = button("your own", () => this.take(""));
    this.said = make("div", { class: "live-verdict", role: "status" });
    this.preview = new Preview(() => this.asked(), (...asked) => this.engine.ask(...asked), "",
      (line) => this.take(line));
    this.form = make("div", { class: "live-form", role: "group", "aria-label": "your derivation" },
      field("What do you want to derive?", this.box, { class: "live-field live-tall" }),
      make("div", { class: "live-actions live-examples" }, ...filled, own),
      this.preview.element,
      hint,
      make("div", { class: "live-actions" }, button("begin", begin), this.status.stop),
      this.said);
  }

  /** The form to ask for a derivation, or the derivation that was begun. */
  ask(isAsking) {
    this.form.hidden = !isAsking;
    this.work.hidden = isAsking;
    this.turn.hidden = !this.chain;
    this.turn.textContent = isAsking ? "back to your derivation" : "start another";
    if (isAsking) this.said.before(this.status.element);
    else this.part.append(this.status.element);
    this.holds.show(isAsking ? NOTHING : this.chain.context);
    if (isAsking && this.chain) this.box.focus();
  }

  /** What the text in the box asks; what nobody ticked is found from its letters. */
  asked() {
    const text = oneLine(this.box), { where, case: given } = this.holds.held;
    const context = { where: where.length ? where : null, case: given };
    return text ? { ask: "question", context, text } : null;
  }

  take(text) {
    put(this.box, text);
    this.typed();
    this.box.focus();
  }

  typed() {
    this.status.attend();
    this.preview.follow();
  }

  /** Finds what is asked and what holds, and opens the chain and its next line; the last side is to be shown. */
  async begin() {
    const request = this.asked();
    if (!request) return;
    this.status.attend();
    this.said.replaceChildren("reading …");
    const answer = await this.engine.ask(request, "begin"); // no preview drops it
    if (answer.dropped) return;
    this.preview.clear();
    this.say(answer);
    if (!answer.start) return;
    const { start, lines, where, case: given, notes, letters } = answer;
    const firsts = lines.slice(0, -1), goal = lines.at(-1) ?? null;
    this.show({ start: start.text, where, case: given }, start, { lines: firsts, goal, letters });
    if (notes.length > letters.length) this.notes.textContent = `read this way: ${notes.join("; ")}`;
    this.chain.judge([...firsts.keys()]);
    this.chain.addLast();
    const words = goal ? `To show: ${start.text} = ${goal.text}` : `It starts with ${start.text}`;
    requestAnimationFrame(() => this.status.hear(`The derivation has begun. ${words}`)); // the region has just moved here
  }

  say({ unreadable: problem, refused, stopped }) {
    const take = (line) => this.take(line);
    const words = refused ?? (stopped ? "stopped" : ""); // what failed, the status says
    this.said.replaceChildren(...(problem ? unreadable(problem, take) : [words]));
  }

  /** The chain of this context with lines of the engine, in place of the form. */
  show(context, start, { lines = [], goal = null, letters = [] } = {}) {
    this.formula.latex = null;
    this.formula.replaceChildren(make("code", {}, start.text));
    this.notes.textContent = "";
    this.chain ??= this.build(context, start);
    this.goal = goal;
    this.aim.hidden = !goal;
    this.result.replaceChildren(goal ? `${start.text} = ${goal.text}` : "");
    if (goal) typeset(this.result, `${start.latex} = ${goal.latex}`, false);
    this.chain.begin(context, start, lines, letters);
    this.showStart(start);
    this.ask(false);
  }

  showStart({ latex }) {
    if (latex) typeset(this.formula, latex).then(this.measure);
  }

  build(context, start) {
    const names = "those of the start and of the definitions";
    const chain = new Chain({
      part: this.part, engine: this.engine, list: this.list, context, start, names,
      status: this.status,
      original: [],
      editing: true,
      hypotheses: this.hypotheses,
      facts: this.facts,
      shown: () => this.sayIfReached(),
      pack: (lines) => packDerivation(this.chain.context, lines),
    });
    this.list.after(this.aim);
    return chain;
  }

  sayIfReached() {
    const k = this.goal && this.chain ? this.chain.state.placeOfRight(this.goal.text) : -1;
    const words = k < 0 ? "" : `✓ line ${k + 1}: that is what was to be shown`;
    if (this.reached.textContent !== words) this.reached.textContent = words;
  }

  /** Something else holds: of the chain at hand, or of the next one. */
  changed() {
    if (this.work.hidden) {
      this.preview.refresh();
      return;
    }
    const { context, state } = this.chain;
    const judged = [...state.lines.keys()].filter((k) => state.verdict(k));
    this.chain.begin({ ...context, ...this.holds.held }, state.start, null, state.letters.get(state.start.text));
    this.chain.judge(judged);
  }

  takes(state) {
    return state.c === "own";
  }

  /** A derivation of an address: it is typeset, and judged when the reader asks. */
  async open(state) {
    const { context, lines } = unpackDerivation(state, this.known, this.hypotheses);
    const { start: text, ...held } = context;
    this.show(context, { text });
    this.chain.load(lines);
    this.status.attend();
    this.chain.typesetLines();
    const answer = await this.chain.readingOf({ ask: "typeset", context: held, text });
    if (this.chain.context !== context) return;
    this.showStart(answer);
    this.chain.render();
  }
}
