// The letters of a reader's own in a loss: they declare themselves, and can be changed.

import { fresh, make } from "../elements/dom.js";
import { typeset } from "../elements/typeset.js";
import { fit, numbersOf } from "../state/loss_numbers.js";

export class Letters {
  /**
   * `signs` are {sign: words}; `meant()` is called where a letter means something else,
   * `moved()` where its number has changed.
   */
  constructor(signs, meant, moved) {
    Object.assign(this, { signs, meant, moved, rows: [], chosen: new Map() });
    this.list = make("div");
    this.said = make("p", { class: "live-hint", role: "status" });
    this.element = make("fieldset", { hidden: true }, make("legend", {}, "letters of your own"), this.said, this.list,
      make("p", { class: "live-hint" }, "in the code, each may differ from example to example"));
  }

  /** Other letters, of an example or an address; `isChosen`: what they mean is not guessed. */
  fill(parameters, isChosen) {
    this.rows = [];
    this.chosen = new Map(isChosen ? parameters.map(({ name, sign }) => [name, sign]) : []);
    this.take(parameters);
  }

  /** The letters that the engine read; one that stands here keeps its numbers, if they fit. */
  take(parameters) {
    const words = parameters.map((one) => one.words).filter(Boolean).join("; ");
    this.rows = parameters.map((one) => this.row(one));
    const elements = this.rows.map(({ element }) => element);
    const isSame = elements.length === this.list.children.length && elements.every((x, k) => x === this.list.children[k]);
    if (!isSame) this.list.replaceChildren(...elements);
    this.element.hidden = !elements.length;
    const said = words && `read with: ${words}`;
    if (this.said.textContent !== said) this.said.textContent = said;
  }

  /** Only the rows of letters that may stand in a text; a sign such as γ may be any word. */
  leave(text) {
    const plain = text.replace(/[_{}]/g, ""); // w1 may be written w_{1}
    const stays = (name) => plain.includes(name) || (name.length > 1 && /[α-ωϵϑϕ]/.test(text));
    for (const name of this.chosen.keys()) if (!stays(name.split("[")[0])) this.chosen.delete(name);
    const rows = this.rows.filter(({ name }) => stays(name.split("[")[0]));
    if (rows.length === this.rows.length) return;
    this.rows = rows;
    this.list.replaceChildren(...rows.map(({ element }) => element));
    this.element.hidden = !rows.length;
    this.said.textContent = "";
  }

  row({ name, sign, latex, numbers, other = "" }) {
    const old = this.rows.find((row) => row.name === name);
    const isSame = old && old.latex === latex && old.other === other;
    const row = isSame && [...old.sign.options].some(({ value }) => value === sign) ? old : this.made(name, sign, latex, other);
    row.sign.value = sign;
    const kept = numbersOf((old ?? row).value.value);
    const isKept = kept && fit(kept, sign) && (name.includes("[") || kept.length === 1);
    const text = (isKept ? kept : numbers).join(", ");
    if (document.activeElement !== row.value) row.value.value = text;
    return row;
  }

  /** `other`: the name of the letter where it is one number a class, or where it is one number. */
  made(name, sign, latex, other) {
    const called = name.replace(/\[(\w*)\]$/, "_$1");
    const isOfClass = name.includes("[");
    const known = { ...this.signs, [sign]: this.signs[sign] ?? `in ${sign}` };
    const options = Object.entries(known).map(([value, words]) => make("option", { value }, words));
    const row = { name, latex, other };
    row.sign = make("select", { "aria-label": `${called}: which numbers`, change: () => this.changed(row) }, ...options);
    row.value = make("input", {
      type: "text", inputmode: "text", size: isOfClass ? 12 : 6, maxlength: 80, autocomplete: "off",
      spellcheck: "false", "aria-label": `${called} in the picture`, input: () => this.moved(),
    });
    const letter = make("span", { class: "live-letter" }, called);
    if (latex) typeset(letter, latex, false);
    row.element = make("div", { class: "live-row", id: fresh("letter") }, letter,
      other ? this.kinds(row, isOfClass) : make("span", {}, isOfClass ? "one number a class," : "a number,"), row.sign,
      make("span", { class: "live-hint" }, "in the picture"), row.value);
    return row;
  }

  /** The choice between one number and one a class, for a letter that may be both. */
  kinds(row, isOfClass) {
    const [name] = row.name.split("[");
    const swap = () => {
      this.chosen.delete(row.name);
      this.choose(row.other, row.sign.value);
      this.meant();
    };
    const option = (words, isOther) => make("option", { value: isOther ? row.other : row.name, selected: !isOther }, words);
    return make("select", { "aria-label": `${name}: how many numbers`, change: swap },
      option("a number,", isOfClass), option("one number a class,", !isOfClass));
  }

  changed(row) {
    this.choose(row.name, row.sign.value);
    this.meant();
  }

  /** What a letter is, as the reader says. */
  choose(name, sign) {
    this.chosen.set(name, sign);
  }

  /** What the reader says that letters are; the engine finds the others. */
  given() {
    return [...this.chosen];
  }

  /** Every letter that stands here, with what it is. */
  pairs() {
    return this.rows.map(({ name, sign }) => [name, sign.value]);
  }

  /** What stands here of some letters, whose names are without an index. */
  texts(names) {
    const all = this.rows.map(({ name, value }) => ({ name: name.split("[")[0], text: value.value }));
    return all.filter(({ name }) => names.includes(name));
  }

  /** Numbers by the names of letters, with or without their index; `null` is left out. */
  values(withIndex = false) {
    const all = this.rows.map(({ name, value }) => {
      const numbers = numbersOf(value.value);
      return [withIndex ? name : name.split("[")[0], numbers && (numbers.length === 1 ? numbers[0] : numbers)];
    });
    return Object.fromEntries(all.filter(([, numbers]) => numbers !== null));
  }
}
