// The path: one question at a time, each answered by a tap.  The page has all of them, each choice
// with what is said of it; here is what shows the next one, and what the browser keeps.
import { read, write } from "./memory.js";
import { oneStop } from "./one_stop.js";
import { drag } from "./picture.js";

const article = document.querySelector("article");
const screens = [...article.querySelectorAll("section section")]; // the last one looks back
const questions = screens.filter((one) => one.querySelector(".path-question"));
const title = (one) => one.querySelector("h2").firstChild.textContent;

const make = (tag, more = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), more);
  made.append(...inside);
  return made;
};

const kept = read("path"), ids = questions.map(({ id }) => id);
const answered = new Set(ids.filter((id) => Array.isArray(kept.answered) && kept.answered.includes(id)));
let here = screens[0];

const bar = make("nav", { className: "path-places", ariaLabel: "questions" });
const place = make("p", { className: "path-place" });
const heard = make("p", { className: "visually-hidden", role: "status" });
const trouble = make("p", { className: "path-trouble" }), open = make("p", { className: "path-open" });
const back = make("a", { textContent: "← back" }), on = make("a", { className: "path-on" });
const steps = make("nav", { className: "path-steps", ariaLabel: "back and on" }, back, on);

/** Shows one screen, and says by its links where one can go from it. */
function show(screen) {
  here = screen;
  const at = screens.indexOf(screen);
  for (const one of screens) one.hidden = one !== screen;
  article.querySelector(".path-intro").hidden = at > 0;
  place.textContent = at < questions.length ? `question ${at + 1} of ${questions.length}` : "";
  screen.append(steps);
  back.hidden = at === 0;
  on.hidden = at === screens.length - 1;
  if (at > 0) back.href = `#${screens[at - 1].id}`;
  if (!on.hidden) on.href = `#${screens[at + 1].id}`;
  heard.textContent = "";
  const left = questions.filter(({ id }) => !answered.has(id));
  open.replaceChildren(...(screen === screens.at(-1) && left.length ? ["Still open: ", ...left.flatMap((one, k) =>
    [k ? ", " : "", make("a", { href: `#${one.id}`, textContent: title(one) })]), "."] : []));
  mark();
}

/** What is answered, in the row of places and on the button that leads on. */
function mark() {
  const isDone = answered.has(here.id) || !questions.includes(here);
  on.textContent = isDone ? "on →" : "skip this question";
  on.classList.toggle("is-done", isDone);
  for (const [k, link] of [...bar.children].entries()) {
    const one = questions[k], done = answered.has(one.id);
    link.classList.toggle("is-done", done);
    link.ariaCurrent = one === here ? "step" : null;
    link.ariaLabel = `question ${k + 1}, ${title(one)}${done ? ", answered" : ""}`;
  }
}

function keep() {
  const number = screens.indexOf(here) + 1;
  trouble.textContent = write("path", { answered: [...answered], at: here.id, number, of: ids.length });
}

/** A goal that is looked at before it is reached is no answer. */
function answer(screen, choice) {
  heard.textContent = `${"reached" in choice.dataset ? "goal reached: " : ""}${choice.dataset.heard}`;
  if (!("right" in choice.dataset || "reached" in choice.dataset)) return;
  answered.add(screen.id);
  screen.classList.add("is-answered");
  mark();
  keep();
  if ("right" in choice.dataset) leadOn();
}

/** Brings the way on into view. */
const leadOn = () => steps.scrollIntoView({ block: "nearest" });

function begin(screen) {
  screen.classList.toggle("is-answered", answered.has(screen.id));
  for (const choice of screen.querySelectorAll(".path-choice")) {
    choice.addEventListener("click", (event) => { // what a goal has opened stays open
      if ("reached" in choice.dataset && choice.open && event.target.closest("summary")) event.preventDefault();
    });
    choice.addEventListener("toggle", () => choice.open && answer(screen, choice));
  }
  const table = screen.querySelector(".path-picture");
  drag(table, () => {
    const goal = screen.querySelector(".path-choice");
    if ("reached" in goal.dataset) return;
    goal.dataset.reached = "";
    table.addEventListener("change", leadOn, { once: true }); // not while the slider is held
    if (goal.open) answer(screen, goal);
    else goal.open = true;
  });
}

/** The screen of an address; where that has none, the place that was left. */
function asked() {
  const found = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  return screens.find((one) => one.contains(found));
}

function go() {
  const screen = asked();
  if (!screen) return;
  show(screen);
  keep();
  const heading = screen.querySelector("h2");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  article.scrollIntoView({ block: "start", behavior: "instant" });
}

document.body.classList.add("path-by-steps");
for (const one of questions) {
  bar.append(make("a", { href: `#${one.id}` }));
  begin(one);
}
article.querySelector("h1").after(bar, place, trouble, heard);
screens.at(-1).querySelector("h2").after(open);
oneStop(bar, "a", "nav");
show(asked() ?? screens.find((one) => one.id === kept.at) ?? screens[0]);
addEventListener("hashchange", go);
