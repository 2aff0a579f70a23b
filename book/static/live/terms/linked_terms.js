// The terms of a chain answer a touch: where a term comes from and goes, its value at the z of
// the page's picture, and its bars there.  Nothing is said that the page's data does not say.

import { fresh, make } from "../elements/dom.js";
import { oneStop } from "../elements/one_stop.js";
import { Note, copied, picture } from "./note.js";

const BOX = ".formula";
const HINT = "Touch a term, or go through them with the arrow keys and Enter, to see where it comes from and where it goes.";
let chosen = null, shown = [], note = null;

/** One term of a line: where it stands in the page, its button, and its neighbours. */
class Term {
  constructor(told, letters, line, element, spoken) {
    Object.assign(this, told, { letters, line, element, spoken, from: [], to: null, beside: [] });
    this.box = element.closest(BOX);
    this.button = make("button", { type: "button", class: "term-button", "aria-label": this.name,
      "data-case": this.case, click: () => choose(this, true), focus: () => choose(this),
      pointerenter: () => highlight(this), pointerleave: () => highlight(chosen) });
    toolbarOf(this.box, line).append(this.button);
    const [seen, heard] = ["mjx-math", "mjx-assistive-mml"].map((kind) =>
      [...this.box.querySelectorAll(`${kind} .gone`)]);
    const isMine = (gone) => [element, null].includes(gone.closest(".term"));
    this.gone = seen.flatMap((gone, k) => (isMine(gone) ? [new Gone(gone, heard[k])] : []));
  }

  math() {
    return copied(this.spoken, this.has_factors);
  }

  /** This term and all that it comes from, or goes to. */
  all(way) {
    return [this, ...(this[way] ?? []).flatMap((term) => term.all(way))];
  }
}

/** The buttons of a line, as one thing. */
function toolbarOf(box, line) {
  const there = box.querySelector(".term-toolbar");
  if (there) return there;
  const name = `terms of ${line ? `line ${line}` : "the start"}`;
  return box.appendChild(make("span", { class: "term-toolbar", role: "toolbar", "aria-label": name }));
}

/** A letter that cancels, with the stroke through it. */
class Gone {
  constructor(element, spoken) {
    Object.assign(this, { element, spoken, stroke: make("span", { class: "term-stroke", hidden: true }) });
    element.closest(BOX).append(this.stroke);
  }

  math() {
    return copied(this.spoken);
  }

  get name() {
    return [...this.spoken.querySelectorAll("mi, mn")].map((x) => x.textContent).join("_") || this.spoken.textContent;
  }
}

/** Puts a button or a stroke over what it belongs to, in ems: it grows with the text. */
function put(over, element) {
  const box = element.closest(BOX);
  const em = parseFloat(getComputedStyle(box).fontSize);
  const [here, around] = [element.getBoundingClientRect(), box.getBoundingClientRect()];
  const lengths = { left: here.left - around.left + box.scrollLeft, top: here.top - around.top,
    width: here.width, height: here.height };
  for (const [side, length] of Object.entries(lengths)) over.style[side] = `${length / em}em`;
}

/** Marks a term and its way through the lines; what cancels on this way is struck out. */
function highlight(term) {
  for (const { button: over, gone } of shown) {
    delete over.dataset.on;
    for (const { stroke } of gone) stroke.hidden = true;
  }
  shown = term ? [...new Set([...term.all("from"), ...term.all("to")])] : [];
  for (const { button: over, gone } of shown) {
    over.dataset.on = "way";
    for (const { stroke } of gone) stroke.hidden = false;
  }
  if (term) term.button.dataset.on = "term";
}

/** The note of a term is seen; it is heard when that is asked for: who passes by hears the name alone. */
function choose(term, isAsked = false) {
  if (term !== chosen) show(term);
  if (isAsked) note.tell();
}

function show(term) {
  chosen = term;
  highlight(term);
  note ??= new Note(leave);
  note.say(term);
  term?.button.scrollIntoView({ block: "nearest", behavior: "instant" });
  if (term?.bars) picture?.setAttribute("data-shown", term.bars);
  else picture?.removeAttribute("data-shown");
}

/** Closes the note; a focus that was in it, or in the picture, goes back to the term. */
function leave() {
  if ([note.element, picture].some((x) => x?.contains(document.activeElement))) chosen.button.focus();
  choose(null);
}

/** Links the terms of one chain; where the page is not as its data says, nothing is linked. */
function link({ terms: lines, groups, letters }, elements, spoken) {
  if (elements.length !== lines.flat().length) return;
  let count = 0;
  const terms = lines.map((line, number) => line.map((told) => {
    count += 1;
    return new Term(told, letters, number, elements[count - 1], spoken[count - 1]);
  }));
  groups.forEach((group, number) => {
    for (const [places, others] of group) {
      const [before, after] = [places.map((k) => terms[number][k]), others.map((k) => terms[number + 1][k])];
      for (const term of before) Object.assign(term, { to: after, beside: before.filter((x) => x !== term) });
      for (const term of after) term.from = before;
    }
  });
  const all = terms.flat();
  const place = () => {
    for (const term of all) {
      put(term.button, term.element);
      for (const { stroke, element } of term.gone) put(stroke, element);
    }
  };
  const whole = all[0].box.closest("ol");
  for (const box of new Set(all.map((term) => term.box))) new ResizeObserver(place).observe(box);
  document.fonts.ready.then(place);
  for (const term of all) term.whole = whole;
  const hint = make("p", { class: "term-hint", id: fresh("hint") }, HINT);
  whole.querySelector(".chain-start").prepend(hint);
  // A chain that a reader changes says other things than its data.
  const follow = () => {
    const isWhole = !whole.matches(".live-editing") && all.every((term) => term.element.checkVisibility());
    if (isWhole === whole.classList.contains("has-terms")) return;
    whole.classList.toggle("has-terms", isWhole);
    if (!isWhole) choose(null);
  };
  new MutationObserver(follow).observe(whole, { subtree: true, childList: true, attributeFilter: ["hidden", "class"] });
  follow();
  oneStop(whole, ".term-button", "li", hint.id);
}

/** The data of a chain stands behind it, so the terms before it that are not linked are its. */
function start() {
  const sheet = new URL("linked_terms.css", import.meta.url).href;
  document.head.append(make("link", { rel: "stylesheet", href: sheet }));
  let [elements, spoken] = [[], []];
  for (const part of document.querySelectorAll("mjx-math .term, mjx-assistive-mml .term, script.linked-terms")) {
    if (part.matches("script")) {
      link(JSON.parse(part.textContent), elements, spoken);
      [elements, spoken] = [[], []];
    } else {
      (part.closest("mjx-math") ? elements : spoken).push(part);
    }
  }
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !chosen) return;
    event.stopPropagation(); // the chain would lead away from the term
    leave();
  }, { capture: true });
  addEventListener("focusin", ({ target }) => {
    const isNear = [chosen?.whole, note?.element, picture].some((place) => place?.contains(target));
    if (chosen && !isNear) choose(null);
  });
}

start();
