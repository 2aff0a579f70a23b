// A chain that can be changed: its state, the views of its lines, and its questions.

import { keys, make } from "../elements/dom.js";
import { oneStop } from "../elements/one_stop.js";
import { LineView } from "./line.js";
import { Toolbar } from "./toolbar.js";
import { leaveAddress } from "../elements/share.js";
import { Status } from "../elements/status.js";
import { sameLine } from "../state/address.js";
import { ChainState, MOST_LINES, lineOf, whatIsBack } from "../state/chain_state.js";
import { chainOf, summary, yours } from "../state/verdict_words.js";

export class Chain {
  /**
   * `context`: what the engine is told; `start`: {text}; `original`: the lines built into
   * the page, `copied` they are as words of each format; `facts`: the hypotheses in words;
   * `pack(lines)`: the state of an address, `packExercise()` that of an exercise; `sheet()`:
   * what a worksheet is made of, {title, conditions, list}, if not of the page; `editing`: whether it stands open to change;
   * `shown()` is called when its lines are shown anew.
   */
  constructor({ part, list, engine, context, start, original, hypotheses, facts = {}, names, pack, status,
    packExercise, sheet, copied = {}, editing = false, shown = () => {} }) {
    Object.assign(this, { part, list, engine, context, hypotheses, facts, names, pack, packExercise, sheet, copied, shown });
    this.handedOut = new Map();
    this.beside = ""; // what the summary says of rows that were pasted beside its lines
    this.claim = part.querySelector(".claim"); // what the page says of its own lines
    this.state = new ChainState(start, original);
    const items = [...list.children].slice(1);
    this.views = new Map();
    this.reasons = new Map();
    this.state.originals.forEach(({ id, reason }, k) => {
      const view = new LineView(this, items[k]);
      this.views.set(id, view);
      this.reasons.set(reason, view.words);
    });
    this.status = status ?? new Status(engine, part);
    this.toolbar = new Toolbar(this);
    this.yours = make("p", { class: "live-hint live-yours", hidden: true });
    list.children[0].append(this.toolbar.foot, this.yours);
    list.after(this.toolbar.element, this.status.element);
    list.addEventListener("keydown", keys(null, () => this.passBy()));
    this.renewStop = oneStop(list, ".live-buttons button", "li", this.toolbar.keyboard.id);
    this.edit(editing);
    this.render();
  }

  /** Another start, or another context, with the start's letters; the lines stay where none are given, and none is judged. */
  begin(context, start, lines = null, letters = []) {
    this.context = context;
    this.state.begin(start);
    this.state.pasted = letters;
    if (lines) this.state.load(lines.map(lineOf));
    this.refilled();
  }

  render() {
    const { state } = this;
    const items = state.lines.map((line, k) => {
      if (!this.views.has(line.id)) this.views.set(line.id, new LineView(this));
      const view = this.views.get(line.id);
      view.show(line, {
        number: k + 1,
        count: state.lines.length,
        verdict: state.verdict(k),
        latex: state.latex.get(line.text),
        original: line.origin === null ? null : state.originals[line.origin],
        above: k > 0 && state.verdict(k - 1)?.verdict === "wrong" ? k : null,
      });
      return view.item;
    });
    for (const item of [...this.list.children].slice(1)) {
      if (!items.includes(item)) item.remove();
    }
    items.forEach((item, k) => {
      const here = this.list.children[k + 1];
      if (here !== item) this.list.insertBefore(item, here ?? null);
    });
    this.list.setAttribute("aria-label", chainOf(items.length));
    this.yours.textContent = yours(this.state.lettersRead());
    this.yours.hidden = !this.yours.textContent;
    this.toolbar.show();
    this.renewStop();
    this.shown();
  }

  /** Shows the controls of the lines, or takes them away; what stands in open boxes stays. */
  edit(isEditing) {
    this.isEditing = isEditing;
    if (!isEditing) {
      this.settleAll();
      for (const { id } of this.state.lines) this.views.get(id).close({ focus: false });
    }
    this.list.classList.toggle("live-editing", isEditing);
    this.toolbar.show();
    this.renewStop();
  }

  /** From any control of a line to what comes after the chain. */
  passBy() {
    this.toolbar.editing.focus();
  }

