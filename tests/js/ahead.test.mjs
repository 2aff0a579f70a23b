// Which line is good enough for bytes that nobody has asked for, and what is fetched by it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fetchAll, isGood, takesField } from "../../book/static/live/worker/ahead.js";

const loaded = 900;
const fast = { effectiveType: "4g", saveData: false };

test("a line is good where the browser says so", () => {
  assert.ok(isGood({ loaded, connection: fast }));
  assert.ok(isGood({ loaded, connection: { ...fast, type: "wifi" } }), "a phone at home");
});

test("a line that is slow, paid by bytes or to be spared is not", () => {
  for (const connection of [
    { ...fast, saveData: true }, { ...fast, type: "cellular" }, { ...fast, type: "bluetooth" },
    { ...fast, effectiveType: "3g" }, { ...fast, effectiveType: "slow-2g" },
  ]) assert.ok(!isGood({ loaded, connection, isLaptop: true }), JSON.stringify(connection));
  assert.ok(!isGood({ loaded, connection: fast, savesData: true }));
});

test("a page that was long on its way is itself the sign of a slow line, in every browser", () => {
  assert.ok(!isGood({ loaded: 3000, connection: fast }));
  assert.ok(!isGood({ loaded: 3000, isLaptop: true }));
  for (const unknown of [undefined, 0]) assert.ok(!isGood({ loaded: unknown, isLaptop: true }));
});

test("where the browser tells nothing of its line, only a laptop loads", () => {
  assert.ok(isGood({ loaded, isLaptop: true }));
  assert.ok(!isGood({ loaded }), "a phone");
  assert.ok(!isGood({ loaded, connection: { saveData: false } }), "one that says half of it");
});

test("the formula field is fetched by a line of which nothing bad is known", () => {
  for (const connection of [undefined, {}, fast, { ...fast, type: "wifi" }]) assert.ok(takesField({ connection }), "the first is an iPhone");
  for (const connection of [{ saveData: true }, { ...fast, type: "cellular" }, { effectiveType: "3g" }]) {
    assert.ok(!takesField({ connection }), JSON.stringify(connection));
  }
  assert.ok(!takesField({ connection: fast, savesData: true }));
});

// A host that answers as a test tells it, and what it was asked for.
const host = (answers = {}) => {
  const asked = [];
  const get = async (file, { priority }) => {
    asked.push(`${file} ${priority}`);
    const { status = 200, kept = "max-age=600" } = answers[file] ?? {};
    return new Response(file, { status, headers: { "Cache-Control": kept } });
  };
  return { asked, get };
};

test("one file after another, each after what the page itself needs", async () => {
  const { asked, get } = host();
  await fetchAll(["one", "two"], get);
  assert.deepEqual(asked, ["one low", "two low"]);
});

test("what may not be kept is not fetched twice, and a file that is missing ends it", async () => {
  for (const answer of [{ kept: "no-store" }, { status: 404 }]) {
    const { asked, get } = host({ one: answer });
    await fetchAll(["one", "two"], get);
    assert.deepEqual(asked, ["one low"]);
  }
});
