// What the browser keeps, and what a store that is broken, refused or not ours costs.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { all, exported, forget, FULL, imported, read, REFUSED, write } from "../../book/static/live/state/memory.js";

const NAME = "why-dz-is-a-minus-y";
const storage = (kept = {}) => ({
  kept,
  getItem: (name) => kept[name] ?? null,
  setItem: (name, text) => { kept[name] = text; },
  removeItem: (name) => { delete kept[name]; },
});

beforeEach(() => { globalThis.localStorage = storage(); });

test("a part is kept beside the others", () => {
  assert.deepEqual(read("path"), {});
  assert.equal(write("path", { at: "x" }), "");
  assert.equal(write("levels", { "softmax.derivative": true }), "");
  assert.deepEqual(all(), { path: { at: "x" }, levels: { "softmax.derivative": true } });
});

test("what was saved to a file comes back from it", () => {
  write("answers", { "02/1": "a_i" });
  const text = exported();
  forget();
  assert.deepEqual(all(), {});
  assert.equal(imported(text), "");
  assert.deepEqual(read("answers"), { "02/1": "a_i" });
});

test("a store that is not ours is as good as none, and a file that is not ours changes nothing", () => {
  write("path", { at: "here" });
  const mine = exported();
  for (const text of ["", "no JSON", "null", "[]", "7", '{"version":2,"parts":{"path":{"at":"x"}}}',
    '{"version":1}', '{"version":1,"parts":[]}', mine.replace('"here"', `"${"x".repeat(100_000)}"`)]) {
    globalThis.localStorage = storage({ [NAME]: text });
    assert.deepEqual(all(), {}, text.slice(0, 40));
    globalThis.localStorage = storage({ [NAME]: mine });
    assert.match(imported(text), /nothing was changed/);
    assert.deepEqual(read("path"), { at: "here" });
  }
});

test("what would make the store too large is not kept, and the rest stays", () => {
  write("path", { at: "here" });
  assert.equal(write("drafts", { "softmax.derivative": ["x".repeat(100_000)] }), FULL);
  assert.deepEqual(all(), { path: { at: "here" } });
});

test("parts of other names and of other kinds are dropped", () => {
  const text = '{"version":1,"parts":{"path":"x","other":{},"__proto__":{"levels":{}},"answers":{"a":"b"}}}';
  assert.equal(imported(text), "");
  assert.deepEqual(all(), { answers: { a: "b" } });
});

test("a browser that refuses costs a sentence", () => {
  const refuse = () => { throw new Error("denied"); };
  globalThis.localStorage = { getItem: refuse, setItem: refuse, removeItem: refuse };
  assert.deepEqual(read("path"), {});
  assert.equal(write("path", {}), REFUSED);
  forget();
  Object.defineProperty(globalThis, "localStorage", { configurable: true, get: refuse });
  assert.deepEqual(all(), {});
  assert.equal(write("path", {}), REFUSED);
  Object.defineProperty(globalThis, "localStorage", { configurable: true, writable: true, value: storage() });
});
