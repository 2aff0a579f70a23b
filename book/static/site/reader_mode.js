// The switch that shows the code of a page, or folds it; the browser remembers which.  The lines
// behind which it is folded are one stop of the Tab key.

const KEY = "all-code";
const cells = [...document.querySelectorAll("details.folded-code")];

/** What the browser remembers; one that keeps nothing has the default, folded. */
function remembered() {
  try {
    return localStorage.getItem(KEY) === "shown";
  } catch {
    return false;
  }
}

function remember(isShown) {
  try {
    localStorage.setItem(KEY, isShown ? "shown" : "folded");
  } catch {
    // It counts on this page.
  }
}

function show(all, isShown) {
  for (const cell of cells) cell.open = isShown;
  all.setAttribute("aria-pressed", String(isShown));
}

if (cells.length) {
  const all = document.createElement("button");
  all.type = "button";
  all.className = "all-code";
  all.textContent = "show all code";
  all.addEventListener("click", () => {
    const isShown = all.getAttribute("aria-pressed") !== "true";
    show(all, isShown);
    remember(isShown);
  });
  document.querySelector(".offer").after(all);
  show(all, remembered());
  const summary = ".folded-code > summary";
  import("./one_stop.js").then(({ oneStop }) => oneStop(document.body, summary, summary),
    () => {}); // from a disk no module is loaded, and each is a stop
}
