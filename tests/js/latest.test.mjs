// What is shown while a text is typed, with answers that come when a test says so.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Latest } from "../../book/static/live/state/latest.js";

// A box, what was asked, and what is shown; `answer(k, words)` answers the k-th question.
const house = () => {
  const page = { text: "a", asked: [], shown: "A" };
  const answers = [];
  const ask = (question) => new Promise((answer) => {
    page.asked.push(question);
    answers.push(answer);
  });
  page.latest = new Latest(() => page.text, ask, async ({ latex }) => latex, (latex) => { page.shown = latex; });
  page.type = (text) => { page.text = text; return page.latest.follow(); };
  page.answer = (k, answer) => { answers[k](answer); return turn(); };
  return page;
};

test("what is shown is old from the first key, before anything is asked", () => {
  const page = house();
  assert.equal(page.latest.isOld, false);
  page.text = "b";
  assert.equal(page.latest.isOld, true);
  assert.deepEqual(page.asked, []);
});

test("an answer that comes late is not shown, and the text of now is asked for", async () => {
  const page = house();
  page.type("b");
  page.text = "c"; // typed, and the pause is not over
  await page.answer(0, { latex: "B" });
  assert.deepEqual([page.shown, page.latest.isOld, page.asked], ["A", true, ["b", "c"]]);
  await page.answer(1, { latex: "C" });
  assert.deepEqual([page.shown, page.latest.isOld], ["C", false]);
});

test("a lost answer is asked for again", async () => {
  const page = house();
  page.type("b");
  await page.answer(0, { dropped: true });
  assert.deepEqual([page.latest.isOld, page.asked], [true, ["b", "b"]]);
  await page.answer(1, { latex: "B" });
  assert.deepEqual([page.shown, page.latest.isOld], ["B", false]);
});

test("two answers in the wrong order: the newer stays", async () => {
  const page = house();
  page.type("b");
  page.type("c");
  await page.answer(1, { latex: "C" });
  await page.answer(0, { latex: "B" });
  assert.deepEqual([page.shown, page.latest.isOld, page.asked], ["C", false, ["b", "c"]]);
});

test("back to the text that is shown: nothing is asked, and no late answer comes", async () => {
  const page = house();
  page.type("b");
  page.type("a");
  await page.answer(0, { latex: "B" });
  assert.deepEqual([page.shown, page.latest.isOld, page.asked], ["A", false, ["b"]]);
});

test("what was emptied stays empty", async () => {
  const page = house();
  page.type("b");
  page.latest.settle();
  await page.answer(0, { latex: "B" });
  assert.deepEqual([page.shown, page.latest.isOld], ["A", false]);
});
