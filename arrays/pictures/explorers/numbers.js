// The mathematics of the explorers, and numbers as text. `round` is Math.fround where
// float32 is what is looked at.
const sum = (v, round = Number) => v.reduce((total, x) => round(total + x), 0);
const dot = (v, w) => sum(v.map((x, i) => x * w[i]));
const minus = (v, w) => v.map((x, i) => x - w[i]);
const size = (v) => Math.sqrt(dot(v, v));
const softmax = (z, round = Number) => {
  const top = Math.max(...z);
  const powers = z.map((x) => round(Math.exp(round(x - top))));
  const total = sum(powers, round);
  return powers.map((x) => round(x / total));
};
const logSumExp = (z) => Math.max(...z) - Math.log(Math.max(...softmax(z)));
const jacobian = (a, round = Number) =>
  a.map((p, i) => a.map((q, j) => round((i === j ? p : 0) - round(p * q))));
const throughJacobian = (a, y, round) => {
  const J = jacobian(a, round), dA = a.map((p, i) => round(-y[i] / p));
  return a.map((_, j) => sum(dA.map((slope, i) => round(slope * J[i][j])), round));
};

// Numbers as Python writes them, with the minus sign of mathematics.
const number = (x, digits = 2) => {
  if (Number.isNaN(x)) return "NaN";
  const sign = x < 0 ? "−" : "";
  if (!Number.isFinite(x)) return `${sign}∞`;
  // Halfway, as 0.125 is, Python takes the even digit and toFixed the larger one.
  const halfway = (Math.abs(x) * 2 ** (digits + 1)) % 2 === 1;
  const even = (2 * Math.round((x * 10 ** digits) / 2)) / 10 ** digits;
  const text = Math.abs(halfway ? even : x).toFixed(digits);
  return Number(text) ? sign + text : text; // -0.00 is 0.00
};
const tuple = (v, digits) => `(${v.map((x) => number(x, digits)).join(", ")})`;
