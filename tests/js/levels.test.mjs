// What an address asks for on the page of the levels, and their order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { behind, isWorldDone, levelAt, placeIn, withDraft } from "../../book/static/live/state/levels.js";

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

test("a world is done with its last level, whichever that is", () => {
  assert.deepEqual(all.map((one) => isWorldDone(all, one, { "a.y": 2 })), [true, false, true]);
});

test("the lines of a level are kept with the others, and go where there are none", () => {
  assert.deepEqual(withDraft({ "a.x": [1], "a.y": [2] }, "a.x", [3], {}), { "a.y": [2], "a.x": [3] });
  assert.deepEqual(withDraft({ "a.x": [1], "a.y": [2] }, "a.x", [], {}), { "a.y": [2] });
});

test("where there is no room, the lines of other derived levels go, the oldest first", () => {
  const drafts = { "a.x": ["x".repeat(40)], "a.y": ["y".repeat(40)], "b.x": ["z".repeat(40)] };
  const names = (derived, most) => Object.keys(withDraft(drafts, "b.y", ["w"], derived, most));
  assert.deepEqual(names({ "a.x": 1, "a.y": 2 }, 130), ["a.y", "b.x", "b.y"]);
  assert.deepEqual(names({ "a.y": 2 }, 10), ["a.x", "b.x", "b.y"]);
  assert.deepEqual(names({ "b.y": 2 }, 10), ["a.x", "a.y", "b.x", "b.y"]);
});