  /** Shows the lines after a change; what was said of the chain before is taken away. */
  changed() {
    this.toolbar.quiet();
    this.render();
  }

  /** The new line is empty and open: its view, or null where the chain is full. One that nobody asked about is taken. */
  add(after) {
    if (this.state.unasked.has(after)) return this.views.get(after);
    const line = this.state.add(after);
    if (!line) {
      this.sayFull();
      return null;
    }
    this.render();
    const view = this.views.get(line.id);
    view.open();
    return view;
  }

  sayFull() {
    this.toolbar.say(`a chain has at most ${MOST_LINES} lines here`);
  }

  /** A new line below the last one. */
  addLast() {
    return this.add(this.state.lines.at(-1)?.id ?? null);
  }

  /** Where a hint is written: in place of the first wrong line, else below the last one. */
  nextToWrite() {
    const k = this.state.lines.findIndex((_, k) => this.state.verdict(k)?.verdict === "wrong");
    if (k < 0) return this.addLast();
    const view = this.views.get(this.state.lines[k].id);
    view.open();
    return view;
  }

  /** One line is open at a time: what stands in another box counts, and the box closes. */
  closeOthers(id) {
    for (const line of this.state.lines) {
      const view = this.views.get(line.id), draft = line.id === id ? null : view?.draft();
      if (!draft) continue;
      if (!sameLine(line, draft)) this.askLine(line.id, draft);
      view.close({ focus: false });
    }
  }

  remove(id) {
    const k = this.state.remove(id);
    this.views.get(id).close({ focus: false });
    this.changed();
    const { length } = this.state.lines;
    this.focusOn(Math.min(k, length - 1));
    this.toolbar.say(`line ${k + 1} is deleted`);
    this.judge(this.open());
  }

  focusOn(k) {
    this.edit(true);
    const line = this.state.lines[k];
    (line ? this.views.get(line.id).changing : this.toolbar.first).focus();
  }

  /** A new line that was never asked goes when its box is closed; `isLeft`: with a text that nobody asked about. */
  closed(id, focus, isLeft) {
    const k = this.state.drop(id);
    this.status.hear("");
    if (focus && k !== null) this.status.hear("the new line is dropped");
    else if (focus) this.status.hear(`line ${this.state.place(id) + 1} ${isLeft ? "stays as it was" : "is closed"}`);
    if (k === null) return;
    this.render();
    if (focus) this.focusOn(k - 1);
  }

  undo() {
    const { lines } = this.state;
    if (!this.state.undo()) return;
    this.refilled();
    this.toolbar.say(whatIsBack(lines, this.state.lines));
  }

  reset() {
    this.state.reset();
    leaveAddress();
    this.refilled();
  }

  /** Lines of an address, or those that were left; none is judged before the reader asks. */
  load(lines, isLeft = false) {
    this.state.load(lines);
    this.refilled();
    this.toolbar.banner.show(this.state.change(isLeft));
  }

  refilled() {
    this.changed();
    for (const { id } of this.state.lines) this.views.get(id).refill();
  }

  /** Asks about a line as its text box has it, and about those that are open; about an empty one nothing. */
  askLine(id, draft) {
    if (!draft.text) return null;
    this.settle(id, draft);
    const k = this.state.place(id);
    return this.judge([k, ...this.open().filter((place) => place !== k)]);
  }

  /** The places of lines without a verdict, as those below a change and those that were left; a new line is not asked yet. */
  open() {
    return [...this.state.lines.keys()].filter((k) => !this.state.verdict(k) && !this.state.unasked.has(this.state.lines[k].id));
  }

  /** Judges a line as its text box has it in a pause, and those that are open, where no verdict on that is known. */
  paused(id, draft) {
    if (this.state.settle(id, draft, true)) this.changed();
    return this.judge(this.open());
  }

  /** Takes hypotheses that a line lacks, and asks about it again. */
  use(id, names) {
    const { text, reason, using } = this.state.lines[this.state.place(id)];
    const view = this.views.get(id);
    const asked = this.askLine(id, { text, reason, using: [...using, ...names] });
    view.refill();
    this.edit(true);
    view.focus();
    return asked;
  }

