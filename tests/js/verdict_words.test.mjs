// What a reader is told of a line, of a counterexample, and of a whole chain.
import assert from "node:assert/strict";
import { test } from "node:test";
import { besides, hypothesesOf, lackOf, markOf, placeOf, rowsOf, sentenceOf, summary } from "../../book/static/live/state/verdict_words.js";

const RIGHT = { verdict: "right", every: "every n", points: 27 };
const WRONG = { verdict: "wrong", counterexample: {} };
const UNFOUNDED = { verdict: "unfounded", mark: "?", by_itself: "right for the start by itself", counterexample: {} };
const UNREADABLE = { verdict: "unreadable", side: "right" };
const H1 = "the labels sum to 1 (H1)";
const UNDECIDED = { verdict: "undecided", sentence: "neither proved nor refuted" };

test("each answer has its mark and its sentence", () => {
  for (const [answer, mark, words] of [
    [RIGHT, "✓", "right, for every n; compared at 27 points"],
    [{ ...RIGHT, where: [H1, "no label is negative (H3)"] }, "✓", "right where the labels sum to 1 (H1) and no label is negative (H3), for every n; compared at 27 points"],
    [{ ...RIGHT, where: [H1], unneeded: ["H4"] }, "✓", `right where ${H1}, for every n; compared at 27 points; H4 is ticked and not needed`],
    [{ ...RIGHT, where: [], unneeded: ["H3", "H4"] }, "✓", "right, for every n; compared at 27 points; H3 and H4 are ticked and not needed"],
    [{ ...RIGHT, hint: "J is symmetric" }, "✓", "right, for every n; compared at 27 points; J is symmetric"],
    [WRONG, "✗", "wrong: the two sides differ"],
    [{ ...WRONG, hint: "write a[i]" }, "✗", "wrong: the two sides differ; write a[i]"],
    [{ verdict: "wrong", sentence: "a hypothesis is missing" }, "✗", "a hypothesis is missing"],
    [UNDECIDED, "?", "cannot decide: neither proved nor refuted"],
    [{ ...UNDECIDED, sentence: "cannot decide: too large" }, "?", "cannot decide: too large"],
    [UNREADABLE, "?", "this cannot be read"],
    [{ ...UNREADABLE, side: "left" }, "?", "the line before cannot be read"],
    [{ refused: "there is no hypothesis H9" }, "?", "there is no hypothesis H9"],
    [{ stopped: true }, "", "stopped"],
    [{ failed: "no engine" }, "", "no engine"],
    [{ note: "judging …" }, "", "judging …"],
    [{}, "?", "cannot decide: neither judge is sure"],
  ]) assert.deepEqual(sentenceOf(answer), [mark, words]);
  assert.deepEqual([RIGHT, WRONG, UNDECIDED, UNREADABLE, null].map(markOf), ["✓", "✗", "?", "", ""]);
  assert.deepEqual(sentenceOf(WRONG, 5), ["✗", "does not follow from line 5, which is wrong"]);
  assert.deepEqual(sentenceOf(RIGHT, 5), sentenceOf(RIGHT));
  const follows = (line) => ["?", `right for the start by itself, but it does not follow from ${line}, which is wrong`];
  assert.deepEqual([sentenceOf(UNFOUNDED, 5), sentenceOf(UNFOUNDED)], [follows("line 5"), follows("the line above")]);
  assert.equal(markOf({ mark: "?", verdict: "unreadable" }), "?");
});

test("what a wrong line lacks is told with the place where it is added, if there is one", () => {
  const missing = { words: "it is right if the labels sum to 1 (H1)", advice: "tick H1" };
  assert.equal(lackOf({ ...WRONG, missing }), "it is right if the labels sum to 1 (H1): tick H1");
  assert.equal(lackOf({ ...WRONG, missing: { ...missing, advice: "" } }), missing.words);
  assert.equal(lackOf(WRONG), "");
});

test("what is right with a hypothesis says so, and which one can be taken", () => {
  const missing = { words: "it is right if the labels sum to 1 (H1)", advice: "tick H1", definitions: [], hypotheses: ["H1"] };
  const verdict = { verdict: "conditional", missing };
  assert.deepEqual(sentenceOf(verdict), ["◐", missing.words]);
  assert.equal(lackOf(verdict), "tick H1");
  assert.deepEqual(hypothesesOf(verdict), ["H1"]);
  assert.deepEqual(hypothesesOf({ ...verdict, missing: { ...missing, definitions: ["softmax"] } }), []);
  assert.deepEqual(hypothesesOf({ ...WRONG, missing }), []);
  assert.equal(summary([RIGHT, verdict]), "line 2 is right with a condition; the other one is right");
});

