// A loss of the reader's own: its gradient derived, its verdict, its code, its plot, a check.

import { button, field, formulaBox, later, make, oneLine, put, reveal, tick } from "../elements/dom.js";
import { packLoss, unpackLoss } from "../state/address.js";
import { plot } from "../elements/plot.js";
import { Preview } from "../elements/preview.js";
import { Check } from "./loss_check.js";
import { Derived } from "./derived_loss.js";
import { Letters } from "./loss_letters.js";
import { Banner, handOut, share } from "../elements/share.js";
import { Status } from "../elements/status.js";

const TYPED = "typed";
const FORMATS = { text: "text", latex: "LaTeX", markdown: "Markdown" };

export class LossPart {
  constructor(part, data, engine) {
    Object.assign(this, { part, data, engine });
    this.hypotheses = data.hypotheses ?? [];
    this.activations = data.activations.map(({ name }) => name);
    this.letters = new Letters(data.signs, () => this.meant(), () => this.replot());
    this.check = new Check((point) => this.about("check", point));
    this.status = new Status(engine, part);
    this.said = make("p", { class: "live-summary", role: "status" });
    this.shared = make("span", { role: "status" });
    this.before = make("p", { class: "live-hint", hidden: true, role: "status" }, "of the loss before");
    this.banner = new Banner("derive it", () => this.pressed(), "Not derived yet:");
    this.out = make("div", { class: "live-out" });
    this.heading = make("h2", { hidden: true }, "Result");
    this.drawn = make("p", { class: "visually-hidden", role: "status" });
    this.result = make("div", { class: "live-result" });
    this.buildForm();
    part.append(this.banner.element, this.form, this.status.element, this.heading, this.before, this.said,
      this.out, this.result, this.drawn);
    if (data.examples.length) this.fill(data.examples[0]);
  }

  buildForm() {
    const derive = () => this.derive();
    this.box = formulaBox("", { typed: () => this.typed(), enter: derive });
    const isExample = () => this.data.examples.some(({ loss }) => loss === oneLine(this.box));
    const select = () => isExample() && this.box.select(); // typing replaces it
    this.box.addEventListener("focus", () => setTimeout(select), { once: true });
    this.put = (line) => {
      put(this.box, line);
      this.typed();
      this.box.focus(); // the button that was pressed goes
    };
    this.takeDerived = (line) => {
      this.put(line);
      this.derive();
    };
    this.declare = ({ name, sign }) => {
      this.box.focus();
      this.letters.choose(name, sign);
      this.derive();
    };
    this.typedActivation = formulaBox("", { enter: derive });
    this.typedField = field("activation a_i", this.typedActivation, { hidden: true });
    const shown = this.data.activations.map(({ name, text }) =>
      make("option", { value: name }, `${name}: a_i = ${text}`));
    this.activation = make("select", { change: () => this.chosen() }, ...shown,
      make("option", { value: TYPED }, "another, typed below"));
    this.ticks = this.hypotheses.map(({ name, words, text }) =>
      ({ name, words, ...tick(`${words} (${text})`, false, null) }));
    const examples = this.data.examples.map((example) => {
      const starts = button(`example: ${example.title}`, () => this.take(example), example.title);
      starts.title = example.source;
      return starts;
    });
    this.deriving = button("derive the gradient", derive);
    this.preview = new Preview(() => this.asked(), (...asked) => this.read(...asked), "L = ", this.put, this.declare);
    this.form = make("div", { class: "live-form", role: "group", "aria-label": "your loss" },
      make("div", { class: "live-actions live-examples" }, ...examples),
      field("loss L", this.box),
      this.preview.element,
      field("activation", this.activation),
      this.typedField,
      this.letters.element,
      make("fieldset", {}, make("legend", {}, "what holds of the labels"),
        make("div", { class: "live-actions" }, ...this.ticks.map(({ element }) => element))),
      make("div", { class: "live-actions" },
        this.deriving, this.status.stop,
        button("share", () => this.share()), this.shared));
    this.form.addEventListener("input", () => this.preview.refresh());
    for (const event of ["input", "change"]) this.form.addEventListener(event, () => this.age());
  }

  asked() {
    const text = oneLine(this.box);
    const { parameters, activation } = this.request();
    const context = { page: "loss", where: [], case: null, parameters, activation };
    return text ? { ask: "typeset", context, text } : null;
  }

  /** The formula of what is typed; the letters that it has come with it. */
  async read(...asked) {
    const answer = await this.engine.ask(...asked);
    if (answer.parameters) this.letters.take(answer.parameters);
    return answer;
  }

  typed() {
    this.status.attend();
    this.letters.leave(oneLine(this.box));
    this.preview.follow();
    this.age();
  }

  /** Marks what was derived from another loss than the one that stands there. */
  age() {
    const isOld = Boolean(this.answered) && this.answered !== JSON.stringify(this.request());
    this.before.hidden = !isOld;
    for (const one of [this.said, this.result]) one.classList.toggle("live-old", isOld);
    if (isOld) this.shared.textContent = "";
  }

  /** A letter means something else: the formula is read anew, and what came of it derived. */
  meant() {
    if (this.derived) this.derive();
    else this.preview.follow();
  }

  chosen() {
    this.typedField.hidden = this.activation.value !== TYPED;
  }

  take(example) {
    this.fill(example);
    this.derive();
  }

