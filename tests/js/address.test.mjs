// The state of a page in its address: round trips, and what anyone may put there.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  LONGEST, MOST_PARAMETERS, NotUnderstood, decode, encode, packDerivation, packLines, packLoss,
  unpackDerivation, unpackLoss, unpackTheorem,
} from "../../book/static/live/state/address.js";

const ORIGINAL = ["a[i]", "a[j]", "a[c]"].map((text, origin) => ({ text, reason: `r${origin}`, using: [], origin }));
const fragment = (bytes) => `#1=${Buffer.from(bytes).toString("base64url")}`;
const refused = (action, why) => assert.throws(action, (error) => error instanceof NotUnderstood && why.test(error.message));
const theorem = (lines, more = {}) => unpackTheorem({ v: 1, c: "x", l: lines, ...more }, ORIGINAL, ["H1"]);

test("a state comes back from its fragment, whatever letters it holds", () => {
  for (const words of ["a[j] − y[j] ≠ ∂L", "\u{1f600}\u0000\"\\</script>", "?".repeat(700)]) {
    const found = decode(encode({ c: words }));
    assert.deepEqual(found, { v: 1, c: words });
  }
});

test("a state says what it is about", () => {
  for (const state of [null, 7, "x", [], ["c"], {}, { c: 1 }, { c: ["logits.gradient"] }]) {
    refused(() => decode(fragment(JSON.stringify(state))), /what it is about/);
  }
});

test("a fragment of a heading is no state", () => {
  for (const other of ["", "#", "#What-✓-means", "#1", "#x=1", "#<img src=x onerror=alert(1)>"]) {
    assert.equal(decode(other), null);
  }
});

test("what is no state is not understood", () => {
  const letters = fragment('{"v":1}').slice(3);
  refused(() => decode(`#2=${letters}`), /another version/);
  refused(() => decode("#1="), /characters that do not belong/);
  for (const raw of ["%00", "<img src=x>", `${letters}=`, `${letters} `, "a+b/"]) refused(() => decode(`#1=${raw}`), /characters that do not belong/);
  refused(() => decode(`#1=${"A".repeat(LONGEST)}`), /too long/);
  for (const bytes of ["", "{", "{\"v\":1", [0xff, 0xfe], [0x22, 0xc3, 0x22]].slice(1)) refused(() => decode(fragment(bytes)), /damaged/);
});

test("an unchanged line is its number, a changed one is written out", () => {
  const lines = [ORIGINAL[0], { ...ORIGINAL[1], text: "z[j]" }, { ...ORIGINAL[2], origin: null, using: ["H1"] }];
  const packed = packLines(lines, ORIGINAL);
  assert.deepEqual(packed, [0, ["z[j]", "r1", []], ["a[c]", "r2", ["H1"]]]);
  assert.deepEqual(theorem(packed).map(({ text, origin }) => [text, origin]), [["a[i]", 0], ["z[j]", null], ["a[c]", null]]);
});

test("a state of a theorem has lines and nothing else", () => {
  for (const state of [null, [], 7, "x", [{ v: 1 }]]) refused(() => unpackTheorem(state, ORIGINAL, []), /wrong form/);
  refused(() => theorem([], { v: 2 }), /another version/);
  refused(() => theorem([], { x: "<script>" }), /unexpected parts/);
  refused(() => theorem([], JSON.parse('{"__proto__": {"l": []}}')), /unexpected parts/);
  for (const lines of [null, "ab", { length: 1 }, Array(41).fill(["", "", []])]) refused(() => theorem(lines), /too many lines/);
});

test("numbers of lines are in order, and of lines that are there", () => {
  for (const lines of [[0, 0], [1, 0], [-1], [1.5]]) refused(() => theorem(lines), /out of order/);
  refused(() => theorem([0, 99]), /does not have/);
});

test("a written line is two texts and known hypotheses", () => {
  for (const line of [null, true, "a[j]", {}, ["a"], ["a", "b", [], []]]) refused(() => theorem([line]), /wrong form/);
  for (const line of [[1, "", []], ["a".repeat(1001), "", []], ["a", "b".repeat(401), []]]) refused(() => theorem([line]), /a text/);
  for (const using of [null, "H1", ["H1", "H1"]]) refused(() => theorem([["a", "", using]]), /a list is too long or missing/);
  refused(() => theorem([["a", "", ["toString"]]]), /not known/);
});

const DERIVATION = { start: "Derivative(L, z[j])", where: ["softmax"], case: "i ≠ j" };
const unpackOwn = (changed) =>
  unpackDerivation({ v: 1, ...packDerivation(DERIVATION, [["a[j]", "", []]]), ...changed }, ["softmax", "cross_entropy"], []);

