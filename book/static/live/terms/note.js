// What is said of a touched term: words with its neighbours, and its value in MathML.

import { button, later, make } from "../elements/dom.js";
import { places, value } from "./values.js";

const BARS = {
  equal: [":is(rect, td).equal", "the terms i = j"],
  unequal: [":is(rect, td).unequal", "the terms i ≠ j"],
  dz: ["rect:is(.signed, .equal)", "the bars of dz"],
  a: ["rect.blue:not(.signed)", "the bars of a"],
  y: ["rect.hatched", "the hatched bars"],
};

/** The picture of the page, if there is one; it says what z and y are now. */
export const picture = document.querySelector("[data-explorer]");

/** MathML from a list of [element, text] and of elements that are there already. */
function math(...parts) {
  const of = (tag) => document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
  const leaf = ([tag, text]) => {
    const element = Object.assign(of(tag), { textContent: text });
    if (/^[()]$/.test(text)) element.setAttribute("stretchy", "false");
    return element;
  };
  const whole = of("math");
  whole.append(...parts.map((part) => (Array.isArray(part) ? leaf(part) : part)));
  return whole;
}

const number = (x) => ["mn", x.toFixed(2).replace(/^-(?=0\.00$)/, "").replace("-", "−")];
const between = (parts) => parts.flatMap((part, k) => (k ? [["mo", ","], part] : [part]));
const listed = (numbers) => [["mo", "("], ...between(numbers.map(number)), ["mo", ")"]];
const counted = (numbers) => between(numbers.map((_, k) => ["mn", String(k + 1)]));
const named = (letter, ...parts) => math(["mi", letter], ["mo", "="], ...parts);

/**
 * MathML of the page, on its own; its parentheses are as high as a line is.  Dots stand for the
 * factors beside it, if it has some.
 */
export function copied(spoken, hasFactors = false) {
  const copy = spoken.cloneNode(true);
  for (const sign of copy.querySelectorAll("mo")) {
    if (/^[()]$/.test(sign.textContent) && !sign.parentElement.querySelector("mfrac")) sign.setAttribute("stretchy", "false");
  }
  return hasFactors ? math(["mo", "⋯"], ["mo", "("], copy, ["mo", ")"]) : math(copy);
}

/** The note at the foot of the window: words, value, what closes it. */
export class Note {
  /** `close` is what its button does. */
  constructor(close) {
    this.term = null;
    this.words = make("p");
    this.value = make("p", { class: "term-value" });
    this.heard = make("p", { class: "visually-hidden", role: "status" }); // in plain text: of MathML a fraction's line is not heard
    this.given = ""; // the numbers that were heard last
    this.show = button("", () => this.see());
    this.element = make("aside", { class: "term-note", "aria-label": "the touched term; Escape closes this note", hidden: true },
      make("div", {}, this.words, this.value, this.heard, this.show), button("close this note, as Escape does", close, "×"));
    new ResizeObserver(() => this.fit()).observe(document.querySelector("article"));
    new ResizeObserver(() => this.fit()).observe(this.element);
    if (picture) new MutationObserver(() => this.moved()).observe(picture, { attributeFilter: ["data-now"] });
  }

  /** As wide as the article; what is focused comes to stand above it, and so does the page's end. */
  fit() {
    const [width, height] = [document.querySelector("article").clientWidth, this.element.offsetHeight];
    this.element.style.setProperty("--article", `${width}px`);
    document.documentElement.style.scrollPaddingBottom = document.body.style.paddingBottom = `${height}px`;
  }

  /** The focus goes to what the picture shows of the term, and a listener is told how it comes back. */
  see() {
    const place = picture.shadowRoot.querySelector(BARS[this.term.bars][0]).closest("svg, table");
    place.setAttribute("tabindex", -1);
    place.focus();
    this.heard.textContent = `in the picture; Escape leads back to ${this.term.name}`;
  }

  /** While a bar is dragged the value is seen, and it is heard when the bar rests. */
  moved() {
    this.revalue();
    this.rested();
  }

  rested = later(() => this.hear(), 500);

