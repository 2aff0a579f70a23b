// Numbers beside a loss: typed, in a range, by chance.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fit, numbersOf, pointByChance } from "../../book/static/live/state/loss_numbers.js";

test("numbers are read from a text, all or none", () => {
  assert.deepEqual(numbersOf(" 1, 2;0.5 −3 "), [1, 2, 0.5, -3]);
  for (const text of ["[1, 2]", " tensor([1, 2])", "np.array([1. 2.])", "(1, 2)", "Array([1., 2.], dtype=float32)",
    "tensor([ 1., 2.], device='cuda:0', grad_fn=<AddBackward0>)"]) assert.deepEqual(numbersOf(text), [1, 2]);
  for (const text of ["[1, 2", "exp([1, 2)", "", " , ", "1, x", "NaN", "1e999", "1,5;2"]) assert.equal(numbersOf(text), null);
});

test("a number fits inside its range, whose ends are left out", () => {
  const fitting = [["positive", 0.5, 0], ["0..1", 0.5, 1], ["[0..1]", 1, 1.5], ["(0..1]", 1, 0], ["1..", 2, 1], ["..1/2", -3, 0.5], ["-1/2 .. 0.5", 0, -0.5]];
  for (const [sign, inside, outside] of fitting) {
    assert.equal(fit([inside], sign), true, sign);
    assert.equal(fit([inside, outside], sign), false, sign);
  }
  assert.equal(fit([-7], "real"), true);
  assert.equal(fit([0, 1], "nonnegative"), true);
  assert.equal(fit([-1], "nonnegative"), false);
});

test("labels by chance are shares that sum to 1", () => {
  for (const chance of [() => 0, () => 0.999, Math.random]) {
    const { z, y } = pointByChance(4, chance);
    const shares = numbersOf(y);
    assert.deepEqual([numbersOf(z).length, shares.length, shares.every((share) => share >= 0)], [4, 4, true]);
    assert.equal(Math.round(100 * shares.reduce((sum, share) => sum + share)), 100);
  }
});
