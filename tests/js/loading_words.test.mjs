// What is seen and heard while the engine loads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { heard, seen } from "../../book/static/live/worker/loading_words.js";

const total = 7_239_365;
const step = { words: "reading SymPy", number: 2, of: 4 };

test("nothing is counted before something is known", () => {
  assert.deepEqual(seen(), { words: "loading the engine …", value: null, max: 1 });
  assert.equal(heard(), "");
});

test("bytes first, then steps, of which the first may begin while bytes come", () => {
  const some = { loaded: 2_100_000, total };
  const bytes = { words: "loading the engine, once: 2.1 of 7.2 MB", value: 2_100_000, max: total };
  assert.deepEqual(seen(some), bytes);
  assert.deepEqual(seen({ ...some, step }), bytes);
  assert.deepEqual(seen({ loaded: total, total, step }), { words: "reading SymPy (step 2 of 4)", value: 1, max: 4 });
});

test("it is heard twice, whatever comes between", () => {
  const way = [0, 1e5, 2e6, 5e6, total].flatMap((loaded) => [{ loaded, total }, { loaded, total, step }]);
  const all = way.map(heard).filter(Boolean);
  assert.deepEqual([...new Set(all)], ["loading the engine: 7.2 MB, once", "the engine is here, and starts"]);
});

test("from the browser's cache nothing is heard, and no bytes are counted", () => {
  const kept = { loaded: 2_100_000, total, isKept: true };
  assert.equal(heard(kept) + heard({ ...kept, loaded: total, step }), "");
  assert.equal(seen(kept).value, null);
  assert.equal(seen({ ...kept, step }).words, "reading SymPy (step 2 of 4)");
});
