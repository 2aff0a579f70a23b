// One line of a chain: its formula, its reason, its buttons, its text box, its verdict.

import { button, fresh, formulaBox, keys, make, newRow, put, scrolls, tick, typedBehind } from "../elements/dom.js";
import { judgedInPauses } from "../elements/pause.js";
import { Preview } from "../elements/preview.js";
import { entered, next, rowsOf, spread, taken } from "./next_lines.js";
import { typeset } from "../elements/typeset.js";
import { age, putMark, showVerdict } from "../elements/verdict.js";
import { notationOf } from "../state/notation.js";
import { markOf } from "../state/verdict_words.js";

const HEARD = { right: "proved", wrong: "wrong", undecided: "undecided", conditional: "right under a condition",
  unfounded: "does not follow" };

export class LineView {
  /** `item`: the line as the page was built with it, or null for a new one. */
  constructor(chain, item = null) {
    this.chain = chain;
    this.isBuilt = item !== null;
    this.item = item ?? make("li");
    this.built = this.item.querySelector(".formula");
    this.reason = this.item.querySelector(".reason") ?? make("p", { class: "reason" });
    this.formula = make("div", { class: "formula live-formula", hidden: true });
    this.measure = scrolls(this.formula, "formula");
    this.mark = markBefore(this.reason);
    this.words = [...this.reason.childNodes].slice(1);
    this.verdict = make("div", { class: "live-verdict", role: "status" });
    this.buttons = make("div", { class: "live-buttons", role: "toolbar" });
    const foot = make("div", { class: "live-foot" }, this.reason, this.buttons);
    this.place = this.item.querySelector(".line-place") ?? make("span", { class: "visually-hidden line-place" });
    this.item.prepend(this.place);
    this.item.append(this.formula, foot, this.verdict);
    this.item.classList.add("live-line");
    this.editor = null;
  }

  /** Shows a line as it stands; `state` has its number of `count`, verdict, LaTeX, what it was, and the number of a wrong line above. */
  show(line, { number, count, verdict, latex, original, above }) {
    this.line = line;
    if (this.number !== number) this.name(number);
    const isFormulaBuilt = this.isBuilt && line.text === original?.text;
    if (this.built) this.built.hidden = !isFormulaBuilt;
    this.formula.hidden = isFormulaBuilt;
    if (!isFormulaBuilt) this.showFormula(line.text, latex);
    this.showReason(line);
    const mark = verdict?.built ? "✓" : markOf(verdict);
    if (this.mark.textContent !== mark) putMark(this.mark, mark);
    this.item.dataset.verdict = verdict?.verdict ?? "none";
    this.place.textContent = `line ${number} of ${count}, ${HEARD[this.item.dataset.verdict] ?? "not judged"}:`;
    const { chain } = this;
    const use = (names) => chain.use(line.id, names);
    if (!this.sayRefused()) showVerdict(this.verdict, verdict, (text) => this.take(text), use, chain.hypotheses, above);
    if (verdict?.verdict === "unreadable" && this.draft()?.text === line.text) this.editor.seen.clear();
    this.editor?.seen.follow();
    this.age();
  }

  /** Why the lines that stand in the open box are not spread; whether there is such a reason. */
  sayRefused() {
    const { box, refused } = this.editor ?? {};
    if (!refused || box.value !== refused.value) return false;
    const take = (text, [from, to] = [0, Infinity]) => this.take(box.value.slice(0, from) + text + box.value.slice(to));
    showVerdict(this.verdict, refused.verdict, take);
    age(this.verdict, false, box.value);
    return true;
  }

  /** Marks the verdict, where it is not of what the open box says. */
  age() {
    if (this.sayRefused()) return;
    const draft = this.draft() ?? this.line;
    age(this.verdict, draft.text !== this.line.text || String(draft.using) !== String(this.line.using), draft.text);
  }

  showFormula(text, latex) {
    if (this.formula.text !== text) {
      this.formula.text = text;
      this.formula.latex = null;
      this.formula.replaceChildren(...(text ? [make("code", {}, `= ${text}`)] : []));
    }
    if (latex && this.formula.given !== latex) typeset(this.formula, `= ${latex}`);
    this.formula.given = latex;
    this.measure();
  }