  /** What is heard: `words` of the term, its value, and of the numbers at which it has this those that are new. */
  hear(words = "") {
    const given = this.told?.given.filter((x) => !this.given.includes(x)) ?? [];
    const at = given.length && this.told.value ? `at ${given.join(", ")}` : given[0];
    this.heard.textContent = [words, this.told?.value, at].filter(Boolean).join(" ");
    this.given = this.told?.given ?? this.given;
  }

  say(term) {
    this.term = term;
    this.element.hidden = !term;
    if (term && this.element.previousSibling !== term.whole) term.whole.after(this.element);
    const [bars, words] = BARS[term?.bars] ?? [];
    this.show.hidden = !bars || !picture?.shadowRoot?.querySelector(bars);
    this.show.textContent = `see it in the picture: ${words}`;
    this.words.replaceChildren(...(term ? wordsOf(term) : []));
    this.value.replaceChildren();
    this.revalue();
    this.heard.textContent = "";
    this.fit();
  }

  /** All of it, aloud. */
  tell() {
    this.heard.textContent = "";
    this.hear(inPlainText(this.term));
  }

  /** The value at the numbers that the picture has now. */
  revalue() {
    this.told = null;
    if (!this.term || !picture?.dataset.now) return;
    const now = JSON.parse(picture.dataset.now);
    const { of, fixed = {}, at } = places(this.term.letters, now);
    if (!at.length) {
      const words = "The picture shows many examples now: choose one true class there to see the value of this term.";
      this.told = { value: "", given: [words] };
      this.value.replaceChildren(words);
      return;
    }
    const values = at.map((place) => value(this.term.value, place));
    const parts = [math(["mo", "="], ...(of ? listed(values) : values.map(number)))];
    if (of) parts.push(" for ", named(of, ...counted(values)));
    const given = [...Object.entries(fixed).map(([letter, x]) => named(letter, ["mn", String(x)])),
      named("z", ...listed(now.z)), ...(has(this.term.value, "y") ? [named("y", ...listed(at[0].y))] : [])];
    const plain = (all) => all.map((x) => x.textContent ?? x).join("").replaceAll(",", ", ").replaceAll("=", " = ").trim();
    this.told = { value: plain(parts), given: given.map((x) => plain([x])) };
    parts.push(" at ", ...given.flatMap((x, k) => (k ? [", ", x] : [x])));
    this.value.replaceChildren(...parts);
  }
}

/** Whether a program has a letter in it. */
function has(program, letter) {
  return Array.isArray(program) && (program[0] === letter || program.some((part) => has(part, letter)));
}

/** The same in plain text, with the numbers of the lines; the term itself its button says. */
function inPlainText({ case: of, line, from, to, beside, gone }) {
  const names = (terms) => terms.map((x) => x.name).join(" and ");
  const words = [of && { equal: "i = j", unequal: "i ≠ j" }[of], line ? `line ${line}` : "the start"];
  if (from.length) words.push(`comes from ${names(from)}`);
  if (gone.length) words.push(`${gone[0].name} cancels in it`);
  const others = beside.length ? `together with ${names(beside)} ` : "";
  if (to === null) words.push("it is in the result");
  else words.push(to.length ? `${others}it becomes ${names(to)}` : `${others}it ${beside.length ? "cancels" : "is 0"}`);
  return `${words.filter(Boolean).join(", ")}.`;
}

/** What is said of a term: its case, where it comes from, where it goes, what cancels in it. */
function wordsOf(term) {
  const { case: of, from, to, beside, gone } = term;
  const words = [term.math()];
  if (of) words.unshift(make("b", { class: "term-case", "data-case": of }, of === "equal" ? "i = j" : "i ≠ j"), " ");
  if (from.length) words.push(" comes from ", ...inWords(from), ";");
  if (gone.length) words.push(" ", gone[0].math(), " cancels in it;");
  if (to === null) words.push(" it is in the result");
  else if (to.length) words.push(...withOthers(beside), " it becomes ", ...inWords(to));
  else words.push(...withOthers(beside), beside.length ? " it cancels" : " it is 0");
  const hasDots = [term, ...from, ...beside, ...(to ?? [])].some((x) => x.has_factors);
  return [...words, hasDots ? ". The dots are the factors beside it." : "."];
}

const withOthers = (others) => (others.length ? [" together with ", ...inWords(others)] : []);

function inWords(terms) {
  return terms.flatMap((term, k) => [...(k ? [" and "] : []), term.math()]);
}
