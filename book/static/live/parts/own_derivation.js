// A derivation of the reader's own: a question, from which the engine finds what holds; then
// line by line, to the result that is to be shown, if the question has one.

import {
  button, field, formulaBox, fresh, make, newRow, put, scrolls, typedBehind,
} from "../elements/dom.js";
import { Chain } from "./chain.js";
import { Help } from "./help.js";
import { RowsBeside } from "./rows_beside.js";
import { WhatHolds } from "./what_holds.js";
import { NotUnderstood, packDerivation, unpackDerivation } from "../state/address.js";
import { linesAndGoal } from "../state/chain_state.js";
import { keep, kept } from "../state/choice.js";
import { QUESTIONS } from "../state/notation.js";
import { Preview } from "../elements/preview.js";
import { leaveAddress } from "../elements/share.js";
import { Status } from "../elements/status.js";
import { typeset, typesetter } from "../elements/typeset.js";
import { age, showVerdict, withWays } from "../elements/verdict.js";
import { besides } from "../state/verdict_words.js";

const NOTHING = { where: [], case: null };

export class OwnPart {
  constructor(part, data, engine) {
    Object.assign(this, { part, engine });
    this.hypotheses = data.hypotheses ?? [];
    this.facts = data.facts;
    this.goal = null;
    this.refused = null; // the text of a result that is wrong
    this.sent = null; // what is being begun
    this.taken = { text: "", letters: [] }; // of several meanings
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
    this.writing = button("write it as a line", () => this.chain.addLast()?.take(this.goal.text));
    this.aim = make("div", { class: "live-actions live-goal" }, "to show:", this.result, this.writing, this.reached);
    this.solution = null; // of an exercise, whose lines are its hints
    this.help = new Help((lines) => this.hint(lines), (text) => this.chain.nextToWrite()?.take(text));
    this.beside = new RowsBeside();
    this.work = make("div", {}, make("h2", { class: "visually-hidden" }, "Derivation"), this.beside.element, this.list);
    this.turn = button("start another", () => this.ask(this.form.hidden));
    this.ask(true);
    part.append(make("div", { class: "live-actions" }, this.turn), this.form, this.holds.element, this.work);
    addEventListener("pagehide", () => this.leave());
  }

  buildForm(examples) {
    const begin = () => this.begin();
    this.box = formulaBox("", {
      typed: () => this.typed(), enter: begin, longest: null,
    });
    const hint = make("p", { class: "live-hint", id: fresh("hint") }, `${QUESTIONS}Enter begins.`);
    this.box.setAttribute("aria-describedby", hint.id);
    const filled = examples.map((text) => button(text, () => {
      put(this.box, text);
      this.sent = null;
      begin();
    }));
    const own = button("your own", () => this.take(""));
    this.said = make("div", { class: "live-verdict", role: "status" });
    this.preview = new Preview(() => this.asked(), (...asked) => this.engine.ask(...asked), "",
      (...taken) => this.take(...taken));
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
    if (isAsking && this.chain) {
      this.box.focus();
      this.box.select(); // what is typed is another question
    }
  }

  /** What the text in the box asks, in its lines; what nobody ticked is found from its letters. */
  asked() {
    const text = this.box.value.trim(), { where, case: given } = this.holds.held;
    const context = { where: where.length ? where : null, case: given };
    return text ? { ask: "question", context, text } : null;
  }

  /** A text into the box; one for a row of several only into its place. */
  take(text, span = null, letters = []) {
    const whole = this.box.value.trim();
    this.taken = { text, letters };
    put(this.box, span ? whole.slice(0, span[0]) + text + whole.slice(span[1]) : text);
    this.typed();
    this.box.focus();
  }

  typed() {
    if (this.sent !== null) return; // it goes into the first line
    this.status.attend();
    this.preview.follow();
    if (this.refused === null) this.say({}); // it was said of another text
    else age(this.said, this.asked()?.text !== this.refused, this.asked());
  }

