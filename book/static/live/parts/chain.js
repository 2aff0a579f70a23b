// A chain that can be changed.  Its lines are never mended in place: each change makes a
// new list, so that "undo" is the list before.  A verdict belongs to two texts and the
// hypotheses used between them; so a line that is as it was has the verdict it had.

import { make } from "../elements/dom.js";
import { packLines, sameLine } from "../state/address.js";
import { LineView } from "./line.js";
import { Status } from "../elements/status.js";
import { Toolbar } from "./toolbar.js";
import { summary } from "../elements/verdict.js";

const MOST_LINES = 40;

export class Chain {
  /**
   * `context`: what the engine is told; `start`: {text}; `original`: the lines built into
   * the page; `pack(lines)`: the state of an address; `asking()`: called before the
   * whole chain is asked.
   */
  constructor({ part, list, engine, context, start, original, hypotheses, names, pack, status, asking }) {
    Object.assign(this, { part, list, engine, context, start, hypotheses, names, pack, asking });
    this.original = original.map((line, origin) => ({ ...line, origin }));
    const items = [...list.children].slice(1);
    this.views = new Map();
    this.originals = this.original.map((line, k) => ({ ...line, id: `line ${k}` }));
    this.reasons = new Map();
    this.originals.forEach(({ id, reason }, k) => {
      const view = new LineView(this, items[k]);
      this.views.set(id, view);
      this.reasons.set(reason, view.words);
    });
    this.count = 0;
    this.history = [];
    this.unasked = new Set();
    this.forget();
    this.lines = this.originals;
    this.status = status ?? new Status(engine, part);
    this.toolbar = new Toolbar(this);
    list.children[0].append(this.toolbar.foot);
    list.after(this.toolbar.element);
    this.render();
  }

  /** Nothing is known but what the page was built with. */
  forget() {
    this.known = new Map();
    this.latex = new Map(this.original.map(({ text, latex }) => [text, latex]));
    this.original.forEach((line, k) => {
      const left = k ? this.original[k - 1].text : this.start.text;
      this.known.set(keyOf(left, line), { verdict: "right", built: true });
    });
  }

  /** Another start, for a derivation of a reader's own; the lines stay, none is judged. */
  restart(context, start) {
    Object.assign(this, { context, start });
    this.forget();
    this.latex.set(start.text, start.latex);
    this.render();
  }

  place(id) {
    return this.lines.findIndex((line) => line.id === id);
  }

  left(k) {
    return k === 0 ? this.start.text : this.lines[k - 1].text;
  }

  verdict(k) {
    return this.known.get(keyOf(this.left(k), this.lines[k])) ?? null;
  }

  isChanged() {
    return (
      this.lines.length !== this.originals.length ||
      this.lines.some((line, k) => line.id !== this.originals[k].id || !sameLine(line, this.originals[k]))
    );
  }

