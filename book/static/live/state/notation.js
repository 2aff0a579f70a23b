// How a formula is written: the examples beside a box have the letters that are to be typed there.

const EXAMPLES = [
  ["y a", "sum_k y_k log a_k"], ["a δ", "a_i (delta_ij - a_j)"], ["Y A", "sum_k Y_ks log A_ks"], ["A δ", "A_is (delta_ij - A_js)"],
  ["y o", "sum_k y_k log o_k"], ["W", "W_jq / 2"], ["z", "e^z_j / 2"], ["Z", "e^Z_ks / 2"], ["N", "e^N / 2"], ["mE", "JE / mE"],
].map(([letters, text]) => ({ letters: letters.split(" "), text }));
const MOST = 2;

/** Two formulas, or one, in the letters of a text such as "A, Y, δ"; of any where it has none. */
export function notationOf(names = "") {
  const known = names.split(", ");
  const fitting = EXAMPLES.filter(({ letters }) => letters.every((x) => known.includes(x)));
  const shown = (fitting.length ? fitting : EXAMPLES).slice(0, MOST).map(({ text }) => text);
  return `For example ${shown.join(", or ")}. `;
}

/** What describes the box for a question: how one is asked. */
export const QUESTIONS = "For example dL/dz_j, or da_i/dz_j = a_i (delta_ij - a_j). "
  + "Letters of your own, such as p, t and o, are read, and so are several lines of LaTeX that you paste (align). ";
