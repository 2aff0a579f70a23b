// What the engine says about a line: a sentence, a table with the counterexample, or the
// place at which a text could not be read.

import { keepInSight } from "./above_keyboard.js";
import { button, make, reveal, scrolls } from "./dom.js";
import { typeset } from "./typeset.js";
import { hypothesesOf, lackOf, placeOf, rowsOf, sentenceOf, waysOf } from "../state/verdict_words.js";

const AGAIN = { "": "still ", "still ": "again ", "again ": "still " };

/**
 * Fills a region with a verdict, unless it shows this one already; `take` as `unreadable`
 * below.  `use(names)` takes hypotheses that are missing, of those that are `known`; `above` is
 * the number of the line above where that is wrong.  While another verdict is on its way, the
 * old one stays, marked by `age`.  What is heard begins with `region.called`, if it is set; the
 * same verdict again is heard as such, for a region that does not change is silent.
 */
export function showVerdict(region, verdict, take, use = null, known = null, above = null) {
  if (region.shown === verdict && region.above === above) return;
  Object.assign(region, { shown: verdict, above });
  region.dataset.verdict = verdict?.verdict ?? "";
  if (verdict?.note && region.childNodes.length) return;
  const shown = verdict && !verdict.built ? elements(verdict, take, use, known, above) : [];
  if (shown.length && !verdict.note) {
    const words = shown.map((x) => x.textContent).join(" ");
    const isSame = words === region.words && region.ariaLive !== "off";
    Object.assign(region, { words, again: isSame ? AGAIN[region.again] : "" });
    shown[0].prepend(make("span", { class: "visually-hidden live-called" }, `${region.called ?? ""}${region.again}`));
  }
  region.replaceChildren(...shown);
  if (window.mathVirtualKeyboard?.visible) keepInSight(region);
  else if (shown.length) reveal(region.closest(".live-line, .live-form"), region);
}

/** Marks a verdict that is of an older text, or not there yet: it is not spoken until it is. Beside no text there is none. */
export function age(region, isOld, text) {
  region.hidden = !text;
  region.setAttribute("aria-busy", String(isOld || Boolean(region.shown?.note)));
}

function elements(verdict, take, use, known, above) {
  const found = [sentence(...sentenceOf(verdict, above))];
  if (above && verdict.verdict === "wrong") return found;
  const { notes = [] } = verdict; // the preview shows them
  if (notes.length) found.push(make("p", { class: "visually-hidden" }, `read this way: ${notes.join("; ")}`));
  if (verdict.diagnosis) found.push(reason(verdict.diagnosis));
  const names = hypothesesOf(verdict);
  const canUse = use && names.length && names.every((name) => known?.includes(name) ?? true);
  if (canUse) found.push(button(`Use ${names.join(", ")}`, () => use(names)));
  else if (lackOf(verdict)) found.push(make("p", {}, lackOf(verdict)));
  if (verdict.counterexample && ["wrong", "conditional"].includes(verdict.verdict)) {
    found.push(table(verdict.counterexample, verdict.verdict === "wrong" ? "" : " without it"));
  }
  if (verdict.verdict === "unreadable" && verdict.side !== "left") found.push(...unreadable(verdict.unreadable, take));
  return found;
}

function sentence(mark, words) {
  if (!mark) return make("p", {}, words);
  const shown = make("span", { class: "live-mark" });
  putMark(shown, mark);
  return make("p", {}, shown, " ", words);
}

/** Shows a mark; ◐ gets a name, for read aloud it would be a half-black circle. */
export function putMark(element, mark) {
  element.textContent = mark;
  if (mark === "◐") {
    element.setAttribute("role", "img");
    element.setAttribute("aria-label", "with a condition");
  } else {
    element.removeAttribute("role");
    element.removeAttribute("aria-label");
  }
}

