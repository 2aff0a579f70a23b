// What a pasted text says beside its derivation: definitions, and rows of another quantity, each judged.

import { make } from "../elements/dom.js";
import { typeset } from "../elements/typeset.js";
import { showVerdict } from "../elements/verdict.js";

export class RowsBeside {
  constructor() {
    this.list = make("ul", { class: "live-beside-rows", role: "list" });
    this.element = make("div", { class: "live-beside", hidden: true },
      make("p", { class: "live-hint" }, "What was pasted before it, each row judged by the row above it:"), this.list);
  }

  /** Shows the rows, unless each is a definition that holds: the notes say so. */
  show(rows) {
    this.element.hidden = rows.every((row) => row.is_definition);
    this.list.replaceChildren(...(this.element.hidden ? [] : rows.map(item)));
  }
}

function item(row) {
  const formula = make("div", { class: "formula live-formula" }, make("code", {}, row.text));
  if (row.latex) typeset(formula, row.latex);
  const said = make("div", { class: "live-verdict" });
  const missing = row.missing && { ...row.missing, advice: "" }; // there is nothing to tick in it
  if (row.verdict) showVerdict(said, { ...row, missing });
  else said.replaceChildren(make("p", {}, `${row.is_definition ? "✓ " : "not judged: "}${row.words}`));
  return make("li", {}, make("span", { class: "live-hint" }, `row ${row.row}`), formula, said);
}