test("a mistake is explained under a heading of a page", () => {
  const place = placeOf({ notebook: "02_softmax_derivative", heading: "Case i ≠ j" });
  assert.equal(decodeURIComponent(place), "notebooks/02_softmax_derivative.html#Case-i-≠-j");
});

test("a counterexample is told row by row, a matrix line by line, the sides last", () => {
  const arrays = [{ name: "y", rows: [[0.5, 1]] }, { name: "v", rows: ["1", "2"] }];
  const rows = rowsOf({ sizes: [["n", 2]], indices: [["j", 1]], arrays, numbers: [["alpha", "0.1"]], left: 1, right: 2 });
  assert.deepEqual(rows, [
    ["n", ["2"]], ["j", ["1"]], ["y", ["(0.5, 1)"]], ["v", ["(1, 2)"]], ["alpha", ["0.1"]],
    ["the left side", ["1"]], ["the right side", ["2"]],
  ]);
  const [[, lines]] = rowsOf({ arrays: [{ name: "W", rows: [[1, 2], [3, 4]] }] });
  assert.deepEqual(lines, ["(1, 2)", "(3, 4)"]);
  assert.deepEqual(rowsOf({ sides: ["yours", "the right value"] }).map(([name]) => name), ["yours", "the right value"]);
});

test("what stands before a line may be what cannot be read", () => {
  const said = ["left", "start"].map((side) => sentenceOf({ unreadable: {}, side })[1]);
  assert.deepEqual(said, ["the line before cannot be read", "the start cannot be read"]);
});

test("a text with several meanings says so", () => {
  const of = (count) => sentenceOf({ verdict: "unreadable", unreadable: { is_ambiguous: true, suggestions: Array(count).fill("") } })[1];
  assert.deepEqual([0, 1, 2, 3].map(of), ["this cannot be read", "this cannot be read",
    "this can be read in two ways", "this can be read in three ways"]);
});

test("rows beside a chain are one sentence, and none is passed over", () => {
  const known = { row: 1, is_definition: true }, wrong = { ...WRONG, row: 2, diagnosis: { sentence: "a sign is lost" } };
  const conditional = { row: 3, verdict: "conditional" }, unread = [{ row: 4 }, { row: 5 }, { row: 5 }];
  assert.equal(besides([known]), "");
  assert.equal(besides([known, wrong, { ...RIGHT, row: 3 }]), "row 2 is wrong: a sign is lost");
  assert.equal(besides([wrong, conditional, ...unread]),
    "row 2 is wrong: a sign is lost; row 3 is right with a condition; rows 4 and 5 are not judged");
  assert.equal(besides([known, { ...RIGHT, row: 2 }], true), "row 2 is right; row 1 is a definition");
});

test("a whole chain is one sentence", () => {
  for (const [verdicts, words] of [
    [[], "there is no line yet"],
    [[RIGHT], "the line is right, for every n"],
    [[RIGHT, { ...RIGHT, where: [H1] }, { ...RIGHT, where: [H1] }], "all 3 lines are right where the labels sum to 1 (H1), for every n"],
    [[RIGHT, RIGHT], "all 2 lines are right, for every n"],
    [[RIGHT, { ...RIGHT, every: "every n ≥ 3" }], "all 2 lines are right, for every n ≥ 3"],
    [[RIGHT, WRONG], "line 2 is wrong; the other one is right"],
    [[WRONG, RIGHT, WRONG, WRONG, RIGHT], "lines 1 and 3 are wrong; line 4 does not follow from the wrong line above it; the other 2 are right"],
    [[WRONG, UNDECIDED, UNREADABLE, RIGHT],
      "line 1 is wrong; line 2 cannot be decided; line 3 cannot be read; the other one is right"],
    [[WRONG, WRONG, UNFOUNDED, RIGHT], "line 1 is wrong; lines 2 and 3 do not follow from the wrong lines above them; the other one is right"],
    [[WRONG, WRONG], "line 1 is wrong; line 2 does not follow from the wrong line above it"],
    [[WRONG, { refused: "no" }, RIGHT], "line 1 is wrong; line 2 has no verdict; the other one is right"],
  ]) assert.equal(summary(verdicts), words);
});
