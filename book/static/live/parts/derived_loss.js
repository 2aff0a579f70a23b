// What the engine derived from a loss: the chain, the gradient, the Python code of both.

import { button, fresh, make, scrolls, toClipboard } from "../elements/dom.js";
import { kept, keep } from "../state/choice.js";
import { typeset } from "../elements/typeset.js";
import { unreadable } from "../elements/verdict.js";
import { chainOf, waysOf } from "../state/verdict_words.js";

export class Derived {
  /**
   * For a loss that cannot be read: `take(line)` takes another, `declare(letter)` a letter.
   * `first` is what is looked for, `rest` how it is derived, and the code below its heading;
   * `gradient` is the line of it, as text and as LaTeX.
   */
  constructor(answer, take, declare) {
    Object.assign(this, { sentence: "", heard: "", first: [], rest: [], figure: make("div"), gradient: null });
    this.code = make("h3", { tabindex: "-1" }, "Code");
    if (answer.unreadable) {
      const ways = waysOf(answer.unreadable); // its lines say the rest
      [this.sentence, this.heard] = ways ? [ways, ""] : ["? this cannot be read", `: ${answer.unreadable.message}`];
      this.first = unreadable(answer.unreadable, take, declare);
    } else if (answer.refused) this.sentence = answer.refused;
    else if (answer.gradient) this.show(answer);
  }

  show({ chain, gradient, conditions, sentence, mark, yours, notes = [], ...code }) {
    const read = notes.length ? `read this way: ${notes.join("; ")}` : "";
    const [shown, latex] = ["text", "latex"].map((kind) => `${chain.start[kind]} = ${gradient[kind]}`);
    this.gradient = { text: shown, latex };
    this.sentence = `${mark} ${sentence}`;
    this.heard = `: ${shown}${read && `; ${read}`}`;
    const hint = (words) => make("p", { class: "live-hint" }, ...worded(words));
    this.first = [
      ...(read ? [hint(read)] : []),
      formula({ latex, text: shown }),
      make("p", {}, ...worded(conditions)),
      ...(yours ? [hint(yours)] : []),
    ];
    const start = make("li", { class: "chain-start" }, formula(chain.start));
    this.rest = [
      make("h3", {}, "Line by line"),
      make("ol", { class: "chain-lines", role: "list", "aria-label": chainOf(chain.lines.length) }, start,
        ...chain.lines.map((line, k, { length }) => this.line(line, `line ${k + 1} of ${length}`))),
      ...where(chain.where),
      this.figure,
      this.code,
      ...sources(code),
    ];
  }

  line({ latex, text, reason, using, mark }, place) {
    const used = using.length ? ` (uses ${using.join(", ")})` : "";
    const shown = make("span", { class: "live-mark" }, mark);
    const words = make("p", { class: "reason" }, shown, " ", ...worded(reason), used);
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

/**
 * The source for the library and the layout that are chosen: its formulas, and all of it, which is
 * copied.  The choices are kept for the next loss.
 */
function sources({ sources, essentials, installs, accuracy }) {
  const said = make("span", { role: "status" });
  const [needed, formulas] = [1, 2].map(() => make("pre"));
  const whole = make("pre", { tabindex: 0, role: "group", "aria-label": "Python source" });
  const measure = scrolls(formulas, "the formulas in Python");
  let library, layout;
  const show = () => {
    needed.textContent = installs[library];
    formulas.textContent = essentials[library][layout];
    whole.textContent = sources[library][layout];
    said.textContent = "";
    measure();
  };
  const changed = () => {
    show();
    said.textContent = `now for ${library}, ${layout}`;
  };
  const all = () => Object.keys(sources[library]); // its usual layout first
  const libraries = choice("library", Object.keys(sources), (one) => { library = one; }, () => {
    layouts.pick(chosen("layout", all()));
    changed();
  });
  const layouts = choice("layout", all(), (one) => { layout = one; }, changed);
  show();
  const copying = button("copy the Python source", async () => {
    const isCopied = await toClipboard(whole.textContent);
    said.textContent = isCopied ? "copied" : "take it from the box";
    if (isCopied) return;
    folded.open = true;
    whole.focus();
    getSelection().selectAllChildren(whole); // a key copies it
  });
  const folded = make("details", {}, make("summary", {}, "the whole source"), whole);
  return [
    make("fieldset", { class: "live-actions" }, make("legend", {}, "Python source for"), ...libraries.elements),
    make("fieldset", { class: "live-actions" }, make("legend", {}, "with arrays of shape"), ...layouts.elements, copying, said),
    make("p", {}, `measured in float64: ${accuracy}`),
    needed,
    formulas,
    folded,
  ];
}

/**
 * One of several to choose, as it was chosen before: `take(value)`, `show()` after a change.
 * `pick` takes another one, which is not kept.
 */
function choice(key, values, take, show) {
  const name = fresh(key);
  const boxes = values.map((value) => {
    const changed = () => {
      take(value);
      show();
      keep(key, value);
    };
    return make("input", { type: "radio", name, id: fresh("choice"), value, change: changed });
  });
  const pick = (value) => {
    take(value);
    for (const box of boxes) box.checked = box.value === value;
  };
  pick(chosen(key, values));
  const elements = boxes.map((box) => make("span", { class: "live-tick" }, box, make("label", { for: box.id }, box.value)));
  return { elements, pick };
}

/** The value that was chosen before, or the first. */
function chosen(key, values) {
  const known = kept(key);
  return values.includes(known) ? known : values[0];
}
