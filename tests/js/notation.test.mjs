// The examples beside a box are in the letters that are typed there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { notationOf } from "../../book/static/live/state/notation.js";

test("the examples have the letters of the question", () => {
  assert.equal(notationOf("A, i, J, j, k, L, m, n, s, t, Y, Z, δ"), "For example sum_k Y_ks log A_ks, or A_is (delta_ij - A_js). ");
  assert.equal(notationOf("a, i, k, n, y"), "For example sum_k y_k log a_k. ");
  assert.equal(notationOf("J, JE, mE"), "For example JE / mE. ");
});

test("where there are none of these letters, any example will do", () => {
  for (const names of [undefined, "", "those of the start and of the definitions"]) {
    assert.equal(notationOf(names), "For example sum_k y_k log a_k, or a_i (delta_ij - a_j). ");
  }
});
