// A loss of the reader's own: its gradient derived, its verdict, its code, its plot.

import { button, enable, field, formulaBox, fresh, later, make, oneLine, put, tick } from "../elements/dom.js";
import { MOST_PARAMETERS, SIGNS, packLoss, unpackLoss } from "../state/address.js";
import { plot } from "../elements/plot.js";
import { Preview } from "../elements/preview.js";
import { Derived } from "./derived_loss.js";
import { banner, share } from "../elements/share.js";
import { Status } from "../elements/status.js";

const TYPED = "typed";

export class LossPart {
  constructor(part, data, engine) {
    Object.assign(this, { part, data, engine });
    this.hypotheses = data.hypotheses ?? [];
    this.activations = data.activations.map(({ name }) => name);
    this.parameters = [];
    this.status = new Status(engine, part);
    this.said = make("p", { class: "live-summary", role: "status" });
    this.banner = banner(() => this.derive());
    this.out = make("div", { class: "live-out" });
    this.result = make("div", { class: "live-result" });
    this.buildForm();
    part.append(this.banner, this.form, this.status.progress, this.status.trouble, this.said,
      this.out, this.result);
    if (data.examples.length) this.fill(data.examples[0]);
  }

  buildForm() {
    const derive = () => this.derive();
    this.box = formulaBox("", { typed: () => this.typed(), enter: derive, escape: () => this.box.blur() });
    this.put = (line) => {
      put(this.box, line);
      this.typed();
    };
    this.typedActivation = formulaBox("", { enter: derive, escape: () => this.typedActivation.blur() });
    this.typedField = field("activation a_i", this.typedActivation, { hidden: true });
    const shown = this.data.activations.map(({ name, text }) =>
      make("option", { value: name }, `${name}: a_i = ${text}`));
    this.activation = make("select", { change: () => this.chosen() }, ...shown,
      make("option", { value: TYPED }, "another, typed below"));
    this.rows = make("div");
    this.signs = make("datalist", { id: fresh("signs") }, ...SIGNS.map((value) => make("option", { value })));
    this.ticks = this.hypotheses.map((name) => ({ name, ...tick(`use ${name}`, true, null) }));
    const examples = this.data.examples.map((example) =>
      button(`example: ${example.title}`, () => this.take(example), example.title));
    this.adding = button("add a parameter", () => this.addParameter("", "positive", 1, true));
    this.preview = new Preview(() => this.asked(), (...asked) => this.engine.ask(...asked), "L = ", this.put);
    this.form = make("div", { class: "live-form", role: "group", "aria-label": "your loss" },
      make("div", { class: "live-actions live-examples" }, ...examples),
      field("loss L", this.box),
      this.preview.element,
      field("activation", this.activation),
      this.typedField,
      make("fieldset", {}, make("legend", {}, "parameters"), this.rows, this.signs,
        make("div", { class: "live-actions" }, this.adding)),
      make("div", { class: "live-actions" }, ...this.ticks.map(({ element }) => element),
        button("derive the gradient", derive), this.status.stop,
        button("share", () => this.share())));
    this.form.addEventListener("input", () => this.preview.refresh());
  }

  asked() {
    const text = oneLine(this.box);
    const context = { page: "loss", start: "0", where: [], case: null, parameters: this.request().parameters };
    return text ? { ask: "typeset", context, text } : null;
  }

  typed() {
    this.status.attend();
    this.preview.follow();
  }

  chosen() {
    this.typedField.hidden = this.activation.value !== TYPED;
  }