  /** A reason of the page has its formulas set; one that a reader wrote is text. */
  showReason({ reason }) {
    if (this.said === reason) return;
    this.said = reason;
    const built = this.chain.reasons.get(reason) ?? reason.split(/\$([^$]+)\$/).map((words, k) => (k % 2 ? make("i", {}, words) : words));
    const words = built.map((part) => part.cloneNode?.(true) ?? part);
    this.reason.replaceChildren(this.mark, " ", ...words);
  }

  name(number) {
    this.number = number;
    this.verdict.ariaLive = "off"; // what was said of another number is not said again
    this.verdict.called = `line ${number}: `;
    this.verdict.querySelector(".live-called")?.replaceChildren(this.verdict.called);
    const chain = this.chain;
    const whole = () => this.line.id;
    this.changing = button(`change line ${number}`, () => this.toggle(), "change");
    this.changing.setAttribute("aria-expanded", String(this.editor !== null));
    this.adding = button(`add a line after ${number}`, () => chain.add(whole()), "add");
    const removing = button(`delete line ${number}`, () => chain.remove(whole()), "delete");
    this.buttons.setAttribute("aria-label", `line ${number}`);
    this.buttons.replaceChildren(this.changing, this.adding, removing);
    if (this.editor) this.editor.name(number);
  }

  toggle() {
    if (this.editor) this.close();
    else this.open();
  }

  open() {
    if (this.editor) return;
    this.chain.closeOthers(this.line.id);
    this.editor = new Editor(this);
    this.editor.name(this.number);
    this.item.append(this.editor.element);
    this.editor.seen.element.after(this.verdict);
    this.changing.setAttribute("aria-expanded", "true");
    this.editor.box.focus();
    this.chain.attend();
    this.editor.seen.now();
  }

  /** Another text for this line, in its open box. */
  take(text) {
    this.open();
    put(this.editor.box, text);
    this.editor.typed();
    this.editor.box.focus();
  }

  /** Closes the text box; what was typed since the last pause is dropped. */
  close({ focus = true } = {}) {
    if (!this.editor) return;
    const isLeft = this.draft().text !== this.line.text;
    this.editor.element.replaceWith(this.verdict);
    this.editor = null;
    this.age();
    this.changing.setAttribute("aria-expanded", "false");
    if (focus) this.changing.focus();
    this.chain.closed(this.line.id, focus, isLeft);
  }

  /** What the open text box says, where that is another line than the one that stands. */
  draft() {
    return this.editor?.draft() ?? null;
  }

  /** Puts what stands into an open text box, after "undo". */
  refill() {
    this.editor?.fill(this.line);
  }

  /** The focus to its open box, or to the button that opens it. */
  focus() {
    (this.editor?.box ?? this.changing).focus();
  }
}

/** The ✓ that the page was built with, as an element of its own. */
function markBefore(reason) {
  const found = reason.querySelector(".mark");
  const mark = found ?? make("span", { class: "mark" });
  const first = reason.firstChild;
  if (!found && first?.nodeType === Node.TEXT_NODE) {
    first.textContent = first.textContent.replace(/^\s*[✓✔]\s*/, "");
  }
  mark.classList.add("live-mark");
  reason.prepend(mark);
  return mark;
}

class Editor {
  constructor(view) {
    const { line, chain } = view;
    this.view = view;
    const ask = () => chain.askLine(view.line.id, this.draft());
    const enter = () => this.enter();
    this.sent = null; // what Enter has asked about, until its verdict is there
    this.refused = null; // of what was pasted, and why
    const close = () => view.close();
    const asked = () => chain.asked(this.text());
    const stillAsked = () => (this.element.isConnected ? asked() : null);
    const paused = judgedInPauses(stillAsked, (...given) => chain.readingOf(...given),
      () => chain.paused(view.line.id, this.draft()), chain.status.hear);
    this.typed = () => {
      if (this.sent !== null) return;
      if (this.hasRows()) {
        this.spread();
        return;
      }
      this.seen.follow();
      view.age();
      this.offerAbove();
      paused();
    };
    this.box = formulaBox(line.text, { typed: this.typed, enter, escape: close, longest: null });
    this.seen = new Preview(asked, (...given) => chain.readingOf(...given), "= ", (text) => view.take(text));
    this.seen.begin(view.formula.hidden ? view.built : view.formula);
    this.reason = make("input", { type: "text", maxlength: 400, autocomplete: "off", input: paused });
    this.reason.value = line.reason;
    this.ticks = chain.hypotheses.map((name) => {
      const called = `uses ${[name, chain.facts[name]].filter(Boolean).join(": ")}`;
      return { name, called, ...tick(name, line.using.includes(name), ask, called) };
    });
    const labelled = (control, shown) => {
      control.id = fresh("line");
      return make("label", { for: control.id }, shown);
    };
    const reasonLabel = labelled(this.reason, "reason");
    this.label = labelled(this.box, "");
    this.closing = button("close", close);
    const { state } = chain;
    this.above = button("begin with the line above", () => view.take(state.left(state.place(view.line.id))));
    this.offerAbove();
    const hint = make("p", { class: "live-hint", id: fresh("hint") }, hintOf(chain.names));
    this.box.setAttribute("aria-describedby", hint.id);
    this.element = make(
      "div",
      { class: "live-editor", role: "group", keydown: keys(null, close) },
      make("div", { class: "live-field" }, this.label, this.box),
      this.seen.element,
      hint,
      make("div", { class: "live-field" }, reasonLabel, this.reason),
      make(
        "div",
        { class: "live-actions" },
        ...this.ticks.map(({ element }) => element),
        this.above, this.closing,
      ),
    );
    this.reason.addEventListener("keydown", keys(enter, close));
    for (const { box } of this.ticks) box.addEventListener("keydown", keys(ask, close));
  }

