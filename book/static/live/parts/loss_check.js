// The gradient of the code beside central differences of the loss, at logits and labels.

import { button, field, keys, make } from "../elements/dom.js";
import { numbersOf, pointByChance } from "../state/loss_numbers.js";

const CLASSES = 3;

export class Check {
  /** `ask({z, y})`: a promise of {rows, mark, sentence} or {refused}. */
  constructor(ask) {
    this.ask = ask;
    const check = () => this.check();
    const box = (name) => {
      const given = { type: "text", maxlength: 400, autocomplete: "off", spellcheck: "false", autocapitalize: "off" };
      const input = make("input", given);
      input.addEventListener("keydown", keys(check));
      return [input, field(name, input)];
    };
    const [z, zField] = box("logits z");
    const [y, yField] = box("labels y");
    Object.assign(this, { z, y });
    this.said = make("p", { role: "status" });
    this.table = make("div");
    this.element = make("div", { class: "live-form", role: "group", "aria-label": "check here", hidden: true },
      make("h2", {}, "Check here"), make("p", {}, "The gradient of the code beside differences of the loss."),
      zField, yField,
      make("div", { class: "live-actions" }, button("check", check), button("random", () => this.random())),
      this.said, this.table);
    this.put();
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

  /** For another loss; what was found for the old one goes. */
  begin() {
    this.element.hidden = false;
    this.said.textContent = "";
    this.table.replaceChildren();
  }

  async check() {
    this.said.textContent = "checking …";
    const answer = await this.ask({ z: this.z.value, y: this.y.value });
    if (answer.dropped) return;
    this.table.replaceChildren(...(answer.rows ? [table(answer.rows)] : []));
    const words = answer.rows ? `${answer.mark} ${answer.sentence}` : answer.refused;
    this.said.textContent = words ?? (answer.stopped ? "stopped" : "");
  }
}

function table(rows) {
  const head = ["class", "gradient", "difference", "off by", ""].map((name) => make("th", { scope: "col" }, name));
  const body = rows.map(({ gradient, difference, relative, mark }, k) => make("tr", {},
    make("th", { scope: "row" }, String(k + 1)),
    ...[shown(gradient, 5), shown(difference, 5), shown(relative, 1), mark].map((text) => make("td", {}, text))));
  return make("table", { class: "live-check" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...body));
}

function shown(number, digits) {
  return number === null ? "none" : String(Number(number.toPrecision(digits))).replaceAll("-", "−");
}
