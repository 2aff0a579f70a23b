// What an address asks for on the page of the levels, and their order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { behind, levelAt, placeIn } from "../../book/static/live/state/levels.js";

const all = [["a.x", "one"], ["a.y", "one"], ["b.x", "two"]].map(([name, world]) => ({ name, world }));
const levels = new Map(all.map((one) => [one.name, one]));
const at = (hash) => levelAt(hash, levels, (id) => id === "all-levels");

test("a level by its name, the map by its own or by none", () => {
  assert.deepEqual(["#a.y", "", "#all-levels"].map(at), ["a.y", null, null]);
});

test("another name is none, whatever it says", () => {
  for (const hash of ["#a.z", "#constructor", "#__proto__", "#%zz", "#<img src=x onerror=alert(1)>"]) {
    assert.equal(at(hash), undefined);
  }
});

test("levels in their order, counted in their world", () => {
  assert.deepEqual(all.map((one) => placeIn(all, one)), ["one, level 1 of 2", "one, level 2 of 2", "two, level 1 of 1"]);
  assert.deepEqual(all.map((one) => behind(all, one)?.name), ["a.y", "b.x", undefined]);
});