  fill({ loss, activation, parameters, using }, isChosen = false) {
    put(this.box, loss);
    const isNamed = this.activations.includes(activation);
    this.activation.value = isNamed ? activation : TYPED;
    this.typedActivation.value = isNamed ? "" : activation;
    this.chosen();
    this.letters.fill(parameters, isChosen);
    for (const { name, box } of this.ticks) box.checked = using.includes(name);
    this.preview.clear();
    this.out.replaceChildren();
  }

  request() {
    const isTyped = this.activation.value === TYPED;
    return {
      loss: oneLine(this.box),
      activation: isTyped ? oneLine(this.typedActivation) : this.activation.value,
      parameters: this.letters.given(),
      using: this.ticks.filter(({ box }) => box.checked).map(({ name }) => name),
    };
  }

  /** By a button that goes: the focus goes to the one that stays. */
  pressed() {
    this.deriving.focus({ preventScroll: true });
    return this.derive();
  }

  async derive() {
    const request = this.request();
    if (!request.loss) {
      this.forget("Nothing to derive yet: type a loss, or take an example.");
      return;
    }
    this.banner.show("");
    this.status.attend();
    this.preview.clear();
    this.age();
    this.say("deriving …");
    const answer = await this.engine.ask({ ask: "loss", ...request }, "derive");
    if (answer.dropped) return;
    this.say(answer.stopped ? "stopped" : "");
    this.heading.hidden = false;
    this.answered = JSON.stringify(request);
    this.derived = answer.gradient ? request : null;
    if (answer.parameters) this.letters.take(answer.parameters);
    this.names = (answer.parameters ?? []).map(({ name }) => name.split("[")[0]);
    const shown = new Derived(answer, this.takeDerived, this.declare);
    this.figure = shown.figure;
    const tools = this.derived ? [...this.above(shown), this.check.element, ...copies("derivation", answer.copies)] : [];
    this.result.replaceChildren(...this.switches(answer.wanted ?? []), ...shown.first, ...tools, ...shown.rest);
    this.say(shown.sentence || this.said.textContent, shown.heard);
    window.mathVirtualKeyboard?.hide(); // what was asked for stands below the form
    reveal(this.form, answer.unreadable ? this.result : this.said);
    this.age();
    if (!this.derived) {
      this.caption = this.drawn.textContent = "";
      return;
    }
    this.check.begin(this.letters.texts(this.names), answer.has_labels);
    this.plot();
  }

  /** What was derived goes, and words stand in its place. */
  forget(words) {
    this.derived = this.answered = null;
    this.caption = this.drawn.textContent = "";
    this.heading.hidden = true;
    this.age();
    this.result.replaceChildren();
    this.say(words);
  }

  /** What has to hold of the labels for a loss to be derived, one tap each. */
  switches(wanted) {
    const lacks = this.ticks.filter(({ name }) => wanted.includes(name));
    return lacks.map(({ box, words }) => button(`use: ${words}`, () => {
      box.checked = true;
      this.pressed();
    }));
  }

  /** What stands below the gradient: its line to copy, and the way to its code. */
  above({ gradient, code }) {
    const [actions, out] = copies("gradient", gradient);
    actions.prepend(button("to the code", () => {
      code.scrollIntoView({ behavior: "instant" });
      code.focus({ preventScroll: true });
    }));
    return [actions, out];
  }

  /** A request about what was derived, with the numbers as they stand. */
  about(ask, more = {}) {
    const numbers = Object.entries(this.letters.values()).filter(([name]) => this.names.includes(name));
    return this.engine.ask({ ask, ...this.derived, values: Object.fromEntries(numbers), ...more }, ask);
  }

  /** `heard`: what is seen below, in formulas. */
  say(words, heard = "") {
    this.said.replaceChildren(words, make("span", { class: "visually-hidden" }, heard));
  }

  /** The plot of what was derived, with the values as they stand; these are heard if they change. */
  async plot() {
    const answer = await this.about("plot");
    if (!this.derived) return;
    if (answer.z) this.figure.replaceChildren(plot(answer, this.part.clientWidth));
    const { caption = "" } = answer;
    if (this.caption && caption !== this.caption) this.drawn.textContent = caption;
    this.caption = caption;
    if (answer.refused) this.figure.replaceChildren(make("p", {}, answer.refused));
  }

  replot = later(() => this.derived && this.plot(), 200);

  share() {
    const state = packLoss({ ...this.request(), parameters: this.letters.pairs() }, this.letters.values(true));
    return share(state, this.out, (words) => { this.shared.textContent = words; });
  }

  takes(state) {
    return state.c === "loss";
  }

  open(state) {
    const { values, ...given } = unpackLoss(state, this.ticks.map(({ name }) => name));
    const parameters = given.parameters.map(([name, sign]) => ({ name, sign, numbers: [values[name]].flat() }));
    this.fill({ ...given, parameters }, true);
    this.forget("");
    this.banner.show("A shared loss.");
  }
}

/** A button for each format in which something is `given`, {format: words}. */
function copies(what, given) {
  const out = make("div", { class: "live-out" });
  const said = make("span", { role: "status" });
  const say = (words) => { said.textContent = words; };
  const copy = (name, words) => handOut(words, `the ${what} as ${name}`, `copied as ${name}`, out, say);
  const buttons = Object.entries(given).map(([format, words]) =>
    button(`copy the ${what} as ${FORMATS[format]}`, () => copy(FORMATS[format], words)));
  return [make("div", { class: "live-actions" }, ...buttons, said), out];
}
