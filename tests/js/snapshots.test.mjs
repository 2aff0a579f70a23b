// What is kept of an engine's memory, in stores that do what a test tells them.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { forget, keep, kept, LARGEST, make } from "../../book/static/live/worker/snapshots.js";

const BYTES = Uint8Array.of(1, 2, 3, 250);
const BUILDS = new URL("../../book/static/", import.meta.url).href;
globalThis.navigator ??= { userAgent: "one browser" };
let entries, asked;

// The browser's store, in a Map; `broken` replaces some of what it does.
const browser = (broken = {}) => {
  entries = new Map();
  asked = 0;
  const store = {
    keys: async () => [...entries.keys()].map((url) => ({ url })),
    match: async (url) => entries.get(url)?.clone(),
    put: async (url, response) => { entries.set(url, response); },
    delete: async (request) => entries.delete(request.url ?? request),
    ...broken,
  };
  globalThis.caches = { open: async () => { asked += 1; return store; } };
};
beforeEach(() => browser());
const isKept = async (bytes) => {
  const snapshot = await kept();
  assert.equal(await snapshot.isWhole, true);
  assert.deepEqual(snapshot.bytes, bytes);
};
const refuses = async () => { throw new DOMException("full, or denied", "QuotaExceededError"); };

test("what was kept is there, byte for byte, under one name", async () => {
  assert.equal(await kept(), null);
  await keep(BYTES);
  await isKept(BYTES);
  assert.deepEqual([...entries.keys()], [`${BUILDS}live/snapshot`]);
});

test("one that is not whole is told from one that is", async () => {
  for (const bytes of [Uint8Array.of(1, 2, 3, 251), BYTES.subarray(1)]) {
    await keep(BYTES);
    const [[name, { headers }]] = entries;
    entries.set(name, new Response(bytes, { headers }));
    assert.equal(await (await kept()).isWhole, false);
  }
});

test("one of another browser is as one that is not whole", async () => {
  await keep(BYTES);
  const [[name, entry]] = entries;
  const seal = entry.headers.get("X-Seal");
  assert.ok(seal.endsWith(navigator.userAgent));
  entry.headers.set("X-Seal", `${seal}.1`);
  assert.equal(await (await kept()).isWhole, false);
});

test("those of other builds are deleted, and what is no build of this book stays", async () => {
  await keep(BYTES);
  const others = [`${BUILDS}older/snapshot`, "https://host/another-book/_static/live/1/snapshot"];
  for (const other of others) entries.set(other, new Response(BYTES));
  await isKept(BYTES);
  assert.deepEqual([...entries.keys()], [`${BUILDS}live/snapshot`, others[1]]);
});

test("it can be forgotten", async () => {
  await keep(BYTES);
  await forget();
  assert.equal(await kept(), null);
});

test("one that is too large for a phone is not kept", async () => {
  await keep({ length: LARGEST + 1 });
  assert.equal(asked, 0);
});

test("a store that is full keeps nothing, and nothing is thrown", async () => {
  browser({ put: refuses });
  await keep(BYTES);
  assert.equal(await kept(), null);
});

test("a store that is denied, broken or not there is none", async () => {
  const stores = [{ open: refuses }, undefined];
  browser({ match: refuses, delete: refuses, put: refuses });
  for (const store of [globalThis.caches, ...stores]) {
    globalThis.caches = store;
    await keep(BYTES);
    await forget();
    assert.equal(await kept(), null);
  }
});

test("a snapshot is taken of a complete engine, and one that cannot be taken is no trouble", async () => {
  const done = [];
  const python = {
    pyimport: (name) => ({ complete: () => done.push(name) }),
    makeMemorySnapshot: () => { done.push("taken"); return BYTES.slice(); },
  };
  await make(python);
  assert.deepEqual(done, ["book.engine.snapshot", "taken"]);
  await isKept(BYTES);
  python.makeMemorySnapshot = () => { throw new Error("Can't serialize object at index 7"); };
  assert.equal(make(python), null);
});
