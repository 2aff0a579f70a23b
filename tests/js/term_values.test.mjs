// What terms are worth at the numbers of a picture, without a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { places, value } from "../../book/static/live/terms/values.js";

const now = { z: [0, Math.log(3), 0], y: [0.5, 0.2, 0.3], moved: 2 };
const softmax = (index) => ["×", ["exp", ["z", index]], ["^", ["Σ", "k", ["exp", ["z", "k"]]], -1]];
const worth = (program, letters, numbers = now) => places(letters, numbers).at
  .map((at) => Math.round(1e9 * value(program, at)) / 1e9);

test("a term has a value for each class", () => {
  assert.deepEqual(worth(softmax("j"), "j"), [0.2, 0.6, 0.2]);
  assert.deepEqual(worth(["+", softmax("i"), ["×", -1, ["y", "i"]]], "i"), [-0.3, 0.4, -0.1]);
  assert.deepEqual(worth(["×", ["/", 1, 2], ["Σ", "i", ["×", ["δ", "i", "j"], ["y", "i"]]]], "j"), [0.25, 0.1, 0.15]);
});

test("in a case its letters are the same, or those of the logit that was moved", () => {
  const product = ["×", softmax("i"), softmax("j")];
  assert.deepEqual(worth(product, "i=j"), [0.04, 0.36, 0.04]);
  assert.deepEqual(worth(product, "i≠j", { ...now, moved: 0 }), [0.12]);
  assert.deepEqual(places("ij", now).fixed, { i: 1, j: 3 });
});

test("a true class is that of the labels; labels of several classes give no value", () => {
  const delta = ["δ", "c", "j"];
  assert.deepEqual(worth(delta, "cj", { ...now, y: [0, 0, 1] }), [0, 0, 1]);
  assert.deepEqual(worth(["+", ["y", "j"], delta], "cj", { ...now, y: [1, 0, 0] }), [2, 0, 0]);
  assert.deepEqual(worth(delta, "cj"), []);
});
