// The lines of a chain: what a reader does with them, and which verdicts they then have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainState, MOST_LINES, linesAndGoal, whatIsBack } from "../../book/static/live/state/chain_state.js";

const line = (text, using = []) => ({ text, latex: `\\${text}`, reason: `why ${text}`, using });
const chain = () => new ChainState({ text: "s" }, [line("a"), line("b", ["H1"]), line("c")]);
const texts = (state) => state.lines.map(({ text }) => text).join("");
const marks = (state) => state.lines.map((_, k) => state.verdict(k)?.verdict ?? "?").join(" ");
const draft = (text, using = []) => ({ text, reason: "", using });

test("the lines of the page are right as they were built", () => {
  const state = chain();
  assert.equal(marks(state), "right right right");
  assert.ok(state.verdict(0).built);
  assert.equal(state.latex.get("b"), "\\b");
  assert.equal(state.isChanged(), false);
});

test("a changed line and the line after it have no verdict; undo brings both back", () => {
  const state = chain();
  assert.equal(state.settle("line 1", draft("x")), true);
  assert.equal(texts(state), "axc");
  assert.equal(marks(state), "right ? ?");
  state.verdicts.set(state.key(1), { verdict: "wrong" });
  assert.equal(marks(state), "right wrong ?");
  assert.equal(state.undo(), true);
  assert.equal(marks(state), "right right right");
  assert.equal(state.undo(), false);
});

test("what was to be shown is reached where it and all lines above are right", () => {
  const state = chain();
  state.verdicts.set(state.key(2), { verdict: "right", text: "goal" });
  assert.equal(state.placeOfRight(({ text }) => text === "goal"), 2);
  state.verdicts.set(state.key(0), { verdict: "conditional", text: "a" });
  assert.equal(state.placeOfRight(({ text }) => text === "goal"), -1);
  assert.equal(state.placeOfRight(({ text }) => text === "another"), -1);
});

test("a result alone is to be shown; of several lines each stays one, the last too", () => {
  assert.deepEqual(linesAndGoal(["a"]), { lines: [], goal: "a" });
  assert.deepEqual(linesAndGoal(["a", "b"]), { lines: ["a", "b"], goal: null });
  assert.deepEqual(linesAndGoal([]), { lines: [], goal: null });
});

test("several lines in place of one are one step for undo, and at most so many", () => {
  const state = chain();
  assert.equal(state.spread("line 1", [line("x"), line("y")]), true);
  assert.equal(texts(state), "axyc");
  assert.equal(marks(state), "right ? ? ?");
  state.undo();
  assert.equal(texts(state), "abc");
  assert.equal(state.spread("line 1", Array(MOST_LINES).fill(line("x"))), false);
});

test("the letters of the start and of the lines that stand come once", () => {
  const state = chain();
  state.letters.set("s", [["z", "x"]]).set("b", [["z", "x"], ["a", "p"]]).set("gone", [["y", "t"]]);
  assert.deepEqual(state.lettersRead(), [["z", "x"], ["a", "p"]]);
  state.pasted = [["z", "o"], ["a", "p"]];
  assert.deepEqual(state.lettersRead(), [["z", "o"], ["a", "p"], ["z", "x"]]);
});

test("a step back is told by its lines", () => {
  const state = chain();
  const back = () => {
    const { lines } = state;
    state.undo();
    return whatIsBack(lines, state.lines);
  };
  state.settle("line 1", draft("x"));
  assert.equal(back(), "line 2 as before");
  state.settle("line 0", draft("x"));
  state.settle("line 2", draft("x"));
  state.reset();
  assert.equal(back(), "lines 1, 3 as before");
  state.remove("line 0");
  assert.equal(back(), "line 1 is there again");
  state.settle(state.add("line 2").id, draft("d"));
  assert.equal(back(), "line 4 is gone again");
});

test("a hypothesis that is dropped takes the verdict of its line alone", () => {
  const state = chain();
  state.settle("line 1", draft("b"));
  assert.equal(marks(state), "right ? right");
});

test("what says the same is no change", () => {
  const state = chain();
  const { text, reason, using } = line("a");
  assert.equal(state.settle("line 0", { text, reason, using }), false);
  assert.equal(state.history.length, 0);
});

