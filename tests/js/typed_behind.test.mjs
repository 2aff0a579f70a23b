// What is typed while an answer is awaited goes on where it stopped.

import assert from "node:assert/strict";
import { test } from "node:test";

import { typedBehind } from "../../book/static/live/elements/dom.js";

const boxWith = (value) => ({ value, style: {}, scrollHeight: 0, offsetHeight: 0, clientHeight: 0, dispatchEvent() {} });

test("what stands behind the text is taken, and its last space stays for the next word", () => {
  const box = boxWith("dz\na_j ");
  assert.equal(typedBehind(box, "dz"), "a_j ");
  assert.equal(box.value, "dz");
});

test("an empty row is nothing", () => assert.equal(typedBehind(boxWith("dz\n"), "dz"), ""));

test("a text that was changed meanwhile cannot be told apart", () => assert.equal(typedBehind(boxWith("dw\na_j"), "dz"), null));
