// The keyboard on the screen: how many keys a row has, and that the series can be typed with it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LAYOUTS } from "../../book/static/live/state/formula_keys.js";

const inserted = (key) => (typeof key === "string" ? [key] : [key.insert ?? key.latex ?? key.label, key.shift?.insert ?? key.shift]);
const keys = LAYOUTS.map(({ rows }) => rows.flat().flatMap(inserted));

test("seven keys fill a row, so that none is too narrow for a finger", () => {
  for (const { rows } of LAYOUTS) assert.deepEqual(rows.map((row) => row.length), rows.map(() => 7));
  for (const key of LAYOUTS.flatMap(({ rows }) => rows.flat())) assert.equal(key.width ?? 1, 1);
});

test("the letters and the signs of the series are on the first layer", () => {
  for (const sign of ["a", "z", "y", "A", "Y", "i", "j", "k", "n", "m", "0", "1", "2", "L", "\\partial", "\\delta_{ij}",
    "\\delta_{#?}", "\\sum_{i}", "c", "\\sum_{i\\ne j}", "\\frac{#@}{#?}", "#@_{#?}", "#@^{#?}", "#@^{\\top}", "e^{#?}", "\\log", "\\odot",
    "\\cdot", "=", "+", "-", "(", ")", "[backspace]", "[left]", "[right]", "[return]"]) {
    assert.ok(keys[0].includes(sign), sign);
  }
});

test("dz = a − y and ∂J/∂z are typed without the shift key", () => {
  const first = LAYOUTS[0].rows.flat().map((key) => key.insert ?? key.latex ?? key);
  for (const sign of ["d", "z", "=", "a", "-", "y", "J", "\\frac{\\partial #?}{\\partial #?}"]) assert.ok(first.includes(sign), sign);
});

test("both layers can take back, clear, ask and close", () => {
  for (const layer of keys) assert.ok(["[backspace]", "clear", "[return]", "done"].every((key) => layer.includes(key)));
});
