// What the engine says about a line: a sentence, a table with the counterexample, or the
// place at which a text could not be read.

import { make, scrolls } from "./dom.js";

/** The mark of a verdict; "" where there is none. */
export function markOf(verdict) {
  return verdict?.mark ?? { right: "✓", wrong: "✗", undecided: "?" }[verdict?.verdict] ?? "";
}

/** Fills a region with a verdict, unless it shows this one already. */
export function showVerdict(region, verdict) {
  if (region.shown === verdict) return;
  region.shown = verdict;
  region.dataset.verdict = verdict?.verdict ?? "";
  region.replaceChildren(...(verdict && !verdict.built ? elements(verdict) : []));
}

function elements(verdict) {
  if (verdict.stopped) return [sentence("", "stopped")];
  if (verdict.failed) return [sentence("", verdict.failed)];
  if (verdict.refused) return [sentence("?", verdict.refused)];
  if (verdict.note) return [sentence("", verdict.note)];
  const kinds = { right, wrong, undecided, unreadable: misread };
  return (kinds[verdict.verdict] ?? undecided)(verdict);
}

function sentence(mark, words) {
  const shown = mark ? [make("span", { class: "live-mark" }, mark), " "] : [];
  return make("p", {}, ...shown, words);
}

function right(verdict) {
  const points = verdict.points ? `; compared at ${verdict.points} points` : "";
  return [sentence("✓", `right, for ${verdict.every ?? "every n"}${points}`)];
}

function wrong(verdict) {
  const found = verdict.counterexample;
  const said = verdict.sentence || "wrong";
  return [sentence("✗", found ? "wrong: the two sides differ" : said), ...(found ? [table(found)] : [])];
}

function undecided(verdict) {
  return [sentence("?", `cannot decide: ${verdict.sentence || "neither judge is sure"}`)];
}

function misread(verdict) {
  if (verdict.side === "left") return [sentence("?", "the line before cannot be read")];
  return [sentence("?", "this cannot be read"), unreadable(verdict.unreadable)];
}

/** Where and why a text could not be read: its message, and a caret below the place. */
export function unreadable(problem) {
  const { message = "", source = "", position = 0 } = problem ?? {};
  const caret = `${" ".repeat(Math.max(0, position))}^`;
  const box = make("pre", {}, `${message}\n${source}\n${caret}`);
  scrolls(box, "where it cannot be read");
  requestAnimationFrame(() => {
    const longest = Math.max(message.length, source.length, caret.length);
    box.scrollLeft = (position / longest) * box.scrollWidth - box.clientWidth / 2;
  });
  return box;
}

function table(found) {
  const [left, right] = found.sides ?? ["the left side", "the right side"];
  const given = [
    ...(found.sizes ?? []),
    ...(found.indices ?? []),
    ...(found.arrays ?? []).map(({ name, rows }) => [name, rowsOf(rows)]),
    ...(found.numbers ?? []),
  ];
  const rows = given.map(([name, value]) => row(name, value));
  const sides = [row(left, found.left, "live-side"), row(right, found.right, "live-side")];
  const caption = make("caption", {}, "a counterexample");
  const body = make("table", {}, caption, make("tbody", {}, ...rows, ...sides));
  const box = make("div", { class: "live-counterexample" }, body);
  scrolls(box, "the counterexample");
  return box;
}

function row(name, value, kind = null) {
  const head = make("th", { scope: "row" }, String(name));
  const lines = [value].flat().map((line) => make("div", {}, String(line)));
  const cell = make("td", {}, ...lines);
  return make("tr", { class: kind }, head, cell);
}

/** A vector is one line, a matrix one for each of its rows. */
function rowsOf(rows) {
  const isMatrix = rows.some(Array.isArray);
  return isMatrix ? rows.map((line) => `(${line.join(", ")})`) : `(${rows.join(", ")})`;
}

/** One sentence for a whole chain. */
export function summary(verdicts) {
  const total = verdicts.length;
  const lines = (kind) =>
    verdicts.flatMap((verdict, k) => (verdict.verdict === kind ? [k + 1] : []));
  const parts = [
    [lines("wrong"), "is wrong", "are wrong"],
    [lines("undecided"), "cannot be decided", "cannot be decided"],
    [lines("unreadable"), "cannot be read", "cannot be read"],
  ];
  const right = verdicts.filter((verdict) => verdict.verdict === "right");
  const every = right[0]?.every ?? "every n";
  if (total === 0) return "there is no line yet";
  if (right.length === total) {
    const all = total === 1 ? "the line is right" : `all ${total} lines are right`;
    return `${all}, for ${every}`;
  }
  const said = parts
    .filter(([found]) => found.length)
    .map(([found, one, many]) =>
      found.length === 1 ? `line ${found[0]} ${one}` : `lines ${listed(found)} ${many}`,
    );
  const others = total - parts.flatMap(([found]) => found).length;
  const rest = others === total ? [] : others ? [others === 1 ? "the other one is right" : `the other ${others} are right`] : [];
  return [...said, ...rest].join("; ");
}

function listed(numbers) {
  return `${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
}
