// What the explorers compute, and what a drag or a key does to it, without a browser.
// Their files are no modules: they are joined into one script, here as in a notebook.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const source = ["numbers", "state", "parts", "triangle"].map((name) =>
  readFileSync(new URL(`../../arrays/pictures/explorers/${name}.js`, import.meta.url), "utf8"));
const { endWithoutOthers, jacobian, levelCurve, math, number, softmax, stateFrom, sum, throughJacobian,
  triangleOf, tuple } =
  new Function(`${source.join("\n")}
    return { endWithoutOthers, jacobian, levelCurve, math, number, softmax, stateFrom, sum,
      throughJacobian, triangleOf, tuple };`)();

const near = (values, expected, most = 1e-12) => values.forEach((value, i) =>
  assert.ok(Math.abs(value - expected[i]) <= most, `${values} is not ${expected}`));

test("numbers are written as Python writes them, with a true minus", () => {
  assert.deepEqual([1, -0.5, -0.001, 0.125, 0.375, 2.675].map((x) => number(x)),
    ["1.00", "−0.50", "0.00", "0.12", "0.38", "2.67"]);
  assert.deepEqual([NaN, Infinity, -Infinity].map((x) => number(x)), ["NaN", "∞", "−∞"]);
  assert.equal(tuple([0, 1, -2], 0), "(0, 1, −2)");
});

test("a formula in plain text becomes MathML, its words the same", () => {
  const plain = (markup) => markup.replace(/ (stretchy|form|lspace|rspace)="[^"]*"/g, "");
  assert.equal(plain(math("a_j e^{z_i}")), "<math><msub><mi>a</mi><mrow><mi>j</mi></mrow></msub> "
    + "<msup><mi>e</mi><mrow><msub><mi>z</mi><mrow><mi>i</mi></mrow></msub></mrow></msup></math>");
  assert.equal(plain(math("(−0.10, NaN)")),
    "<math><mo>(</mo><mn>−0.10</mn><mo>,</mo> <mn>NaN</mn><mo>)</mo></math>");
  assert.deepEqual(["−y", "a − y"].map((x) => math(x).includes('form="prefix"')), [true, false]);
  const text = "log Σ_{k ≠ 1} y_{12} / 2";
  assert.equal(math(text).replace(/<[^>]*>/g, ""), text.replace(/[_{}]/g, ""));
});

test("softmax sums to 1, at logits of any size, and so its slopes sum to 0", () => {
  near(softmax([0, Math.log(3)]), [0.25, 0.75]);
  near(softmax([1000, -1000, 1000]), [0.5, 0, 0.5]);
  near(jacobian([0.5, 0.25, 0.25]).map((row) => sum(row)), [0, 0, 0]);
});

test("a − y and −y/a through the Jacobian are one, until an output is 0", () => {
  near(throughJacobian([0.25, 0.75], [1, 0], Number), [-0.75, 0.75]);
  assert.ok(Number.isNaN(throughJacobian([0, 1], [1, 0], Math.fround)[0]));
});

test("the gradient is the slope of the loss, for smoothed labels and scaled logits too", () => {
  const { state, gradient, labels, loss, scaled } =
    stateFrom({ z: [1, -2, 0.5], true_class: 2, share: 0.3, size: 1, temperature: -1 });
  near(labels(), [0.1, 0.8, 0.1]);
  near(scaled(), [100, -200, 50]);
  const h = 1e-6, moved = (j, by) => state.z.map((x, i) => (i === j ? x + by : x));
  near(state.z.map((_, j) => (loss(moved(j, h)) - loss(moved(j, -h))) / (2 * h)), gradient(), 1e-8);
});

const frequencies = [0.5, 0.3, 0.2];
const bias = () => stateFrom({ z: [1, 2, 0.5], frequencies, true_class: 0, rate: 3 });

test("the terms i = j and i ≠ j are together a − y; the switch leaves the second out", () => {
  const { state, cases, gradient } = bias(), a = softmax(state.z), { equal, unequal } = cases();
  near(gradient(), a.map((p, j) => p - frequencies[j]));
  near(gradient(), equal.map((part, j) => part + unequal[j]));
  state.without = true;
  near(gradient(), a.map((p, j) => -frequencies[j] * (1 - p)));
  state.true_class = 2;
  assert.deepEqual(gradient().map(Math.abs).map((slope) => slope > 0), [false, true, false]);
});