/** The mistake that was made, and a link to where the series explains it. */
function reason(diagnosis) {
  const link = make("a", { href: root() + placeOf(diagnosis) }, diagnosis.place);
  return make("p", {}, `${diagnosis.sentence} (`, link, ")");
}

/** The search of the book, with words of the reader. */
function toSearch(words) {
  return make("a", { href: `${root()}search.html?q=${encodeURIComponent(words)}` }, `search for “${words}”`);
}

function root() {
  return document.documentElement.dataset.content_root ?? "./";
}

/** Why a text could not be read, below a sentence where it can be read in several ways. */
export function withWays(problem, take, declare) {
  const ways = waysOf(problem);
  return [...(ways ? [make("p", {}, `${ways}:`)] : []), ...unreadable(problem, take, declare)];
}

/**
 * Why a text could not be read, and the lines that `take(line, span, letters)` puts in its place,
 * with the reader's letters, [ours, theirs] each; or the letters that `declare(letter)` declares, so that it is read as it stands.
 */
export function unreadable(problem, take = null, declare = null) {
  const letters = (declare && problem?.letters) ?? [];
  const buttons = letters.map((one) => button(one.words, () => declare(one)));
  const declaring = buttons.length ? [make("p", { class: "live-hint" }, "or given with it: ", ...buttons)] : [];
  return [...otherLines(problem, take), ...declaring];
}

function otherLines(problem, take) {
  const { suggestions = [], latex = [], meant = [], is_ambiguous: isAmbiguous, search } = problem ?? {};
  if (search) return [make("p", { class: "live-hint" }, "This box takes a formula, such as a_j − y_j. A question in words: ", toSearch(search))];
  if (!take || !suggestions.length) return [place(problem)];
  const lines = suggestions.map((text, k) => {
    const { words, letters } = meant[k] ?? {};
    return line(text, latex[k], words, () => take(text, problem.span, letters));
  });
  if (isAmbiguous && lines.length > 1) {
    return [make("p", { class: "live-hint" }, problem.message), make("p", { class: "live-actions" }, ...lines)];
  }
  return [place(problem), make("p", { class: "live-actions" }, "perhaps:", ...lines)];
}

/** A line that may be taken in place of the text, as it is typeset, and what it means. */
function line(text, latex, words, take) {
  const shown = make("span", {}, text), said = words ? `: ${words}` : "";
  if (latex) typeset(shown, `\\displaystyle ${latex}`, false);
  const taking = button(`take ${text}${said}`, take, make("span", {}, shown, said));
  taking.title = text;
  return taking;
}

/** Where a text could not be read: the message, which wraps, and a caret below the place in a text that does not. */
function place(problem) {
  const { message = "", source = "", position = 0 } = problem ?? {};
  const caret = `${" ".repeat(Math.max(0, position))}^`;
  const box = make("pre", { class: "live-place" }, `${source}\n${caret}`);
  scrolls(box, "where it cannot be read");
  requestAnimationFrame(() => {
    const longest = Math.max(source.length, caret.length);
    box.scrollLeft = (position / longest) * box.scrollWidth - box.clientWidth / 2;
  });
  return make("div", { class: "live-unreadable" }, make("p", {}, message), box);
}

/** The two values, and folded the numbers at which they come out: what comes below stays in sight. */
function table(counterexample, condition) {
  const rows = rowsOf(counterexample);
  const shown = rows.map(([name, lines], k) => {
    const head = make("th", { scope: "row" }, name);
    const cell = make("td", {}, ...lines.map((line) => make("div", {}, line)));
    return make("tr", { class: k < rows.length - 2 ? null : "live-side" }, head, cell);
  });
  const box = make("div", {}, make("table", {}, make("tbody", {}, ...shown)));
  scrolls(box, "the counterexample");
  const sides = rows.slice(-2).map(([name, [value]]) => `${name} is ${value}`);
  const summary = make("summary", {}, `a counterexample${condition}: ${sides.join(", ")}`);
  return make("details", { class: "live-counterexample" }, summary, box);
}