  render() {
    const items = this.lines.map((line, k) => {
      if (!this.views.has(line.id)) this.views.set(line.id, new LineView(this));
      const view = this.views.get(line.id);
      view.show(line, {
        number: k + 1,
        verdict: this.verdict(k),
        latex: this.latex.get(line.text),
        original: line.origin === null ? null : this.original[line.origin],
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
    this.toolbar.show();
  }

  become(lines) {
    this.history.push(this.lines);
    this.lines = lines;
    this.toolbar.quiet();
    this.render();
  }

  /** The new line starts as the one before it, and is open. */
  add(after) {
    const k = this.place(after) + 1;
    if (this.lines.length >= MOST_LINES) {
      this.toolbar.say(`a chain has at most ${MOST_LINES} lines here`);
      return;
    }
    const line = { id: this.newId(), origin: null, text: this.left(k), reason: "", using: [] };
    this.unasked.add(line.id);
    this.become(this.lines.toSpliced(k, 0, line));
    this.views.get(line.id).open();
  }

  newId() {
    this.count += 1;
    return `new ${this.count}`;
  }

  remove(id) {
    const k = this.place(id);
    this.unasked.delete(id);
    this.views.get(id).close({ focus: false });
    this.become(this.lines.toSpliced(k, 1));
    this.focusOn(Math.min(k, this.lines.length - 1));
    if (k < this.lines.length && !this.verdict(k)) this.judge([k]);
  }

  focusOn(k) {
    const line = this.lines[k];
    (line ? this.views.get(line.id).changing : this.toolbar.first).focus();
  }

  /** A new line that was never asked goes when its box is closed. */
  closed(id, focus) {
    if (!this.unasked.delete(id)) return;
    const k = this.place(id);
    const rest = this.lines.toSpliced(k, 1);
    const before = this.history.at(-1);
    if (before?.length === rest.length && before.every((line, n) => line === rest[n])) {
      this.history.pop();
    }
    this.lines = rest;
    this.render();
    if (focus) this.focusOn(k - 1);
  }

  /** Back to the list before; a line that was never asked is no step. */
  undo() {
    const before = this.history.pop();
    if (!before) return;
    this.lines = before;
    this.afterwards();
  }

  reset() {
    if (this.isChanged()) this.history.push(this.lines);
    this.lines = this.originals;
    this.toolbar.banner.hidden = true;
    if (/^#\d+=/.test(location.hash)) history.replaceState(history.state, "", location.pathname + location.search);
    this.afterwards();
  }

  /** Lines of an address; whatever they say, none is judged before the reader asks. */
  load(lines) {
    const fresh = lines.map((line) =>
      line.origin === null ? { ...line, id: this.newId() } : this.originals[line.origin],
    );
    this.history = [];
    this.lines = fresh;
    this.toolbar.banner.hidden = !this.isChanged();
    this.afterwards();
  }

  afterwards() {
    this.unasked.clear();
    this.toolbar.quiet();
    this.render();
    for (const { id } of this.lines) this.views.get(id).refill();
  }

  packed() {
    return packLines(this.lines, this.original);
  }

  /** Asks about a line as its text box has it, and about the line after it. */
  askLine(id, draft) {
    this.settle(id, draft);
    const k = this.place(id);
    return this.judge([k, k + 1].filter((place) => place < this.lines.length));
  }

  settle(id, draft) {
    const k = this.place(id);
    this.unasked.delete(id);
    if (sameLine(this.lines[k], draft)) return;
    this.become(this.lines.with(k, { ...this.lines[k], ...draft }));
  }

  /** What stands in open boxes counts, when the whole chain is asked, shared or copied. */
  settleAll() {
    for (const { id } of this.lines) {
      const draft = this.views.get(id).draft();
      if (draft) this.settle(id, draft);
    }
  }

  /** The verdicts of some lines, by their places, asked in order. */
  async judge(places) {
    this.status.attend();
    const asked = places.map((k) => [k, keyOf(this.left(k), this.lines[k])]);
    for (const [, key] of asked) this.known.set(key, { note: "judging …" });
    this.render();
    return Promise.all(
      places.map(async (k, order) => {
        const request = this.request(k);
        const verdict = await this.engine.ask(request);
        this.known.set(asked[order][1], verdict);
        if (verdict.latex) this.latex.set(request.right, verdict.latex);
        this.render();
        return verdict;
      }),
    );
  }

  request(k) {
    const { text, using } = this.lines[k];
    return { ask: "line", context: this.context, left: this.left(k), right: text, using };
  }

  async verifyAll() {
    this.settleAll();
    this.asking?.();
    this.toolbar.banner.hidden = true;
    this.toolbar.quiet();
    const verdicts = [];
    const total = this.lines.length;
    const lines = this.lines;
    for (let k = 0; k < total; k += 1) {
      this.status.doing(`judging line ${k + 1} of ${total}`);
      const [verdict] = await this.judge([k]);
      if (verdict.stopped || verdict.failed || this.lines !== lines) {
        this.status.doing("");
        const why = verdict.failed ? "" : verdict.stopped ? "stopped at" : "the chain was changed at";
        this.toolbar.say(why && `${why} line ${k + 1}`);
        return;
      }
      verdicts.push(verdict);
    }
    this.status.doing("");
    this.toolbar.say(summary(verdicts));
  }

  /** The LaTeX of a text, for the preview; an older question is dropped. */
  async latexFor(text) {
    this.status.attend();
    const found = this.latex.get(text);
    if (found) {
      this.engine.start();
      return { latex: found };
    }
    const { context } = this;
    const answer = await this.engine.ask({ ask: "typeset", context, text }, "preview");
    if (answer.latex) this.latex.set(text, answer.latex);
    return answer;
  }

  copy(format) {
    this.settleAll();
    this.status.attend();
    const lines = this.lines.map(({ text, reason, using }) => ({ text, reason, using }));
    return this.engine.ask({ ask: "copy", context: this.context, lines, format });
  }
}

function keyOf(left, { text, using }) {
  return JSON.stringify([left, text, using]);
}