test("a derivation comes back, and holds nothing unknown", () => {
  const { context, lines } = unpackOwn({});
  assert.deepEqual(context, DERIVATION);
  assert.deepEqual(lines, [{ origin: null, text: "a[j]", reason: "", using: [] }]);
  assert.equal(unpackOwn({}).goal, null);
  assert.equal(unpackOwn(packDerivation(DERIVATION, [], "a[j] − y[j]")).goal, "a[j] − y[j]");
  const letters = [["z", "o"], ["a", "ŷ"]];
  assert.deepEqual(unpackOwn(packDerivation(DERIVATION, [], null, letters)).letters, letters);
  for (const r of [[["a"]], [["a", "}$<b>"]], [["a", 1]], "a", Array(13).fill(["a", "p"])]) {
    assert.throws(() => unpackOwn({ r }), NotUnderstood);
  }
  for (const g of [null, 7, ["a"], {}, "a".repeat(1001)]) refused(() => unpackOwn({ g }), /a text/);
  refused(() => unpackOwn({ g: " " }), /no goal/);
  assert.equal(unpackOwn({ k: "i = 1" }).context.case, "i = 1");
  for (const k of ["i < j", "i = j or", "<b> = j"]) refused(() => unpackOwn({ k }), /case/);
  for (const k of [["i = j"], 1, {}]) refused(() => unpackOwn({ k }), /a text/);
  refused(() => unpackOwn({ s: "  " }), /no start/);
  refused(() => unpackOwn({ w: ["__proto__"] }), /not known/);
  refused(() => unpackOwn({ w: ["softmax", "softmax"] }), /twice/);
  refused(() => unpackOwn({ l: [0] }), /does not have/);
});

const LOSS = { loss: "-Sum(w[k]*a[k], (k, 1, n))", activation: "softmax", parameters: [["w[k]", "real"], ["gamma", "positive"]], using: ["H1"] };
const unpackOwnLoss = (changed) => unpackLoss({ v: 1, ...packLoss(LOSS, { gamma: 2.5 }), ...changed }, ["H1"]);

test("a loss comes back with its values, and holds nothing unknown", () => {
  assert.deepEqual(unpackOwnLoss({}), { ...LOSS, values: { "w[k]": 1, gamma: 2.5 } });
  const many = Array(MOST_PARAMETERS + 1).fill(["b", "real"]);
  refused(() => unpackOwnLoss({ p: many, x: many.map(() => 1) }), /too many parameters/);
  for (const x of [[1], [1, 2, 3], null]) refused(() => unpackOwnLoss({ x }), /wrong form/);
  for (const one of ["1", [], Array(9).fill(1), [[1]], ["1"], {}, null]) refused(() => unpackOwnLoss({ x: [one, 2] }), /not a number/);
  assert.deepEqual(unpackOwnLoss({ x: [[1, 2, 0.5], 2] }).values, { "w[k]": [1, 2, 0.5], gamma: 2 });
  refused(() => unpackOwnLoss({ p: [["w"], ["gamma", "real"]] }), /a parameter/);
  refused(() => unpackOwnLoss({ p: [["w", "negative"], ["gamma", "real"]] }), /a sign/);
  for (const range of ["0..1", "[0..1]", "(0..1]", "-1/2 .. 0.5", "1.."]) {
    const p = [["w", "real"], ["gamma", range]];
    assert.deepEqual(unpackOwnLoss({ p }).parameters, p);
  }
  refused(() => unpackOwnLoss({ p: [["w", "real"], ["gamma", ["0..1"]]] }), /a text/);
  refused(() => unpackOwnLoss({ p: [["w".repeat(41), "real"], ["gamma", "real"]] }), /a text/);
  refused(() => unpackOwnLoss({ e: null }), /a text/);
});

test("an exercise has a goal and lines, which are its hints", () => {
  const state = { v: 1, ...packDerivation({ start: "dL/dz_j", where: [], case: null }, [["a_j", "r", []]], "a_j - y_j", [], true) };
  const found = unpackDerivation(state, [], []);
  assert.deepEqual([found.isExercise, found.goal, found.lines[0].text], [true, "a_j - y_j", "a_j"]);
  const { x, ...plain } = state;
  assert.equal(unpackDerivation(plain, [], []).isExercise, false);
  for (const wrong of [{ x: 2 }, { x: true }, { l: [] }]) refused(() => unpackDerivation({ ...state, ...wrong }, [], []), /no exercise/);
  const { g, ...without } = state;
  refused(() => unpackDerivation(without, [], []), /no exercise/);
});
