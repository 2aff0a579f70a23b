// What is seen while the engine loads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { seen } from "../../book/static/live/worker/loading_words.js";

const total = 7_239_365;
const step = { words: "reading SymPy", number: 2, of: 4 };

test("nothing is counted before something is known", () => {
  assert.deepEqual(seen(), { words: "loading the engine …", value: null, max: 1 });
});

test("bytes first, then steps, of which the first may begin while bytes come", () => {
  const some = { loaded: 2_100_000, total };
  const bytes = { words: "loading the engine, once: 2.1 of 7.2 MB", value: 2_100_000, max: total };
  assert.deepEqual(seen(some), bytes);
  assert.deepEqual(seen({ ...some, step }), bytes);
  assert.deepEqual(seen({ loaded: total, total, step }), { words: "reading SymPy (step 2 of 4)", value: 1, max: 4 });
});

test("from the browser's cache no bytes are counted", () => {
  const kept = { loaded: 2_100_000, total, isKept: true };
  assert.equal(seen(kept).value, null);
  assert.equal(seen({ ...kept, step }).words, "reading SymPy (step 2 of 4)");
});