  /** Finds what is asked and what holds, and opens the chain: with its lines, or with a line to write. */
  async begin() {
    const request = this.asked();
    if (!request || this.sent !== null) return;
    this.status.attend();
    this.clear();
    const sent = this.box.value.trimEnd();
    this.sent = sent;
    newRow(this.box);
    this.said.replaceChildren("reading …");
    const chosen = request.text.startsWith(this.taken.text) ? this.taken.letters : [];
    const answer = { chosen, ...await this.engine.ask(request, "begin") }; // no preview drops it
    const { lines, goal } = linesAndGoal(answer.lines ?? []);
    const verdict = goal && await this.judged(answer, goal);
    if (this.sent !== sent) return; // another one is being begun
    const typed = typedBehind(this.box, sent);
    this.sent = null;
    this.preview.clear();
    if (typed === null) {
      this.say({}); // the question has been changed
      return;
    }
    this.say(verdict ? { stopped: verdict.stopped } : answer);
    if (verdict?.verdict === "wrong") this.refuse(request.text, verdict, answer);
    else if (answer.start && !verdict?.stopped && !verdict?.failed) {
      this.beginWith(answer, lines, goal, typed);
      return;
    }
    if (typed) put(this.box, `${this.box.value}\n${typed}`); // nothing has begun
  }

  /** The verdict on what is to be shown, as if it were the first line. */
  judged({ start: { text }, where, case: given }, goal) {
    this.said.replaceChildren("judging …");
    const context = { start: text, where, case: given };
    return this.engine.ask({ ask: "line", context, left: text, right: goal.text, using: [] }, "begin");
  }

  /** Says what is wrong with a result, where it was typed; the question may be begun without it. */
  refuse(text, verdict, answer) {
    showVerdict(this.said, verdict);
    this.refused = text;
    const alone = button(`begin with ${answer.start.text} alone`, () => this.beginWith(answer, [], null));
    this.said.append(make("div", { class: "live-actions" }, alone));
  }

  /** The derivation of an answer: lines are judged where they are written, else the first one is to be written. */
  beginWith({ start, where, case: given, notes, letters, chosen, beside }, lines, goal, typed = "") {
    leaveAddress();
    this.show({ start: start.text, where, case: given }, start, { lines, goal, letters: [...chosen, ...letters], beside });
    if (notes.length > letters.length) this.notes.textContent = `read this way: ${notes.join("; ")}`;
    if (!lines.length) {
      const first = this.chain.addLast();
      if (typed) first.take(typed);
    } else {
      this.chain.verifyAll();
      this.chain.focusOn(0);
    }
    const begins = goal ? `To show: ${start.text} = ${goal.text}` : `It starts with ${start.text}`;
    const words = [begins, this.chain.beside].filter(Boolean).join(". Above it, ");
    requestAnimationFrame(() => this.status.hear(`The derivation has begun. ${words}`)); // the region has just moved here
  }

  /** What was said of another text goes. */
  clear() {
    showVerdict(this.said, null);
    this.refused = null;
    age(this.said, false, true);
  }

  say({ unreadable: problem, refused, stopped }) {
    const take = (...taken) => this.take(...taken);
    const words = refused ?? (stopped ? "stopped" : ""); // what failed, the status says
    this.said.replaceChildren(...(problem ? withWays(problem, take) : [words]));
  }

  /** The chain of this context with lines of the engine, in place of the form. */
  show(context, start, { lines = [], goal = null, letters = [], beside = [], solution = null } = {}) {
    this.solution = solution;
    this.formula.latex = null;
    this.formula.replaceChildren(make("code", {}, start.text));
    this.notes.textContent = "";
    this.chain ??= this.build(context, start);
    this.showGoal(start, goal);
    this.help.begin();
    this.help.asking.hidden = !solution;
    this.chain.begin(context, start, lines, letters);
    this.beside.show(beside);
    this.chain.beside = besides(beside);
    this.showStart(start);
    this.ask(false);
  }

  showStart({ latex }) {
    if (latex) typeset(this.formula, latex).then(this.measure);
  }

