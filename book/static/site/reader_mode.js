// The switch that shows the code of a page, or folds it; the browser remembers which.  The lines
// behind which it is folded are one stop of the Tab key.

const NAME = "code";
const cells = [...document.querySelectorAll("details.folded-code")];

function show(all, isShown) {
  for (const cell of cells) cell.open = isShown;
  all.setAttribute("aria-pressed", String(isShown));
}

if (cells.length) {
  const all = document.createElement("button");
  all.type = "button";
  all.className = "all-code";
  all.textContent = "show all code";
  const isShown = () => all.getAttribute("aria-pressed") === "true";
  all.addEventListener("click", () => show(all, !isShown()));
  document.querySelector(".offer").after(all);
  show(all, false);
  // From a disk no module is loaded: nothing is remembered, and each line is a stop.
  const nothing = () => {};
  import("./choice.js").then(({ keep, kept }) => {
    if (kept(NAME) === "shown") show(all, true);
    all.addEventListener("click", () => keep(NAME, isShown() ? "shown" : "folded"));
  }, nothing);
  const summary = ".folded-code > summary";
  import("./one_stop.js").then(({ oneStop }) => oneStop(document.body, summary, summary), nothing);
}
