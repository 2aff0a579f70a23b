// The queue before the engine, with workers that do what a test tells them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Engine } from "../../book/static/live/worker/engine_queue.js";

const LINE = { ask: "line" };
const TYPESET = { ask: "typeset" };

// An engine, the workers that it started, and how to fail to find one.
const house = ({ memory = 8, find = async () => ({ manifest: { bytes: 10 } }) } = {}) => {
  const workers = [];
  const start = (found, hear, isSpare) => {
    const worker = { asked: [], ended: false, hear, isSpare, post: (message) => worker.asked.push(message), end: () => { worker.ended = true; } };
    worker.answer = (words) => hear({ id: worker.asked.at(-1).id, answer: JSON.stringify(words) });
    workers.push(worker);
    return worker;
  };
  return { engine: new Engine({ find, start, memory }), workers };
};
const ready = async (options) => {
  const made = house(options);
  made.engine.start();
  await turn();
  made.workers[0].hear({ ready: true });
  return made;
};
const settled = async (promise) => Promise.race([promise, turn("waits")]);

test("no worker is started before there is a question", async () => {
  const { engine, workers } = house();
  await turn();
  assert.equal(engine.state, "idle");
  assert.equal(workers.length, 0);
});

test("a question waits until the engine is ready", async () => {
  const { engine, workers } = house();
  const states = [];
  engine.listen(({ state }) => states.at(-1) === state || states.push(state));
  const answer = engine.ask(LINE);
  await turn();
  workers[0].hear({ progress: { loaded: 5, total: 10 } });
  workers[0].hear({ step: { words: "reading SymPy", number: 2, of: 4 } });
  assert.deepEqual([engine.current.loaded, engine.current.step.number], [5, 2]);
  assert.deepEqual(workers[0].asked, []);
  workers[0].hear({ ready: true });
  assert.deepEqual(JSON.parse(workers[0].asked[0].request), LINE);
  workers[0].answer({ verdict: "right" });
  assert.deepEqual(await answer, { verdict: "right" });
  assert.deepEqual(states, ["idle", "loading", "working", "ready"]);
});

test("one question is asked after another, in their order", async () => {
  const { engine, workers: [worker] } = await ready();
  const answers = [1, 2, 3].map((n) => engine.ask({ ask: "typeset", n }));
  for (const n of [1, 2, 3]) {
    assert.equal(worker.asked.length, n);
    worker.answer({ n });
    assert.deepEqual(await answers[n - 1], { n });
  }
});

test("a later question with the same key drops the one that waits, not the one that is asked", async () => {
  const { engine, workers: [worker] } = await ready();
  const [first, second, third, other] =
    [["preview"], ["preview"], ["preview"], ["other"]].map(([key]) => engine.ask(TYPESET, key));
  assert.deepEqual(await second, { dropped: true });
  for (const answer of [first, third, other]) {
    assert.equal(await settled(answer), "waits");
    worker.answer({ latex: "x" });
    assert.deepEqual(await answer, { latex: "x" });
  }
});

test("stop answers at once, and the spare worker takes over", async () => {
  const { engine, workers } = await ready();
  const first = engine.ask(LINE);
  workers[0].answer({ verdict: "right" });
  await first;
  await turn();
  assert.deepEqual(workers.map(({ isSpare }) => isSpare), [false, true], "a verdict prepares a spare worker");
  workers[1].hear({ ready: true });
  const jobs = [engine.ask(LINE), engine.ask(LINE)];
  engine.stop();
  assert.deepEqual(await Promise.all(jobs), [{ stopped: true }, { stopped: true }]);
  assert.ok(workers[0].ended && !workers[1].ended);
  const next = engine.ask(LINE);
  workers[0].answer({ verdict: "wrong" }); // of the one that was stopped
  assert.equal(await settled(next), "waits");
  workers[1].answer({ verdict: "right" });
  assert.deepEqual(await next, { verdict: "right" });
});

test("without a spare worker, stop starts a new one", async () => {
  const { engine, workers } = await ready();
  const job = engine.ask(TYPESET);
  engine.stop();
  assert.deepEqual(await job, { stopped: true });
  await turn();
  assert.equal(workers.length, 2);
  assert.equal(engine.state, "loading");
});

test("stop while the engine is looked for starts none", async () => {
  const { engine, workers } = house();
  const job = engine.ask(LINE);
  engine.stop();
  assert.deepEqual(await job, { stopped: true });
  await turn();
  assert.equal(workers.length, 0);
  assert.equal(engine.state, "idle");
});

test("a machine with little memory gets no spare worker", async () => {
  const { engine, workers } = await ready({ memory: 1 });
  const job = engine.ask(LINE);
  workers[0].answer({ verdict: "right" });
  await job;
  await turn();
  assert.equal(workers.length, 1);
});

test("an engine that is not there fails all questions, and is looked for again", async () => {
  let isThere = false;
  const find = async () => {
    if (!isThere) throw new Error("settings.json is not there (404)");
    return { manifest: {} };
  };
  const { engine, workers } = house({ find });
  const [one, other] = await Promise.all([engine.ask(LINE), engine.ask(TYPESET)]);
  assert.match(one.failed, /could not be loaded: settings.json is not there \(404\)/);
  assert.deepEqual(one, other);
  assert.equal(engine.state, "failed");
  isThere = true;
  engine.ask(LINE);
  await turn();
  assert.equal(engine.trouble, "");
  workers[0].hear({ ready: true });
  assert.equal(workers[0].asked.length, 1);
});

test("a worker that dies fails its question, and the next one is asked of another", async () => {
  const { engine, workers } = await ready();
  const job = engine.ask(LINE);
  workers[0].hear({ failed: "out of memory" });
  assert.match((await job).failed, /out of memory/);
  assert.ok(workers[0].ended);
  engine.ask(LINE);
  await turn();
  assert.equal(workers.length, 2);
});

test("a spare worker that cannot be started is nobody's trouble", async () => {
  const { engine, workers } = await ready();
  const first = engine.ask(LINE);
  workers[0].answer({ verdict: "right" });
  await first;
  await turn();
  workers[1].hear({ failed: "no memory" });
  assert.ok(workers[1].ended);
  assert.equal(engine.state, "ready");
});

test("an answer that is no JSON is refused", async () => {
  const { engine, workers: [worker] } = await ready();
  const job = engine.ask(LINE);
  worker.hear({ id: worker.asked[0].id, answer: "<html>" });
  assert.match((await job).refused, /could not be read/);
});