  /**
   * Asks about the line; on ◐ takes what it lacks. What is typed until its verdict is there
   * stands in a row of its own, and goes into the next line, which opens if this one was right
   * and the reader is still here.
   */
  async enter() {
    const { chain, line: { id } } = this.view;
    if (this.sent !== null) {
      newRow(this.box);
      return;
    }
    if (!this.text() || this.hasRows()) return;
    const names = taken(chain, id, this.draft());
    for (const { name, box } of this.ticks) box.checked ||= names.includes(name);
    const draft = this.draft();
    this.sent = this.box.value.trimEnd();
    newRow(this.box);
    const isRight = await entered(chain, id, draft) && !names.length;
    const typed = typedBehind(this.box, this.sent);
    this.sent = null;
    if (chain.state.place(id) < 0 || typed === null) return;
    if (this.element.contains(document.activeElement) ? isRight || typed : typed) next(chain, id, typed);
  }

  /** The line above is a beginning for a new line with nothing in it. */
  offerAbove() {
    this.above.hidden = Boolean(this.text()) || !this.view.chain.state.unasked.has(this.view.line.id);
  }

  /** Whether several lines were pasted, which are not judged as one. */
  hasRows() {
    return this.sent === null && /\n\s*\S|\\\\(?!.*\\end *\{cases\})/s.test(this.box.value);
  }

  /** The rows of what was pasted become lines; what cannot be read stays, and is told. */
  async spread() {
    const { view, view: { chain }, box: { value } } = this;
    const answer = await rowsOf(chain, value);
    if (this.box.value !== value || !this.element.isConnected || answer.dropped) return;
    if (answer.lines) {
      spread(chain, view.line.id, answer);
      return;
    }
    this.refused = { value, verdict: answer.unreadable ? { verdict: "unreadable", ...answer } : answer };
    view.sayRefused();
  }

  name(number) {
    this.label.textContent = `line ${number}`;
    this.element.setAttribute("aria-label", `change of line ${number}`);
    this.reason.setAttribute("aria-label", `reason for line ${number}`);
    this.closing.setAttribute("aria-label", `close line ${number}`);
    for (const { called, box } of this.ticks) {
      box.setAttribute("aria-label", `line ${number} ${called}`);
    }
  }

  fill(line) {
    put(this.box, line.text);
    this.reason.value = line.reason;
    for (const { name, box } of this.ticks) box.checked = line.using.includes(name);
    this.offerAbove();
    this.seen.now();
  }

  /** What is asked about: what stands, where several lines were pasted, and no more than what Enter has sent. */
  text() {
    return this.hasRows() ? this.view.line.text : (this.sent ?? this.box.value).replace(/\s+/g, " ").trim();
  }

  draft() {
    const using = this.ticks.filter(({ box }) => box.checked).map(({ name }) => name);
    return { text: this.text(), reason: this.reason.value.trim(), using };
  }
}

function hintOf(names) {
  const letters = names ? `Letters: ${names}. ` : "";
  return `${letters}${notationOf(names)}It is judged when you pause, or by Enter; Enter on ✓ opens the next line, on ◐ takes a hypothesis that is missing; Escape closes.`;
}
