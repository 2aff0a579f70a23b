// A derivation of the reader's own: a start, what is defined, a case; then line by line.

import { button, field, formulaBox, make, oneLine, put, scrolls, tick } from "../elements/dom.js";
import { Chain } from "./chain.js";
import { CASES, packDerivation, unpackDerivation } from "../state/address.js";
import { Preview } from "../elements/preview.js";
import { Status } from "../elements/status.js";
import { typeset } from "../elements/typeset.js";
import { unreadable } from "../elements/verdict.js";

const USUAL = ["softmax", "normaliser", "cross_entropy"];

export class OwnPart {
  constructor(part, data, engine) {
    Object.assign(this, { part, data, engine });
    this.hypotheses = data.hypotheses ?? [];
    this.known = data.definitions.map(({ name }) => name);
    this.chain = null;
    this.status = new Status(engine, part);
    this.buildForm();
    this.formula = make("div", { class: "formula live-formula" });
    this.measure = scrolls(this.formula, "formula");
    this.start = make("li", { class: "chain-start" }, this.formula);
    this.list = make("ol", { class: "chain-lines", hidden: true }, this.start);
    part.append(this.form, this.list);
  }

  buildForm() {
    const begin = () => this.begin();
    this.box = formulaBox(this.data.starts[0] ?? "", {
      typed: () => this.typed(), enter: begin, escape: () => this.box.blur(),
    });
    this.ticks = this.data.definitions.map(({ name, text }) => {
      const { box, element } = tick(name, USUAL.includes(name), null);
      element.title = text;
      return { name, box, element };
    });
    const isPlain = ({ name }) => !name.includes(".");
    const [plain, others] = [this.ticks.filter(isPlain), this.ticks.filter((x) => !isPlain(x))];
    this.topics = make("details", {}, make("summary", {}, "those of the topics"), named(others));
    const options = ["", ...CASES].map((text) => make("option", { value: text }, text || "any i and j"));
    this.case = make("select", {}, ...options);
    const starts = this.data.starts.map((text) =>
      button(`start from ${text}`, () => this.take(text), text),
    );
    this.said = make("div", { class: "live-verdict", role: "status" });
    this.preview = new Preview(() => this.asked(), (...asked) => this.engine.ask(...asked), "",
      (line) => this.take(line));
    this.form = make("div", { class: "live-form", role: "group", "aria-label": "your derivation" },
      field("start", this.box),
      make("div", { class: "live-actions live-examples" }, ...starts),
      this.preview.element,
      make("fieldset", {}, make("legend", {}, "definitions that hold"), named(plain),
        ...(others.length ? [this.topics] : [])),
      field("case", this.case),
      make("div", { class: "live-actions" }, button("begin", begin), this.status.stop),
      this.status.progress,
      this.status.trouble,
      this.said);
    this.form.addEventListener("change", () => this.preview.refresh());
  }

  context() {
    return { start: oneLine(this.box), ...this.held() };
  }

  /** What holds, without a start: the start itself is read there, as a question. */
  held() {
    const where = this.ticks.filter(({ box }) => box.checked).map(({ name }) => name);
    return { where, case: this.case.value || null };
  }

  asked() {
    const text = oneLine(this.box);
    return text ? { ask: "typeset", context: this.held(), text } : null;
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

  /** Reads the start, and opens the chain below it. */
  async begin() {
    const context = this.context();
    if (!context.start) return;
    this.show(context);
    if (!(await this.read())) return;
    this.preview.clear();
    if (this.chain.state.lines.length === 0) this.chain.add(null);
  }

  /** Sets the start, or says why it cannot be read. */
  async read() {
    const { context } = this.chain;
    this.status.attend();
    const { start, ...held } = context;
    const asked = { ask: "typeset", context: held, text: start };
    const answer = await this.engine.ask(asked, "begin"); // no preview drops it
    if (context !== this.chain.context) return false;
    this.say(answer);
    if (!answer.latex) return false;
    typeset(this.formula, answer.latex).then(this.measure);
    return true;
  }

  say(answer) {
    const problem = answer.unreadable;
    const take = (line) => this.take(line);
    const said = problem ? unreadable(problem, take) : [answer.refused ?? answer.failed ?? ""];
    this.said.replaceChildren(...said);
  }

  /** The chain with this context as text; nothing is asked. */
  show(context) {
    const start = { text: context.start };
    this.formula.latex = null;
    this.formula.replaceChildren(make("code", {}, context.start));
    this.list.hidden = false;
    if (this.chain) this.chain.restart(context, start);
    else this.chain = this.build(context, start);
  }

  build(context, start) {
    const names = "those of the start and of the definitions";
    return new Chain({
      part: this.part, engine: this.engine, list: this.list, context, start, names,
      status: this.status,
      original: [],
      editing: true,
      hypotheses: this.hypotheses,
      asking: () => this.read(),
      pack: (lines) => packDerivation(this.chain.context, lines),
    });
  }

  takes(state) {
    return state.c === "own";
  }

  open(state) {
    const { context, lines } = unpackDerivation(state, this.known, this.hypotheses);
    this.box.value = context.start;
    this.case.value = context.case ?? "";
    for (const { name, box } of this.ticks) box.checked = context.where.includes(name);
    this.topics.open = context.where.some((name) => name.includes("."));
    this.show(context);
    this.chain.load(lines);
  }
}

function named(ticks) {
  return make("div", { class: "live-names" }, ...ticks.map(({ element }) => element));
}
