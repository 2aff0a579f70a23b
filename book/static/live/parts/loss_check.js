// The gradient of the code beside central differences of the loss, at numbers that stand here.

import { button, field, keys, make } from "../elements/dom.js";
import { numbersOf, pointByChance } from "../state/loss_numbers.js";

const CLASSES = 3;
/** "off by" and the bound of the marks are those of derivations/loss/differences.py. */
const HEAD = ["class", "gradient", "difference", "off by, relative to the largest entry or 0.001", "at most 1e−9"];

export class Check {
  /** `ask({z, y, values})`: a promise of {rows, mark, sentence} or {refused}. */
  constructor(ask) {
    this.ask = ask;
    const [z, zField] = this.box("logits z");
    const [y, yField] = this.box("labels y, or the true class");
    Object.assign(this, { z, y, yField, letters: new Map() });
    this.own = make("div");
    this.said = make("p", { role: "status" });
    this.table = make("div");
    this.element = make("div", { class: "live-form", role: "group", "aria-label": "check here" },
      make("h3", {}, "Check here"),
      make("p", {}, "The gradient of the code beside differences of the loss, for one example: one number a class. Classes count from 1."),
      zField, yField, this.own,
      make("div", { class: "live-actions" },
        button("check", () => this.check()), button("random", () => this.random())),
      this.said, this.table);
    this.put();
  }

  box(name) {
    const given = { type: "text", maxlength: 400, autocomplete: "off", spellcheck: "false", autocapitalize: "off" };
    const input = make("input", given);
    input.addEventListener("keydown", keys(() => this.check()));
    return [input, field(name, input)];
  }

  put() {
    const count = numbersOf(this.z.value)?.length ?? CLASSES;
    const { z, y } = pointByChance(Math.min(8, Math.max(2, count)));
    this.z.value = z;
    this.y.value = y;
  }

  random() {
    this.put();
    return this.check();
  }

  /** For another loss, with its letters, {name, text}, and labels or none; what was found for the old one goes. */
  begin(letters, hasLabels) {
    this.yField.hidden = !hasLabels;
    this.letters.clear();
    this.own.replaceChildren(...letters.map(({ name, text }) => {
      const [input, shown] = this.box(name);
      input.value = text;
      this.letters.set(name, input);
      return shown;
    }));
    this.said.textContent = "";
    this.table.replaceChildren();
  }

  async check() {
    const values = [...this.letters].map(([name, { value }]) => [name, numbersOf(value)]);
    const none = values.find(([, numbers]) => !numbers);
    if (none) {
      this.table.replaceChildren();
      this.said.textContent = `${none[0]} needs numbers, such as 1, 2, 0.5`;
      return;
    }
    this.said.textContent = "checking …";
    const numbers = values.map(([name, all]) => [name, all.length === 1 ? all[0] : all]);
    const answer = await this.ask({ z: this.z.value, y: this.y.value, values: Object.fromEntries(numbers) });
    if (answer.dropped) return;
    this.table.replaceChildren(...(answer.rows ? [table(answer.rows)] : []));
    const words = answer.rows ? `${answer.mark} ${answer.sentence}` : answer.refused;
    this.said.textContent = words ?? (answer.stopped ? "stopped" : "");
  }
}

function table(rows) {
  const head = HEAD.map((name) => make("th", { scope: "col" }, name));
  const body = rows.map(({ gradient, difference, relative, mark }, k) => make("tr", {},
    make("th", { scope: "row" }, String(k + 1)),
    ...[shown(gradient, 5), shown(difference, 5), shown(relative, 1), mark].map((text) => make("td", {}, text))));
  return make("table", { class: "live-check" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
}

function shown(number, digits) {
  return number === null ? "none" : String(Number(number.toPrecision(digits))).replaceAll("-", "−");
}
