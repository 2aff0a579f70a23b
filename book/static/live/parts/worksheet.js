// A worksheet of a chain: its lines, or their reasons, as blanks to fill in, and on a second sheet the
// solution.  It is printed in place of the page, and gone afterwards.

import { make } from "../elements/dom.js";

const ASKED = {
  lines: "Write each line so that its reason holds.",
  reasons: "Say for each line why it is equal to the one before.",
};
const STYLE = `
  .worksheet { display: none; }
  @media print {
    article.prints-worksheet > section > :not(.worksheet) { display: none !important; }
    .worksheet { display: block; }
    .worksheet h2 { margin-top: 0; }
    .worksheet-name { margin: 0 0 1.5em; border-bottom: 1px solid #767676; width: 45%; }
    .worksheet-solution { break-before: page; }
    .worksheet ol { break-inside: auto !important; }
    .worksheet li { break-inside: avoid; padding-block: 0.5em !important; }
    .worksheet-blank { border-bottom: 1px solid #767676; flex: 1 1 45%; min-height: 3.6em; }
    .worksheet li > .worksheet-blank ~ .reason { flex: 0 1 40%; }
    .worksheet li > .formula + .reason { flex: 0 1 40%; margin-left: auto; }
  }`;

/**
 * Prints the chain of a `list` with its `blanks`, "lines" or "reasons"; title and `conditions`, what
 * holds in it, are those of the page if none are given.
 */
export function printWorksheet({ list, title = document.querySelector("h1"), conditions: given = document.querySelectorAll("article .statement > p") }, blanks) {
  const article = document.querySelector("article"), place = article.querySelector(":scope > section");
  const words = title.cloneNode(true), conditions = [...given].map((one) => one.cloneNode(true));
  words.querySelector(".headerlink")?.remove();
  const [start, ...items] = [...list.children];
  const begin = part(start, ".formula");
  const lines = items.map((item) => ({ formula: part(item, ".formula"), reason: part(item, ".reason") }));
  const sheet = make("section", { class: "worksheet" },
    make("style", {}, STYLE),
    make("p", { class: "worksheet-name" }, "Name: "), make("h2", {}, words.textContent), ...conditions, make("p", {}, ASKED[blanks]),
    rows(begin, lines, (line, isLast) => (blanks === "lines"
      ? [isLast ? line.formula : blank(), line.reason] : [line.formula, blank()])),
    make("div", { class: "worksheet-solution" },
      make("h2", {}, `Solution: ${words.textContent}`),
      rows(begin.cloneNode(true), lines, ({ formula, reason }) => [formula.cloneNode(true), reason.cloneNode(true)])));
  place.append(sheet);
  article.classList.add("prints-worksheet");
  addEventListener("afterprint", () => {
    sheet.remove();
    article.classList.remove("prints-worksheet");
  }, { once: true });
  window.print();
}

const blank = () => make("div", { class: "worksheet-blank" });

/** What is seen of a line: its formula as it stands, without what judges it. */
function part(item, look) {
  const seen = [...item.querySelectorAll(look)].find((one) => !one.hidden).cloneNode(true);
  for (const extra of seen.querySelectorAll("button, .live-mark, .term-toolbar")) extra.remove();
  if (seen.firstChild?.nodeType === Node.TEXT_NODE) seen.firstChild.textContent = seen.firstChild.textContent.replace(/^\s*✓ /, "");
  seen.removeAttribute("tabindex");
  return seen;
}

function rows(start, lines, shown) {
  const items = lines.map((line, k) => make("li", {}, ...shown(line, k === lines.length - 1)));
  return make("ol", { class: "chain-lines", role: "list" }, make("li", { class: "chain-start" }, start), ...items);
}
