// What a term is worth at numbers: programs as book/pages/linked_terms.py writes them.

const OPERATIONS = {
  "+": (at, ...parts) => parts.reduce((total, part) => total + value(part, at), 0),
  "×": (at, ...parts) => parts.reduce((product, part) => product * value(part, at), 1),
  "/": (at, top, bottom) => top / bottom,
  "^": (at, base, power) => value(base, at) ** value(power, at),
  exp: (at, power) => Math.exp(value(power, at)),
  z: (at, index) => at.z[at[index] - 1],
  y: (at, index) => at.y[at[index] - 1],
  δ: (at, one, other) => Number(at[one] === at[other]),
  Σ: (at, index, part) =>
    at.z.reduce((total, _, k) => total + value(part, { ...at, [index]: k + 1 }), 0),
};

/** A program's value; `at` has z, y and a number, from 1, for each letter. */
export function value(program, at) {
  if (typeof program === "number") return program;
  const [operation, ...parts] = program;
  return OPERATIONS[operation](at, ...parts);
}

/**
 * For which classes a term has values, one for each or a single one, as its picture has them:
 * `letters` are those of its chain, with its case, and `moved` is the last logit that was moved.
 * A term with a true class c has no values where the labels y are those of several classes.
 */
export function places(letters, { z, y, moved }) {
  const each = z.map((_, k) => k + 1);
  if (letters.length === 1) return { of: letters, at: each.map((k) => ({ z, y, [letters]: k })) };
  if (letters === "i=j") return { of: "i = j", at: each.map((j) => ({ z, y, i: j, j })) };
  if (letters === "cj") {
    const c = y.indexOf(1) + 1;
    return c ? { of: "j", fixed: { c }, at: each.map((j) => ({ z, y, c, j })) } : { at: [] };
  }
  const j = moved + 1;
  const i = (j % z.length) + 1;
  return { fixed: { i, j }, at: [{ z, y, i, j }] };
}
