// What the engine says about a line, in words: a mark, a sentence, rows of a counterexample.

/** The mark of a verdict; "" where there is none. */
export function markOf(verdict) {
  return verdict?.mark ?? { right: "✓", wrong: "✗", undecided: "?", conditional: "◐" }[verdict?.verdict] ?? "";
}

/** The sentence of an answer, and its mark before it; `above`: the number of a wrong line above. */
export function sentenceOf(verdict, above = null) {
  if (above && verdict.verdict === "wrong") return ["✗", `does not follow from line ${above}, which is wrong`];
  if (verdict.stopped) return ["", "stopped"];
  if (verdict.failed) return ["", verdict.failed];
  if (verdict.refused) return ["?", verdict.refused];
  if (verdict.note) return ["", verdict.note];
  const kinds = { right, wrong, conditional, unreadable: misread, unfounded: (told) => unfounded(told, above) };
  return (kinds[verdict.verdict] ?? (verdict.unreadable ? misread : undecided))(verdict);
}

function right({ every, points, hint, where = [], unneeded = [] }) {
  const compared = points ? `; compared at ${points} points` : "";
  return ["✓", `right${given(where)}, for ${every ?? "every n"}${compared}${behind(hint)}${behind(notNeeded(unneeded))}`];
}

/** Of hypotheses that are ticked, though the line is right without them. */
function notNeeded(names) {
  return names.length && `${listed(names)} ${names.length === 1 ? "is" : "are"} ticked and not needed`;
}

/** With what it was proved, in words. */
function given(where) {
  return where.length ? ` where ${listed(where)}` : "";
}

function wrong({ counterexample, sentence, hint }) {
  const differ = `wrong: the two sides differ${behind(hint)}`;
  return ["✗", counterexample ? differ : sentence || "wrong"];
}

/** Of a line that is right, below one that is not. */
function unfounded({ by_itself: words }, above) {
  return ["?", `${words}, but it does not follow from ${above ? `line ${above}` : "the line above"}, which is wrong`];
}

function behind(hint) {
  return hint ? `; ${hint}` : "";
}

function conditional({ missing }) {
  return ["◐", missing.words];
}

function undecided({ sentence }) {
  const reason = sentence?.replace(/^cannot decide: /, "") || "neither judge is sure";
  return ["?", `cannot decide: ${reason}`];
}

/** What a line lacks to be right, and where that is added; "" where nothing is known. */
export function lackOf({ missing, verdict }) {
  if (!missing) return "";
  if (verdict === "conditional") return missing.advice;
  return missing.advice ? `${missing.words}: ${missing.advice}` : missing.words;
}

/** The hypotheses that make a line right, where it lacks no definition. */
export function hypothesesOf({ missing, verdict }) {
  if (verdict !== "conditional" || missing.definitions.length) return [];
  return missing.hypotheses;
}

/** Where the series explains a mistake: the page and the heading, from the root. */
export function placeOf({ notebook, heading }) {
  return `notebooks/${notebook}.html#${encodeURIComponent(heading.replaceAll(" ", "-"))}`;
}

function misread({ side, unreadable }) {
  const before = { left: "the line before", start: "the start" }[side];
  if (before) return ["?", `${before} cannot be read`];
  return ["?", waysOf(unreadable) || "this cannot be read"];
}

/** The sentence for a text that has several meanings; "" for another one. */
export function waysOf(problem) {
  const count = ["two", "three"][(problem?.is_ambiguous ? problem.suggestions : []).length - 2];
  return count ? `this can be read in ${count} ways` : "";
}

/** One sentence for the reader's letters, [ours, theirs] each; "" for none. */
export function yours(letters) {
  return letters.length ? `here ${letters.map(([ours, theirs]) => `${ours} is your ${theirs}`).join(", ")}` : "";
}