  settle(id, draft) {
    if (this.state.settle(id, draft)) this.changed();
  }

  /** What stands in open boxes counts, when the whole chain is asked, shared, copied or left; an empty one is closed. */
  settleAll() {
    for (const { id } of this.state.lines) {
      const view = this.views.get(id), draft = view.draft();
      if (draft?.text) this.settle(id, draft);
      else if (draft) view.close({ focus: false });
    }
  }

  /** The verdicts of some lines, by their places, asked in order; each is heard, unless it is one of many; that they are judged, once. */
  async judge(places, isHeard = true) {
    this.status.attend();
    this.toolbar.banner.show("");
    const { verdicts, latex, letters } = this.state; // another start has others
    const questions = places.map((k) => ({ key: this.state.key(k), request: this.request(k) }));
    for (const { key } of questions) verdicts.set(key, { note: "judging …" });
    const regions = places.map((k) => this.views.get(this.state.lines[k].id).verdict);
    regions.forEach((region, at) => { region.ariaLive = isHeard && !at ? "polite" : "off"; });
    this.render();
    return Promise.all(
      questions.map(async ({ key, request }, at) => {
        const verdict = await this.engine.ask(request);
        if (isHeard) regions[at].ariaLive = "polite";
        verdicts.set(key, verdict);
        if (verdict.latex) latex.set(request.right, verdict.latex);
        letters.set(request.right, verdict.letters ?? []);
        this.render();
        return verdict;
      }),
    );
  }

  request(k) {
    const { text, using } = this.state.lines[k];
    return { ask: "line", context: this.context, left: this.state.left(k), right: text, using };
  }

  async verifyAll() {
    this.settleAll();
    this.toolbar.quiet();
    const verdicts = [];
    const total = this.state.lines.length;
    const lines = this.state.lines;
    if (!total) return;
    for (let k = 0; k < total; k += 1) {
      this.status.doing(`judging line ${k + 1} of ${total}`);
      const [verdict] = await this.judge([k], false);
      if (verdict.stopped || verdict.failed || this.state.lines !== lines) {
        this.status.doing("");
        const why = verdict.failed ? "" : verdict.stopped ? "stopped at" : "the chain was changed at";
        this.toolbar.say(why && `${why} line ${k + 1}`);
        return;
      }
      verdicts.push(verdict);
    }
    this.status.doing("");
    this.toolbar.say([summary(verdicts), this.beside].filter(Boolean).join("; "));
  }

  /** The reader has opened a line: the engine is loaded before there is a question. */
  attend() {
    this.edit(true);
    this.status.begin();
  }

  /** What a preview asks about a text. */
  asked(text) {
    return text ? { ask: "typeset", context: this.context, text } : null;
  }

  /** The answer to that; a line of this text is typeset by it, too. */
  async readingOf(request, key) {
    const { latex, letters } = this.state; // another start has others
    const answer = await this.engine.ask(request, key);
    if (answer.latex) latex.set(request.text, answer.latex);
    if (answer.letters) letters.set(request.text, answer.letters);
    return answer;
  }

  /** Sets the formulas of lines that came as texts. */
  async typesetLines() {
    await Promise.all(this.state.lines.map(({ text }) => this.readingOf(this.asked(text))));
    this.render();
  }

  /** The lines as words of a format, where the page or an earlier answer has them. */
  known(format) {
    const built = this.state.isChanged() ? undefined : this.copied[format];
    return built ?? this.handedOut.get(JSON.stringify(this.copyRequest(format)));
  }

  async copy(format) {
    this.status.attend();
    const request = this.copyRequest(format);
    const answer = await this.engine.ask(request);
    if (answer.copied !== undefined) this.handedOut.set(JSON.stringify(request), answer.copied);
    return answer;
  }

  copyRequest(format) {
    const lines = this.state.lines.map(({ text, reason, using }) => ({ text, reason, using }));
    const letters = this.state.pasted.length ? { letters: this.state.pasted } : {};
    return { ask: "copy", context: this.context, lines, format, ...letters };
  }

  /** Scrolls to the first line that another reader wrote. */
  scrollToWritten() {
    const [k = 0] = this.state.written();
    this.list.children[k + 1]?.scrollIntoView({ block: "center" });
  }
}
