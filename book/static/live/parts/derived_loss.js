// What the engine derived from a loss: the chain, the gradient, the Python code of both.

import { button, make, scrolls, toClipboard } from "../elements/dom.js";
import { typeset } from "../elements/typeset.js";
import { unreadable } from "../elements/verdict.js";

export class Derived {
  /** `take(line)` puts another line in place of one that cannot be read. */
  constructor(answer, take) {
    this.sentence = "";
    this.element = make("div");
    this.figure = make("div");
    if (answer.unreadable) this.element.append(...unreadable(answer.unreadable, take));
    else if (answer.refused) this.sentence = answer.refused;
    else if (answer.gradient) this.show(answer);
  }

  show({ chain, gradient, sentence, mark, accuracy, source }) {
    this.sentence = `${mark ?? ""} ${sentence ?? ""}`.trim();
    const rows = (chain?.lines ?? []).map((line) => this.line(line));
    const start = make("li", { class: "chain-start" }, formula(chain?.start ?? gradient));
    this.element.append(
      make("ol", { class: "chain-lines" }, start, ...rows),
      ...where(chain?.where ?? []),
      this.figure,
      ...(source ? code(source, accuracy) : []),
    );
  }

  line({ latex, text, reason, using, mark }) {
    const used = using?.length ? ` (uses ${using.join(", ")})` : "";
    const shown = make("span", { class: "live-mark" }, mark ?? "");
    const words = make("p", { class: "reason" }, shown, " ", ...worded(reason ?? ""), used);
    return make("li", {}, formula({ latex, text }, "= "), words);
  }
}

/** A reason of the engine, with $formulas$ in it. */
function worded(reason) {
  return reason.split("$").map((part, k) => {
    const box = make("span", {}, part);
    if (k % 2) typeset(box, part, false);
    return box;
  });
}

function formula({ latex, text }, before = "") {
  const box = make("div", { class: "formula live-formula" }, make("code", {}, `${before}${text}`));
  const measure = scrolls(box, "formula");
  typeset(box, `${before}${latex}`).then(measure);
  return box;
}

function where(definitions) {
  if (!definitions.length) return [];
  return [make("p", {}, "where"), ...definitions.map((definition) => formula(definition))];
}

function code(source, accuracy) {
  const said = make("span", { role: "status" });
  const copying = button("copy the Python source", async () => {
    said.textContent = (await toClipboard(source)) ? "copied" : "take it from the box";
  });
  const box = make("pre", {}, source);
  scrolls(box, "Python source");
  const measured = accuracy ? [make("p", {}, `measured in float64: ${accuracy}`)] : [];
  return [make("div", { class: "live-actions" }, copying, said), ...measured, box];
}
