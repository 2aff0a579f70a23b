// What holds in a derivation: definitions to tick and a case, folded behind a line that names them.

import { field, make, tick } from "../elements/dom.js";
import { CASES } from "../state/address.js";

const FOUND = "What holds is found from your letters. Change";

export class WhatHolds {
  /** `element`: the definitions as the page was built with them, `known`: their {name, words}. */
  constructor(element, known, changed) {
    this.element = element;
    this.summary = element.querySelector("summary");
    this.ticks = [...element.querySelectorAll(".definitions > li")].map((item, k) => {
      const { name, words } = known[k];
      const { box, element: ticked } = tick(words, false, null);
      item.firstElementChild.replaceWith(ticked);
      return { name, words, box };
    });
    this.case = make("select");
    this.summary.after(field("case", this.case));
    element.addEventListener("change", () => {
      this.say();
      changed();
    });
    this.show({ where: [], case: null });
  }

  /** What is ticked, as a request carries it. */
  get held() {
    const where = this.ticks.filter(({ box }) => box.checked).map(({ name }) => name);
    return { where, case: this.case.value || null };
  }

  show({ where, case: given }) {
    for (const { name, box } of this.ticks) box.checked = where.includes(name);
    const cases = ["", ...new Set([...CASES, ...(given ? [given] : [])])];
    this.case.replaceChildren(...cases.map((text) => make("option", { value: text }, text || "any i and j")));
    this.case.value = given ?? "";
    this.say();
  }

  say() {
    const words = this.ticks.filter(({ box }) => box.checked).map(({ words }) => words);
    const all = [...words, ...(this.case.value ? [this.case.value] : [])];
    this.summary.textContent = all.length ? `What holds: ${all.join(", ")}. Change` : FOUND;
  }
}
