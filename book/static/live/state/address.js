// What a reader changed, as the part of an address after "#".  It comes from anyone:
// every key, type and length is checked, and nothing else is let in.

export const LONGEST = 2000;
export const CASES = ["i = j", "i ≠ j"];
const CASE = /^[a-z] [=≠] (?:[a-z]|\d{1,3})$/;
const SIGNS = ["positive", "nonnegative", "real", "0..1"];
const RANGE = /^[[(]?[-\d./ ]{0,18}\.\.[-\d./ ]{0,18}[\])]?$/;
export const MOST_PARAMETERS = 6;
const MOST_CLASSES = 8;
const MOST_LETTERS = 12;
const LETTER = /^\p{L}[\p{L}\p{M}\p{N}_]*$/u;
const LINES = 40;
const TEXT = 1000;

export class NotUnderstood extends Error {}

/** State as a fragment, "#1=…". */
export function encode(state) {
  const bytes = new TextEncoder().encode(JSON.stringify({ v: 1, ...state }));
  const letters = btoa(String.fromCharCode(...bytes));
  return `#1=${letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** The state in a fragment, `c` says of what; null for one that is not ours, such as a heading's. */
export function decode(fragment) {
  const found = /^#(\d+)=(.*)$/.exec(fragment);
  if (!found) return null;
  const [, version, letters] = found;
  insist(version === "1", "it is of another version");
  insist(fragment.length <= LONGEST, "it is too long");
  insist(/^[A-Za-z0-9_-]+$/.test(letters), "it has characters that do not belong there");
  const state = parsed(letters);
  insist(typeof state?.c === "string", "it does not say what it is about");
  return state;
}

function parsed(letters) {
  try {
    const bytes = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
    const utf8 = Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(utf8));
  } catch {
    throw new NotUnderstood("it is damaged");
  }
}

export function insist(condition, why) {
  if (!condition) throw new NotUnderstood(why);
}

/** Whether a value is an object with exactly these keys. */
function keyed(value, keys) {
  const isObject = value !== null && typeof value === "object" && !Array.isArray(value);
  insist(isObject, "a part of it has the wrong form");
  insist(value.v === 1, "it is of another version");
  const given = Object.keys(value).sort().join();
  insist(given === [...keys, "v"].sort().join(), "it has unexpected parts");
}

function textual(value, longest = TEXT) {
  insist(typeof value === "string" && value.length <= longest, "a text is too long or missing");
  return value;
}

/** A list of different names, each one of `known`. */
function someOf(value, known) {
  insist(Array.isArray(value) && value.length <= known.length, "a list is too long or missing");
  insist(new Set(value).size === value.length, "a name comes twice");
  insist(value.every((name) => known.includes(name)), "a name is not known");
  return [...value];
}

/** Lines as they stand in a state: the number of an unchanged one, or what was written. */
export function packLines(lines, original) {
  return lines.map((line) => {
    const whole = line.origin === null ? null : original[line.origin];
    const { text, reason, using } = line;
    return whole && sameLine(whole, line) ? line.origin : [text, reason, using];
  });
}

export function sameLine(one, other) {
  return (
    one.text === other.text &&
    one.reason === other.reason &&
    String(one.using) === String(other.using)
  );
}

/** The lines of a state; unchanged ones keep their order. */
function unpackLines(value, original, hypotheses) {
  insist(Array.isArray(value) && value.length <= LINES, "it has too many lines");
  let last = -1;
  return value.map((packed) => {
    if (typeof packed === "number") {
      insist(Number.isInteger(packed) && packed > last, "its lines are out of order");
      insist(packed < original.length, "it names a line that the chain does not have");
      last = packed;
      return { ...original[packed] };
    }
    insist(Array.isArray(packed) && packed.length === 3, "a line has the wrong form");
    const [text, reason, using] = packed;
    return {
      origin: null,
      text: textual(text),
      reason: textual(reason, 400),
      using: someOf(using, hypotheses),
    };
  });
}

/** The lines of a theorem's chain that a reader changed. */
export function unpackTheorem(state, original, hypotheses) {
  keyed(state, ["c", "l"]);
  return unpackLines(state.l, original, hypotheses);
}

/**
 * A derivation of a reader's own: its context, its packed lines, what is to be shown, if anything,
 * and the letters by which it was read, [ours, theirs] each.  Of an exercise the lines are the
 * solution, of which the hints are made.
 */
export function packDerivation({ start, where, case: given }, lines, goal = null, letters = [], isExercise = false) {
  const more = { ...(goal === null ? {} : { g: goal }), ...(letters.length ? { r: letters } : {}), ...(isExercise ? { x: 1 } : {}) };
  return { c: "own", s: start, w: where, k: given, l: lines, ...more };
}

export function unpackDerivation(state, definitions, hypotheses) {
  keyed(state, ["c", "s", "w", "k", "l", ...["g", "r", "x"].filter((key) => key in state)]);
  const start = textual(state.s);
  const where = someOf(state.w, definitions);
  insist(state.k === null || CASE.test(textual(state.k)), "its case is not known");
  insist(start.trim() !== "", "it has no start");
  const lines = unpackLines(state.l, [], hypotheses);
  const goal = "g" in state ? textual(state.g) : null;
  insist(goal?.trim() !== "", "it has no goal");
  const isExercise = "x" in state;
  insist(!isExercise || (state.x === 1 && goal !== null && lines.length > 0), "it is no exercise");
  return { context: { start, where, case: state.k }, lines, goal, letters: unpackLetters(state.r ?? []), isExercise };
}

function unpackLetters(pairs) {
  insist(Array.isArray(pairs) && pairs.length <= MOST_LETTERS, "it has too many letters");
  return pairs.map((pair) => {
    insist(Array.isArray(pair) && pair.length === 2, "a letter has the wrong form");
    insist(pair.every((name) => LETTER.test(textual(name, 20))), "a letter is none");
    return [...pair];
  });
}

/** A number, or a few: one a class. */
function isNumeric(value) {
  const several = Array.isArray(value) ? value : [value];
  return several.length > 0 && several.length <= MOST_CLASSES && several.every((x) => typeof x === "number");
}

/** A loss of a reader's own; a parameter without a value is plotted at 1. */
export function packLoss({ loss, activation, parameters, using }, values) {
  const numbers = parameters.map(([name]) => values[name] ?? 1);
  return { c: "loss", e: loss, a: activation, p: parameters, u: using, x: numbers };
}

export function unpackLoss(state, hypotheses) {
  keyed(state, ["c", "e", "a", "p", "u", "x"]);
  const { p, x } = state;
  insist(Array.isArray(p) && p.length <= MOST_PARAMETERS, "it has too many parameters");
  insist(Array.isArray(x) && x.length === p.length, "its values have the wrong form");
  insist(x.every(isNumeric), "a value is not a number");
  const parameters = p.map((pair) => {
    insist(Array.isArray(pair) && pair.length === 2, "a parameter has the wrong form");
    const [name, sign] = pair.map((text) => textual(text, 40));
    insist(SIGNS.includes(sign) || RANGE.test(sign), "a sign is not known");
    return [name, sign];
  });
  const using = someOf(state.u, hypotheses);
  const values = Object.fromEntries(parameters.map(([name], k) => [name, x[k]]));
  return { loss: textual(state.e), activation: textual(state.a), parameters, using, values };
}