/** The rows of a counterexample, [name, lines of its value], the two sides last. */
export function rowsOf({ sizes, indices, arrays, numbers, sides, left, right }) {
  const [one, other] = sides ?? ["the left side", "the right side"];
  return [
    ...(sizes ?? []),
    ...(indices ?? []),
    ...(arrays ?? []).map(({ name, rows }) => [name, linesOf(rows)]),
    ...(numbers ?? []),
    [one, left],
    [other, right],
  ].map(([name, value]) => [String(name), [value].flat().map(String)]);
}

/** A vector is one line, a matrix one for each of its rows. */
function linesOf(rows) {
  const isMatrix = rows.some(Array.isArray);
  return isMatrix ? rows.map((line) => `(${line.join(", ")})`) : `(${rows.join(", ")})`;
}

/** One sentence for a whole chain. */
export function summary(verdicts) {
  const total = verdicts.length;
  const lines = (kind, isMeant = () => true) =>
    verdicts.flatMap((verdict, k) => (verdict.verdict === kind && isMeant(k) ? [k + 1] : []));
  const isBelow = (k) => verdicts[k - 1]?.verdict === "wrong";
  const unfollowing = [...lines("wrong", isBelow), ...lines("unfounded")].sort((one, other) => one - other);
  const parts = [
    [lines("wrong", (k) => !isBelow(k)), "is wrong", "are wrong"],
    [unfollowing, "does not follow from the wrong line above it", "do not follow from the wrong lines above them"],
    [lines("conditional"), "is right with a condition", "are right with a condition"],
    [lines("undecided"), "cannot be decided", "cannot be decided"],
    [lines("unreadable"), "cannot be read", "cannot be read"],
    [lines(undefined), "has no verdict", "have no verdict"], // refused, or the start is unreadable
  ];
  const right = verdicts.filter((verdict) => verdict.verdict === "right");
  const told = right.map((verdict) => verdict.every ?? "every n");
  const every = told.filter((words) => words.includes("≥")).sort().at(-1) ?? told[0];
  if (total === 0) return "there is no line yet";
  if (right.length === total) {
    const all = total === 1 ? "the line is right" : `all ${total} lines are right`;
    return `${all}${given([...new Set(right.flatMap(({ where = [] }) => where))])}, for ${every}`;
  }
  const said = parts
    .filter(([found]) => found.length)
    .map(([found, one, many]) => `${linesOfNumbers(found)} ${found.length === 1 ? one : many}`);
  const others = total - parts.flatMap(([found]) => found).length;
  const rest = others === total ? [] : others ? [others === 1 ? "the other one is right" : `the other ${others} are right`] : [];
  return [...said, ...rest].join("; ");
}

/** One sentence for the rows of a pasted text that are no lines; of right ones only with `isWhole`. */
export function besides(rows, isWhole = false) {
  const of = (kind) => rows.filter((row) => kind === (row.verdict ?? (row.is_definition ? "definition" : "none")));
  const parts = [
    ["wrong", "is wrong", "are wrong"],
    ["unfounded", "does not follow", "do not follow"],
    ["conditional", "is right with a condition", "are right with a condition"],
    ["undecided", "cannot be decided", "cannot be decided"],
    ["none", "is not judged", "are not judged"],
    ...(isWhole ? [["right", "is right", "are right"], ["definition", "is a definition", "are definitions"]] : []),
  ];
  return parts.flatMap(([kind, one, many]) => {
    const found = of(kind), numbers = [...new Set(found.map(({ row }) => row))];
    if (!found.length) return [];
    const isOne = numbers.length === 1;
    const said = `row${isOne ? "" : "s"} ${listed(numbers)} ${isOne ? one : many}`;
    const why = new Set(found.map(({ diagnosis }) => diagnosis?.sentence).filter(Boolean));
    return [[said, [...why].join("; ")].filter(Boolean).join(": ")];
  }).join("; ");
}

/** What the list of a chain is called. */
export function chainOf(count) {
  return `derivation, ${count} ${count === 1 ? "line" : "lines"}`;
}

/** "line 5", or "lines 5, 6 and 8". */
export function linesOfNumbers(numbers) {
  return `line${numbers.length === 1 ? "" : "s"} ${listed(numbers)}`;
}

function listed(words) {
  return [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" and ");
}
