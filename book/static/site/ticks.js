// What a reader has done, as ticks beside the pages of the sidebar.
import { all } from "./memory.js";

export const make = (tag, more = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), more);
  made.append(...inside);
  return made;
};
const count = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

/** {name of a page: what was done there, in words}. */
export function done() {
  const { path = {}, levels = {}, answers = {} } = all(), found = {}, solved = {};
  const taps = Array.isArray(path.answered) ? path.answered.length : 0;
  if (taps) found.path = taps === path.of ? "all questions answered" : `${taps} of ${path.of} questions answered`;
  const won = Object.keys(levels).length;
  if (won) found.levels = `${count(won, "level")} derived`;
  for (const name of Object.keys(answers)) {
    const notebook = name.split("/")[0];
    solved[notebook] = (solved[notebook] ?? 0) + 1;
  }
  for (const [notebook, number] of Object.entries(solved)) {
    found[notebook] = `${count(number, "exercise")} solved`;
  }
  return found;
}

export const links = [...document.querySelectorAll(".sidebar-tree a.reference.internal")];
export const page = (link) => link.pathname.split("/").pop().replace(".html", "");

export function tick() {
  const found = done();
  for (const link of links) {
    link.querySelector(".done")?.remove();
    const words = found[page(link)];
    if (!words) continue;
    const seen = make("span", { ariaHidden: "true" }, /^\d+ of/.test(words) ? ` ${words.split(" ", 3).join(" ")}` : " ✓");
    link.append(make("span", { className: "done", title: words }, seen,
      make("span", { className: "visually-hidden", textContent: `, ${words}` })));
  }
  const begin = document.querySelector(".path-begin"), { number, of } = all().path ?? {};
  if (begin && number > 1 && number <= of) begin.textContent = `Go on with question ${number} of ${of}`;
}

tick();
addEventListener("storage", tick); // of another tab
addEventListener("progress", tick);