  addParameter(name, sign, value, focus = false) {
    if (this.parameters.length >= MOST_PARAMETERS) return;
    const row = {
      name: make("input", { type: "text", maxlength: 40, size: 8, autocomplete: "off", spellcheck: "false", autocapitalize: "off" }),
      sign: make("input", { type: "text", list: this.signs.id, maxlength: 40, size: 8, autocomplete: "off", spellcheck: "false", autocapitalize: "off" }),
      value: make("input", { type: "number", step: "any", size: 6 }),
    };
    row.name.value = name;
    row.sign.value = sign;
    row.value.value = value;
    row.value.addEventListener("input", () => this.replot());
    row.removing = button("remove", () => this.removeParameter(row));
    row.element = make("div", { class: "live-row" }, row.name, row.sign,
      make("span", { class: "live-hint" }, "plotted at"), row.value, row.removing);
    this.parameters.push(row);
    this.rows.append(row.element);
    this.renumber();
    if (focus) row.name.focus();
  }

  removeParameter(row) {
    this.parameters = this.parameters.filter((other) => other !== row);
    row.element.remove();
    this.renumber();
    this.adding.focus();
  }

  renumber() {
    this.parameters.forEach(({ name, sign, value, removing }, k) => {
      name.setAttribute("aria-label", `name of parameter ${k + 1}`);
      sign.setAttribute("aria-label", `sign or range of parameter ${k + 1}`);
      value.setAttribute("aria-label", `value of parameter ${k + 1} in the plot`);
      removing.setAttribute("aria-label", `remove parameter ${k + 1}`);
    });
    enable(this.adding, this.parameters.length < MOST_PARAMETERS);
  }

  take(example) {
    this.fill(example);
    this.derive();
  }

  fill({ loss, activation, parameters, using, values = {} }) {
    put(this.box, loss);
    const isNamed = this.activations.includes(activation);
    this.activation.value = isNamed ? activation : TYPED;
    this.typedActivation.value = isNamed ? "" : activation;
    this.chosen();
    for (const { element } of this.parameters) element.remove();
    this.parameters = [];
    for (const [name, sign] of parameters) this.addParameter(name, sign, values[name] ?? 1);
    for (const { name, box } of this.ticks) box.checked = using.includes(name);
    this.preview.clear();
    this.out.replaceChildren();
  }

  request() {
    const isTyped = this.activation.value === TYPED;
    const named = this.parameters.filter(({ name }) => name.value.trim());
    return {
      loss: oneLine(this.box),
      activation: isTyped ? oneLine(this.typedActivation) : this.activation.value,
      parameters: named.map(({ name, sign }) => [name.value.trim(), sign.value.trim()]),
      using: this.ticks.filter(({ box }) => box.checked).map(({ name }) => name),
    };
  }

  values() {
    const given = this.parameters.map(({ name, value }) => [name.value.trim(), Number(value.value)]);
    return Object.fromEntries(given.filter(([name, value]) => name && Number.isFinite(value)));
  }

  async derive() {
    const request = this.request();
    if (!request.loss) return;
    this.banner.hidden = true;
    this.status.attend();
    this.preview.clear();
    this.say("deriving …");
    const answer = await this.engine.ask({ ask: "loss", ...request }, "derive");
    if (answer.dropped) return;
    this.say(answer.stopped ? "stopped" : "");
    this.derived = answer.gradient ? request : null;
    const shown = new Derived(answer, this.put);
    this.figure = shown.figure;
    this.result.replaceChildren(shown.element);
    this.say(shown.sentence || this.said.textContent);
    if (this.derived) this.plot();
  }

  say(words) {
    this.said.textContent = words;
  }

  /** The plot of what was derived, with the values as they stand. */
  async plot() {
    const request = { ask: "plot", ...this.derived, values: this.values() };
    const answer = await this.engine.ask(request, "plot");
    if (answer.z) this.figure.replaceChildren(plot(answer, this.part.clientWidth));
    else if (answer.refused) this.figure.replaceChildren(make("p", {}, answer.refused));
  }

  replot = later(() => this.derived && this.plot(), 200);

  share() {
    return share(packLoss(this.request(), this.values()), this.out, (words) => this.say(words));
  }

  takes(state) {
    return state.c === "loss";
  }

  open(state) {
    this.fill(unpackLoss(state, this.hypotheses));
    this.result.replaceChildren();
    this.say("");
    this.banner.hidden = false;
  }
}
