// The table of a question's picture, filled anew when one of its logits is dragged.
import { jacobian, minus, number, softmax } from "./numbers.js";

/** The columns at logits z and labels y, each a list of numbers; J has one for each class. */
export function columns(z, y) {
  const a = softmax(z), J = jacobian(a);
  const known = { z: [z], a: [a], J: a.map((_, j) => J.map((row) => row[j])) };
  if (!y.length) return known;
  const dz = minus(a, y), equal = y.map((p, i) => -p * (1 - a[i]));
  return { ...known, y: [y], da: [y.map((p, i) => -p / a[i])], equal: [equal],
    unequal: [minus(dz, equal)], dz: [dz] };
}

/** Whether the goal {column, class, from, to} is reached: by the entry of a class, or by each. */
export function hasReached(z, y, goal) {
  const [entries] = columns(z, y)[goal.column], wanted = goal.class ? [entries[goal.class - 1]] : entries;
  return wanted.every((x) => x >= (goal.from ?? -Infinity) && x <= (goal.to ?? Infinity));
}

function fill(table, z, y) {
  const known = columns(z, y);
  for (const [i, row] of [...table.tBodies[0].rows].entries()) {
    let k = 0, name;
    for (const cell of row.querySelectorAll("td")) {
      k = cell.dataset.column === name ? k + 1 : 0;
      name = cell.dataset.column;
      const value = known[name][k][i], most = Math.max(1, ...known[name].flat().map(Math.abs));
      cell.toggleAttribute("data-below", value < 0);
      cell.style.setProperty("--share", (Math.abs(value) / most).toFixed(3));
      cell.querySelector("span").textContent = number(value);
    }
  }
  for (const [i, slider] of sliders(table).entries()) {
    slider.ariaValueText = `${number(z[i])}; a = (${softmax(z).map((x) => number(x)).join(", ")})`;
  }
}

const sliders = (table) => [...table.querySelectorAll("input")];

/** Lets the sliders of a table move its numbers; `reached` is called when they reach its goal. */
export function drag(table, reached) {
  const { z, y, until } = JSON.parse(table.dataset.picture);
  if (!until) return;
  fill(table, z, y);
  table.addEventListener("input", () => {
    const now = sliders(table).map((slider) => slider.valueAsNumber);
    fill(table, now, y);
    if (hasReached(now, y, until)) reached();
  });
}
