// How formulas are typed: what comes first, and that the reader's choice is kept.
import assert from "node:assert/strict";
import { test } from "node:test";

let count = 0;
const visit = (pointer, localStorage) => {
  Object.assign(globalThis, { matchMedia: (query) => ({ matches: query === `(pointer: ${pointer})` }), localStorage });
  return import(`../../book/static/live/state/typing.js?${count++}`); // a page of its own
};
const storage = () => {
  const kept = new Map();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
};
const forbidden = { getItem() { throw new Error("denied"); }, setItem() { throw new Error("denied"); } };

test("a phone begins with the field, a keyboard with plain text", async () => {
  for (const kept of [storage(), forbidden]) {
    assert.equal((await visit("coarse", kept)).isFieldFirst(), true);
    assert.equal((await visit("fine", kept)).isFieldFirst(), false);
  }
});

test("what the reader chose comes first on the next page, too", async () => {
  const kept = storage();
  (await visit("fine", kept)).choose(true);
  assert.equal((await visit("fine", kept)).isFieldFirst(), true);
  (await visit("fine", kept)).choose(false);
  assert.equal((await visit("coarse", kept)).isFieldFirst(), false);
});

test("where nothing may be kept, a choice holds for the page", async () => {
  const page = await visit("coarse", forbidden);
  page.choose(false);
  assert.equal(page.isFieldFirst(), false);
});

test("a text is judged after a longer pause in a field, and the longest where a letter may get an index", async () => {
  const { pauseBefore } = await visit("fine", storage());
  const plain = { isField: false, isOnScreen: false }, field = { ...plain, isField: true }, phone = { isField: true, isOnScreen: true };
  assert.equal(pauseBefore("a", plain), 600);
  for (const text of ["a_{j}-y_{j}", "\\delta", "1-\\alpha", "a_{k}^2"]) assert.equal(pauseBefore(text, field), 1500, text);
  for (const text of ["a", "a_{j}-y", "-y"]) assert.equal(pauseBefore(text, field), 3000, text);
  assert.equal(pauseBefore("a_{j}", phone), 3000);
});