  showGoal(start, goal) {
    this.goal = goal;
    this.aim.hidden = !goal;
    this.result.latex = null;
    this.result.replaceChildren(goal ? `${start.text} = ${goal.text}` : "");
    if (goal?.latex && start.latex) typeset(this.result, `${start.latex} = ${goal.latex}`, false);
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
      pack: (lines) => packDerivation(this.chain.context, lines, this.goal?.text, this.chain.state.pasted),
      packExercise: () => this.exercise(),
    });
    this.list.after(this.aim);
    chain.toolbar.adding.before(this.help.said);
    chain.toolbar.adding.after(this.help.asking);
    return chain;
  }

  /** The state of an address that asks for this derivation. */
  exercise() {
    const { context, state } = this.chain;
    const lines = this.solution ?? state.lines.map(({ text, reason, using }) => ({ text, reason, using }));
    const packed = lines.map(({ text, reason, using }) => [text, reason, using]);
    return packDerivation(context, packed, this.goal?.text ?? lines.at(-1).text, state.pasted, true);
  }

  hint(lines) {
    this.status.attend();
    return this.engine.ask({ ask: "hint", context: this.chain.context, solution: this.solution, lines }, "hint");
  }

  /** Keeps the derivation for this tab, unless it is as it came by an address. */
  leave() {
    const { chain } = this;
    if (!chain || this.solution) return; // the address of an exercise has it
    chain.settleAll();
    const left = JSON.stringify({ v: 1, ...chain.pack(chain.state.packed()) });
    if (left !== this.came) keep("own", left, "sessionStorage");
  }

  /** Opens what was left in this tab; what is not understood is dropped. */
  reopen() {
    try {
      const state = !this.chain && JSON.parse(kept("own", "sessionStorage"));
      if (state) this.open(state, true);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof NotUnderstood)) throw error;
    }
  }

  sayIfReached() {
    const k = this.goal && this.chain ? this.chain.state.placeOfRight(({ text }) => text === this.goal.text) : -1;
    const words = k < 0 ? "" : `✓ line ${k + 1}: that is what was to be shown`;
    if (this.reached.textContent !== words) this.reached.textContent = words;
    if (this.solution && this.chain) this.help.follow(k < 0 ? this.chain.state.rightTexts() : null);
  }

  /** Something else holds: of the chain at hand, or of the next one. */
  changed() {
    if (this.work.hidden) {
      this.preview.refresh();
      return;
    }
    const { context, state } = this.chain;
    const judged = [...state.lines.keys()].filter((k) => state.verdict(k));
    this.chain.begin({ ...context, ...this.holds.held }, state.start, null, state.pasted);
    this.chain.judge(judged);
  }

  takes(state) {
    return state.c === "own";
  }

  /** A derivation of an address, or the one that was left. */
  open(state, isLeft = false) {
    const found = unpackDerivation(state, this.known, this.hypotheses);
    if (!isLeft) this.came = JSON.stringify(state);
    this.openWith(found, isLeft);
  }

  /** Lines that are not from here are typeset, and judged when the reader asks. */
  async openWith({ context, lines: given, goal, letters, isExercise }, isLeft) {
    const { start: text, ...held } = context, [lines, solution] = isExercise ? [[], given.map(({ text, reason, using }) => ({ text, reason, using }))] : [given, null];
    this.show(context, { text }, { goal: goal && { text: goal }, letters, solution });
    this.writing.hidden = isExercise;
    if (isExercise) this.notes.textContent = "An exercise that was set for you: show what stands below. Hints come when you ask.";
    this.chain.load(lines, isLeft);
    typesetter().catch(() => {}); // beside the engine; until both are there the lines stand as they were typed
    this.status.attend();
    this.chain.typesetLines();
    const answer = await this.chain.readingOf({ ask: "typeset", context: held, text });
    const aim = goal && await this.chain.readingOf(this.chain.asked(goal)); // judged like every text
    if (this.chain.context !== context) return;
    this.showStart(answer);
    if (aim?.text) this.showGoal({ ...answer, text }, aim);
    this.chain.render();
  }
}
