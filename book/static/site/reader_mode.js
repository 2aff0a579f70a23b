// The switch that shows the code of a page, or folds it; the browser remembers which.  The lines
// behind which it is folded are one stop of the Tab key.

const NAME = "code";
const cells = [...document.querySelectorAll("details.folded-code")];

function show(all, isShown) {
  for (const cell of cells) cell.open = isShown;
  name(all);
}

/** It opens after the browser has led to the heading of an address, which it moves down: back to it. */
function openRemembered(all) {
  show(all, true);
  const [{ type }] = performance.getEntriesByType("navigation"); // a reload keeps its place
  if (type === "navigate") document.querySelector(":target")?.scrollIntoView({ behavior: "instant" });
}

/** Its label says what it does next, also where the cells were opened one by one. */
function name(all) {
  all.textContent = isShown() ? "hide all code" : "show all code";
}

const isShown = () => cells.every((cell) => cell.open);

if (cells.length) {
  const all = document.querySelector(".all-code");
  all.addEventListener("click", () => show(all, !isShown()));
  for (const cell of cells) cell.addEventListener("toggle", () => name(all));
  show(all, false);
  // From a disk no module is loaded: nothing is remembered, and each line is a stop.
  const nothing = () => {};
  import("./choice.js").then(({ keep, kept }) => {
    if (kept(NAME) === "shown") openRemembered(all);
    all.addEventListener("click", () => keep(NAME, isShown() ? "shown" : "folded"));
  }, nothing);
  const summary = ".folded-code > summary", hint = document.createElement("p");
  Object.assign(hint, { id: "other-code", hidden: true, textContent: "Arrow keys lead to other code." });
  document.body.append(hint);
  import("./one_stop.js").then(({ oneStop }) => oneStop(document.body, summary, summary, hint.id), nothing);
}
