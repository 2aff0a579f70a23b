// Where a plot's values lie, and what is said of them to those who do not see it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { described, path, scale, ticks } from "../../book/static/live/state/plot_scale.js";

test("values lie between the ends, a flat line in the middle, nulls nowhere", () => {
  const place = scale([-5, null, 5], 0, 100);
  assert.deepEqual([-5, 0, 5].map(place), [0, 50, 100]);
  assert.equal(scale([2, 2], 0, 100)(2), 50);
  assert.equal(scale([0, 0], 100, 0)(0), 50);
});

test("there are three to eight round ticks, all within", () => {
  for (const [low, high] of [[-5, 5], [0, 1], [0.013, 0.027], [-1e6, 3], [1.39e60, 1.39e65]]) {
    const found = ticks(low, high);
    assert.ok(found.length >= 3 && found.length <= 8, `${low} to ${high}: ${found}`);
    assert.ok(found.every((x) => x >= low - 1e-9 * Math.abs(low) && x <= high * (1 + 1e-9)));
  }
  assert.deepEqual(ticks(-5, 5), [-4, -2, 0, 2, 4]);
});

test("a value that is not there leaves a gap", () => {
  const same = (x) => x;
  assert.equal(path([0, 1, 2, 3], [5, null, 7, 8], same, same), "M0.0 5.0M2.0 7.0L3.0 8.0");
});

test("a plot is told in a sentence", () => {
  assert.equal(
    described([-5, 5], [5, -0.25], [null, null]),
    "Over one logit from −5 to 5, the loss goes from 5 to −0.25, between −0.25 and 5; the gradient is never finite.",
  );
});
