// What the engine derived from a loss: the chain, the gradient, the Python code of both.

import { button, fresh, make, scrolls, toClipboard } from "../elements/dom.js";
import { kept, keep } from "../state/choice.js";
import { typeset } from "../elements/typeset.js";
import { unreadable } from "../elements/verdict.js";
import { waysOf } from "../state/verdict_words.js";

export class Derived {
  /** For a loss that cannot be read: `take(line)` takes another, `declare(letter)` a letter. */
  constructor(answer, take, declare) {
    this.sentence = this.heard = "";
    this.element = make("div");
    this.figure = make("div");
    if (answer.unreadable) {
      this.sentence = waysOf(answer.unreadable);
      this.element.append(...unreadable(answer.unreadable, take, declare));
    } else if (answer.refused) this.sentence = answer.refused;
    else if (answer.gradient) this.show(answer);
  }

  show({ chain, gradient, sentence, mark, accuracy, sources, installs = {}, yours, notes = [] }) {
    this.sentence = `${mark ?? ""} ${sentence ?? ""}`.trim();
    this.heard = `: ${chain?.start.text} = ${gradient.text}${notes.length ? `; read this way: ${notes.join("; ")}` : ""}`;
    const rows = (chain?.lines ?? []).map((line, k, { length }) => this.line(line, `line ${k + 1} of ${length}`));
    const start = make("li", { class: "chain-start" }, formula(chain?.start ?? gradient));
    if (notes.length) this.element.append(make("p", { class: "live-hint" }, `read this way: ${notes.join("; ")}`));
    this.element.append(
      make("ol", { class: "chain-lines", role: "list", "aria-label": "derivation" }, start, ...rows),
      ...where(chain?.where ?? []),
      ...(yours ? [make("p", { class: "live-hint" }, yours)] : []),
      this.figure,
      ...(sources ? code(sources, installs, accuracy) : []),
    );
  }

  line({ latex, text, reason, using, mark }, place) {
    const used = using?.length ? ` (uses ${using.join(", ")})` : "";
    const shown = make("span", { class: "live-mark" }, mark ?? "");
    const words = make("p", { class: "reason" }, shown, " ", ...worded(reason ?? ""), used);
    const heard = make("span", { class: "visually-hidden line-place" }, `${place}, ${mark === "✓" ? "proved" : "not proved"}:`);
    return make("li", {}, heard, formula({ latex, text }, "= "), words);
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

/** The source for the library that is chosen; the choice is kept for the next loss. */
function code(sources, installs, accuracy) {
  const libraries = Object.keys(sources);
  const said = make("span", { role: "status" });
  const box = make("pre");
  const needed = make("pre");
  const measure = scrolls(box, "Python source");
  const take = (library) => {
    box.textContent = sources[library];
    needed.textContent = installs[library] ?? "";
    said.textContent = "";
    measure();
  };
  const known = kept("library");
  const chosen = libraries.includes(known) ? known : libraries[0];
  take(chosen);
  const name = fresh("library");
  const choices = libraries.map((library) => {
    const choice = make("input", { type: "radio", name, id: fresh("choice"), change: () => {
      take(library);
      keep("library", library);
    } });
    choice.checked = library === chosen;
    return make("span", { class: "live-tick" }, choice, make("label", { for: choice.id }, library));
  });
  const copying = button("copy the Python source", async () => {
    said.textContent = (await toClipboard(box.textContent)) ? "copied" : "take it from the box";
  });
  const measured = accuracy ? [make("p", {}, `measured in float64: ${accuracy}`)] : [];
  return [
    make("h3", {}, "Code"),
    make("fieldset", { class: "live-actions" }, make("legend", {}, "Python source for"), ...choices, copying, said),
    ...measured,
    needed,
    box,
  ];
}