test("what is typed with pauses is one step for undo, until it is asked", () => {
  const state = chain();
  for (const text of ["x", "xy"]) state.settle("line 1", draft(text), true);
  state.undo();
  assert.equal(texts(state), "abc");
  for (const text of ["x", "xy"]) state.settle("line 1", draft(text), true);
  assert.equal(state.settle("line 1", draft("xy")), false); // asked as it stands
  state.settle("line 1", draft("xyz"), true);
  state.settle("line 2", draft("w"), true);
  state.undo();
  assert.equal(texts(state), "axyzc");
  state.undo();
  assert.equal(texts(state), "axyc");
});

test("a removed line leaves the next one against the line before", () => {
  const state = chain();
  assert.equal(state.remove("line 1"), 1);
  assert.equal(texts(state), "ac");
  assert.equal(state.left(1), "a");
  assert.equal(marks(state), "right ?");
  state.undo();
  assert.equal(texts(state), "abc");
});

test("all lines may go, and the first may come again", () => {
  const state = chain();
  for (const k of [0, 1, 2]) state.remove(`line ${k}`);
  assert.deepEqual(state.packed(), []);
  state.add(null);
  assert.equal(state.left(0), "s");
});

test("a new line is empty, and no line is judged against it until it is asked", () => {
  const state = chain();
  assert.deepEqual(state.add("line 0"), { id: "new 1", origin: null, text: "", reason: "", using: [] });
  assert.deepEqual([state.left(1), state.left(2)], ["a", "a"]);
  assert.equal(marks(state), "right ? right right");
  state.settle("new 1", draft("x"));
  assert.equal(state.left(2), "x");
  assert.equal(marks(state), "right ? ? right");
});

test("a new line that was never asked goes without a step for undo", () => {
  const state = chain();
  const { id } = state.add("line 2");
  assert.equal(state.drop(id), 3);
  assert.equal(texts(state), "abc");
  assert.equal(state.history.length, 0);
  assert.equal(state.drop(id), null);
});

test("a new line that was asked stays, and is one step", () => {
  const state = chain();
  const { id } = state.add("line 2");
  state.settle(id, draft("d"));
  assert.equal(state.drop(id), null);
  state.undo();
  assert.equal(texts(state), "abc");
});

test("a change beside a new line is kept when the new line goes", () => {
  const state = chain();
  const { id } = state.add("line 2");
  state.settle("line 0", draft("x"));
  assert.equal(state.drop(id), 3);
  assert.equal(texts(state), "xbc");
  state.undo();
  assert.equal(texts(state), "abc");
});

test("a full chain takes no line", () => {
  const state = chain();
  while (state.lines.length < MOST_LINES) state.add(null);
  assert.equal(state.add(null), null);
  assert.equal(state.lines.length, MOST_LINES);
});

test("the original comes back, and undo leaves it again", () => {
  const state = chain();
  state.remove("line 0");
  state.reset();
  assert.equal(texts(state), "abc");
  state.undo();
  assert.equal(texts(state), "bc");
  const fresh = chain();
  fresh.reset();
  assert.equal(fresh.history.length, 0);
});

test("lines of an address come without verdicts, but for the page's own", () => {
  const state = chain();
  state.settle("line 0", draft("x"));
  state.load([{ ...state.originals[0] }, { origin: null, ...draft("evil") }, { ...state.originals[2] }]);
  assert.equal(marks(state), "right ? ?");
  assert.equal(state.isChanged(), true);
  assert.equal(state.undo(), false);
  assert.deepEqual(state.packed(), [0, ["evil", "", []], 2]);
});

test("another start keeps the lines and forgets every verdict on them", () => {
  const state = new ChainState({ text: "s" }, []);
  state.settle(state.add(null).id, draft("a"));
  const { verdicts } = state;
  const key = state.key(0);
  verdicts.set(key, { verdict: "right" });
  state.begin({ text: "s", latex: "S" });
  assert.equal(texts(state), "a");
  assert.equal(state.verdict(0), null);
  assert.equal(state.latex.get("s"), "S");
  verdicts.set(key, { verdict: "wrong" }); // an answer that comes late
  assert.equal(state.verdict(0), null);
});
