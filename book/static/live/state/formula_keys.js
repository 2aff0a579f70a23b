// What is pressed and typed in a formula field: the letters and the signs of this series.  In
// LaTeX for MathLive, #@ is what stands before the caret, and #? a place to fill.

/** Words that become a sign, where MathLive's own list has another one or none; null: no sign. */
export const WORDS = {
  softmax: "\\operatorname{softmax}",
  log: "\\log",
  sum: "\\sum",
  "∂": "\\partial",
  ...Object.fromEntries(["ii", "jj", "ee", "in", "sh", "th", "ch", "mm", "cm", "mi"].map((word) => [word, null])),
};

const place = "\\placeholder{}";
const shifted = (latex, shift) => ({ latex, shift });
const small = (latex, insert, variants) => ({ latex, insert, variants, class: "small" });
const subscript = (index) => small(`${place}_{${index}}`, `#@_{${index}}`);
const moves = ["[left]", "[right]", "[return]"];
const command = (label, ...command) => ({ label, command, class: "small action", width: 1 });
const done = command("done", "hideVirtualKeyboard");
const clear = command("clear", "performWithFeedback", "deleteAll");
const fraction = small(`\\frac{${place}}{${place}}`, "\\frac{#@}{#?}");
const power = (of, insert) => small(`${of}^{${place}}`, insert);

const LETTERS = [
  [shifted("a", "A"), shifted("z", "Z"), shifted("y", "Y"), "L", "J", shifted("d", "\\partial"), "\\log"],
  [subscript("i"), subscript("j"), subscript("k"), small(`${place}_{${place}}`, "#@_{#?}"),
    { ...power(place, "#@^{#?}"), shift: small(`${place}^{\\top}`, "#@^{\\top}") }, power("e", "e^{#?}"), fraction],
  [shifted("i", "s"), shifted("j", "q"), shifted("k", "p"), shifted("n", "m"),
    { ...small("\\sum_i", "\\sum_{i}", ["\\sum_{j}", "\\sum_{k}", "\\sum_{#?}"]),
      shift: small("\\sum_{i\\ne j}", "\\sum_{i\\ne j}", ["\\sum_{k\\ne j}", "\\sum_{j\\ne i}"]) },
    { ...small("\\delta_{ij}", "\\delta_{ij}", ["\\delta_{jk}", "\\delta_{#?}"]),
      shift: small(`\\delta_{${place}${place}}`, "\\delta_{#?}") }, // both letters go into one place
    small(`\\frac{\\partial${place}}{\\partial${place}}`, "\\frac{\\partial #?}{\\partial #?}")],
  [shifted("1", "0"), shifted("c", "2"), "(", ")", shifted("=", "\\cdot"), clear, "[backspace]"],
  ["[shift]", "+", shifted("-", "\\odot"), done, ...moves],
];
const OTHERS = [
  ["1", "2", "3", "4", "5", "6", "7"],
  ["8", "9", "0", ".", "=", "+", "-"],
  ["A", "Z", "Y", "W", "X", "b", clear],
  ["p", "q", "s", "t", "c", small(`\\sqrt{${place}}`, "\\sqrt{#?}"), "[backspace]"],
  ["\\alpha", "\\beta", "\\gamma", done, ...moves],
];

/** MathLive's own keys, named in brackets, are wider than the others, and are not here. */
const ofOneWidth = (key) => (typeof key === "string" && /^\[.+\]$/.test(key)
  ? { label: key, width: 1, class: key === "[shift]" ? "shift" : "action hide-shift" } : key);

/** The layers of the keyboard on the screen: rows of seven keys, 44 pixels wide where it is 320. */
export const LAYOUTS = [
  { label: "a z y", tooltip: "the letters of the series", rows: LETTERS },
  { label: "1 2 α", tooltip: "numbers and other letters", rows: OTHERS },
].map((layout) => ({ ...layout, rows: layout.rows.map((row) => row.map(ofOneWidth)) }));
