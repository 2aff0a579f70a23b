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
// Where descent on a bias ends for labels y, if every term with i ≠ j is left out: each
// push y_j (1 - a_j) is one number C. A class with a push below C is left behind, at 0.
const endWithoutOthers = (y) => {
  const inverse = (left) => left.map((i) => 1 / y[i]);
  const push = (left) => (left.length - 1) / sum(inverse(left));
  let left = [...y.keys()].filter((i) => y[i] > 0);
  while (left.some((i) => y[i] <= push(left))) left = left.filter((i) => y[i] > push(left));
  return y.map((p, i) => (left.includes(i) ? 1 - push(left) / p : 0));
};

// Points a around y at which the cross-entropy is a level above its least value; where no
// point towards a side is, the point on that side.
const levelCurve = (y, level) => {
  const loss = (a) => -sum(y.map((p, i) => p && p * Math.log(a[i])));
  const most = loss(y) + level, along = (v, w, t) => v.map((x, i) => x + t * (w[i] - x));
  const corner = (j) => y.map((_, i) => Number(i === j % y.length));
  return [...Array(32 * y.length).keys()].map((k) => {
    // More points near the corners, where the curve turns.
    const on = (1 - Math.cos((Math.PI * (k % 32)) / 32)) / 2, from = Math.floor(k / 32);
    const side = along(corner(from), corner(from + 1), on);
    if (loss(side) <= most) return side;
    let share = 0;
    for (let step = 1 / 2; step > 1e-4; step /= 2) {
      if (loss(along(y, side, share + step)) <= most) share += step;
    }
    return along(y, side, share);
  });
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

// A formula in plain text as MathML, which a screen reader reads: a_i has an index, e^{z_i} an
// exponent. A minus that touches what follows it is a sign.
const PART = /(log|through|−?\d[\d.]*|−?∞|NaN|[^\s{}])(?:_(\w|\{.*?\}))?(?:\^\{(.*?)\})?/g;
const leaf = (base, isSign) => {
  if (/\d|∞|NaN/.test(base)) return `<mn>${base}</mn>`;
  if (base === "through") return "<mtext>&nbsp;through&nbsp;</mtext>";
  if (/log|Σ/.test(base)) return `<mo form="prefix" lspace="0.2em" rspace="0.2em">${base}</mo>`;
  if (/[a-zα-ω∂]/i.test(base)) return `<mi>${base}</mi>`;
  return `<mo stretchy="false"${isSign ? ' form="prefix"' : ""}>${base}</mo>`;
};
const inMathML = (text) => text.replace(PART, (_, base, index, exponent, at) => {
  const shown = leaf(base, base === "−" && text[at + 1] !== " ");
  if (index) return `<msub>${shown}<mrow>${inMathML(index)}</mrow></msub>`;
  return exponent ? `<msup>${shown}<mrow>${inMathML(exponent)}</mrow></msup>` : shown;
}).replace(/[{}]/g, "");
// A formula has no line breaks: a long row of numbers becomes several, one behind each comma.
const math = (text, look = "") => (text.length > 40 ? text.split(/(?<=,) /) : [text])
  .map((part) => `<math${look}>${inMathML(part)}</math>`).join(" ");
const bold = (text) => math(text, ' style="font-weight: bold"');