test("descent on a bias ends at the frequencies, and without i ≠ j at (19, 11, 1)/31", () => {
  const full = bias(), without = bias();
  without.state.without = true;
  for (let k = 0; k < 20; k++) full.step();
  for (let k = 0; k < 400; k++) without.step();
  near(softmax(full.state.z), frequencies, 1e-9);
  near(softmax(without.state.z), [19 / 31, 11 / 31, 1 / 31], 1e-5);
  assert.ok(without.loss(without.state.z) > full.loss(full.state.z) + 0.1);
});

test("where descent without i ≠ j ends is told for every y, a class left behind too", () => {
  near(endWithoutOthers(frequencies), [19 / 31, 11 / 31, 1 / 31]);
  near(endWithoutOthers([0, 1, 0]), [0, 1, 0]);
  near(endWithoutOthers([0.25, 0.25, 0.25, 0.25]), [0.25, 0.25, 0.25, 0.25]);
  near(endWithoutOthers([0.6, 0.3, 0.1]), [2 / 3, 1 / 3, 0]);
  const behind = stateFrom({ z: [0, 0, 0], frequencies: [0.6, 0.3, 0.1], true_class: 0, rate: 3 });
  behind.state.without = true;
  for (let k = 0; k < 400; k++) behind.step();
  near(softmax(behind.state.z), [2 / 3, 1 / 3, 0], 1e-5);
});

test("a level curve has one loss, but where it would leave the triangle", () => {
  const loss = (y, a) => -sum(y.map((p, i) => p && p * Math.log(a[i])));
  for (const a of levelCurve(frequencies, 0.25)) {
    near([loss(frequencies, a), sum(a)], [loss(frequencies, frequencies) + 0.25, 1], 1e-2);
  }
  const strip = levelCurve([1, 0, 0], Math.LN2);
  assert.ok(strip.some(([p]) => p === 1) && strip.every(([p]) => p > 0.499));
});

test("a logit stays in its range, and what is moved further widens it", () => {
  const { state, moveTo, setLogit, reset } = stateFrom({ z: [1, 2, 0.5], true_class: 1 });
  setLogit(1, Infinity);
  assert.deepEqual([state.z, state.moved, state.limit], [[1, 5, 0.5], 1, 5]);
  moveTo([0, -6.2, 0]);
  assert.equal(state.limit, 7);
  Object.assign(state, { true_class: 2, without: true, share: 0.5 });
  reset();
  assert.deepEqual([state.z, state.moved, state.limit, state.share], [[1, 2, 0.5], 0, 5, 0]);
  assert.deepEqual([state.true_class, state.without], [2, true], "what is chosen and ticked stays");
});

test("a step goes down, and leaves its trail until a logit is set", () => {
  const { state, loss, step, setLogit } = stateFrom({ z: [1, 2, 0.5], true_class: 1 });
  step();
  step();
  const passed = [...state.trail, state.z].map((z) => loss(z));
  assert.ok(passed.length === 3 && passed[0] > passed[1] && passed[1] > passed[2]);
  setLogit(0, 1);
  assert.deepEqual(state.trail, []);
});

test("probabilities become logits with the same mean, or the nearest in range", () => {
  const { state, setProbabilities } = stateFrom({ z: [1, 2, 0], true_class: 1 });
  setProbabilities([0.2, 0.3, 0.5]);
  near(softmax(state.z), [0.2, 0.3, 0.5]);
  near([sum(state.z)], [3]);
  setProbabilities([1, 0, 0]);
  near([Math.max(...state.z)], [5]);
  assert.ok(softmax(state.z)[0] > 0.99);
});

test("a point of the triangle is dragged, or moved by an arrow, to other probabilities", () => {
  const logits = stateFrom({ z: [0, 0, 0], true_class: 1 }), point = {};
  triangleOf(logits, () => ({ children: [{}, point] }));
  point.grab()(0, -130 * Math.sqrt(3) * (1 / 2 - 1 / 3)); // up to a third probability of 1/2
  near(softmax(logits.state.z), [0.25, 0.25, 0.5]);
  point.grab()(26, 0); // a tenth of a side to the right
  near(softmax(logits.state.z), [0.15, 0.35, 0.5]);
  const before = softmax(logits.state.z);
  point.keys("ArrowLeft")();
  const after = softmax(logits.state.z);
  assert.ok(after[0] > before[0] && after[1] < before[1]);
  assert.equal(point.keys("Enter"), undefined);
});
