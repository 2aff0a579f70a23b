// Numbers that a reader types beside a loss, and numbers by chance.

/** The numbers of a text such as "1, 2, 0.5" or a printed array; null where one of them is none. */
export function numbersOf(text) {
  const inside = text.trim().replace(/^[A-Za-z.]*\(?\[(.*)\](?:,\s*\w+=[^,;=\]]+)*\)?$|^\((.*)\)$/s, "$1$2");
  if (inside.includes(";") && /\d,\d/.test(inside)) return null; // 1,5; 2: which comma is a point?
  const parts = inside.replaceAll("−", "-").split(/[\s,;]+/).filter(Boolean);
  const numbers = parts.map(Number);
  return numbers.length && numbers.every(Number.isFinite) ? numbers : null;
}

/** Whether numbers may stand for a parameter of a sign, or of a range such as 1/2..3 or [0..1]. */
export function fit(numbers, sign) {
  if (sign === "nonnegative") return numbers.every((number) => number >= 0);
  const [low, high] = { positive: [0, Infinity], real: [-Infinity, Infinity] }[sign] ?? ends(sign);
  const above = sign.startsWith("[") ? (number) => number >= low : (number) => number > low;
  const below = sign.endsWith("]") ? (number) => number <= high : (number) => number < high;
  return numbers.every((number) => above(number) && below(number));
}

function ends(range) {
  const [low, high] = range.replace(/[[\]()]/g, "").split("..").map((end) => end.trim() && quotient(...end.split("/")));
  return [low === "" ? -Infinity : low, high === "" ? Infinity : high];
}

const quotient = (above, below = 1) => Number(above) / Number(below);

/** Logits and labels of so many classes, as texts; the labels are shares that sum to 1. */
export function pointByChance(count, random = Math.random) {
  const every = Array.from({ length: count });
  const z = every.map(() => (6 * random() - 3).toFixed(2));
  const cuts = every.slice(1).map(() => Math.round(100 * random())).sort((one, other) => one - other);
  const shares = [...cuts, 100].map((cut, k) => (cut - (cuts[k - 1] ?? 0)) / 100);
  return { z: z.join(", "), y: shares.join(", ") };
}
