// The lines of a chain that a reader changes, without what is seen of them.  Lines are never
// mended in place: each change makes a new list, so that "undo" is the list before.  A verdict
// belongs to two texts and the hypotheses used between them; so a line that is as it was has
// the verdict it had.

import { packLines, sameLine } from "./address.js";
import { linesOfNumbers } from "./verdict_words.js";

export const MOST_LINES = 40;

export class ChainState {
  /** `start`: {text, latex}; `original`: the lines {text, latex, reason, using} of the page. */
  constructor(start, original) {
    this.originals = original.map((line, k) => ({ ...line, origin: k, id: `line ${k}` }));
    this.lines = this.originals;
    this.history = [];
    this.unasked = new Set();
    this.pausedIn = null; // the line that is being typed, with pauses
    this.count = 0;
    this.begin(start);
  }

  /** Begins with a start; of verdicts only those of the page are known, of the page's start. */
  begin(start) {
    this.start = start;
    this.pasted = []; // the reader's letters in what was read as a whole; its lines have ours
    this.letters = new Map(); // of each text what the engine said of the reader's letters
    this.latex = new Map(this.originals.map(({ text, latex }) => [text, latex]));
    if (start.latex) this.latex.set(start.text, start.latex);
    this.verdicts = new Map();
    this.originals.forEach((line, k) => {
      const left = k ? this.originals[k - 1].text : start.text;
      this.verdicts.set(keyOf(left, line), { verdict: "right", built: true });
    });
  }

  place(id) {
    return this.lines.findIndex((line) => line.id === id);
  }

  /** The left side of a line: the line before it, or the start; a new line is passed over until it is asked. */
  left(k) {
    return this.lines.slice(0, k).findLast(({ id }) => !this.unasked.has(id))?.text ?? this.start.text;
  }

  verdict(k) {
    return this.verdicts.get(this.key(k)) ?? null;
  }

  /** By this a verdict is kept: the two texts, and what is used between them. */
  key(k) {
    return keyOf(this.left(k), this.lines[k]);
  }

  /** Which of our letters are the reader's, in pairs, from the start to the last line. */
  lettersRead() {
    const texts = [this.start.text, ...this.lines.map(({ text }) => text)];
    return unique([...this.pasted, ...texts.flatMap((text) => this.letters.get(text) ?? [])]);
  }

  /** The place of the first line whose verdict is one that is looked for, where it and all lines above are right; or -1. */
  placeOfRight(isIt) {
    return this.right().findIndex(isIt);
  }

  /** The verdicts of the lines from the first on, as far as they are right. */
  right() {
    const told = this.lines.map((_, k) => this.verdict(k));
    const other = told.findIndex((verdict) => verdict?.verdict !== "right");
    return other < 0 ? told : told.slice(0, other);
  }

  /** Those lines as the engine writes them. */
  rightTexts() {
    return this.right().map(({ text }) => text);
  }

  isChanged() {
    return (
      this.lines.length !== this.originals.length ||
      this.lines.some((line, k) => line.id !== this.originals[k].id || !sameLine(line, this.originals[k]))
    );
  }

  /** The places of lines that are not the page's. */
  written() {
    return this.lines.flatMap((line, k) => (line.origin === null ? [k] : []));
  }

  /** What was done to the lines of the page, a sentence; "" for nothing. `isLeft`: by this reader. */
  change(isLeft = false) {
    if (!this.isChanged()) return "";
    if (isLeft) return "Your derivation, as you left it.";
    if (!this.originals.length) return "A reader wrote this derivation.";
    const written = this.written(), less = this.originals.length - this.lines.length;
    const done = written.length ? [`changed ${linesOfNumbers(written.map((k) => k + 1))}`] : [];
    if (less > 0) done.push(`took out ${less === 1 ? "a line" : `${less} lines`}`);
    return `A reader ${done.join(" and ")}.`;
  }

  /** Another list; in the one before, which "undo" brings back, no new line waits for its text. */
  become(lines) {
    this.history.push(this.lines.filter(({ id }) => !this.unasked.has(id)));
    this.lines = lines;
    this.pausedIn = null;
  }

  /** Adds an empty line after another (null: after the start); null where it is full. */
  add(after) {
    if (this.lines.length >= MOST_LINES) return null;
    const k = this.place(after) + 1;
    const line = { id: this.newId(), origin: null, text: "", reason: "", using: [] };
    this.unasked.add(line.id);
    this.lines = [...this.lines.slice(0, k), line, ...this.lines.slice(k)];
    this.pausedIn = null;
    return line;
  }

  newId() {
    this.count += 1;
    return `new ${this.count}`;
  }

  /** Takes several lines in place of one; false where the chain would be too long. */
  spread(id, rows) {
    if (this.lines.length + rows.length - 1 > MOST_LINES) return false;
    const k = this.place(id), [first, ...more] = rows;
    for (const { text, latex } of rows) if (latex) this.latex.set(text, latex);
    const made = ({ text, reason, using }, old) => ({ ...old, text, reason, using });
    const added = more.map((row) => made(row, { id: this.newId(), origin: null }));
    this.become([...this.lines.slice(0, k), made(first, this.lines[k]), ...added, ...this.lines.slice(k + 1)]);
    this.unasked.delete(id);
    return true;
  }

  /** Removes a line; its place, where now the next one is. */
  remove(id) {
    const k = this.place(id);
    this.unasked.delete(id);
    this.become(without(this.lines, k));
    return k;
  }

  /** Removes a new line that was never asked, as if it had not been added; its place or null. */
  drop(id) {
    if (!this.unasked.delete(id)) return null;
    const k = this.place(id);
    this.lines = without(this.lines, k);
    return k;
  }

  /**
   * Takes what a reader wrote into a line; whether that changes it.  What is typed with
   * pauses is one step for "undo", until it is asked or another line changes; what is
   * typed into a new line is one with its coming.
   */
  settle(id, draft, isPause = false) {
    const k = this.place(id);
    const isSame = sameLine(this.lines[k], draft), goesOn = this.pausedIn === id;
    if (!isSame) {
      const lines = this.lines.map((line) => (line.id === id ? { ...line, ...draft } : line));
      if (goesOn) this.lines = lines;
      else this.become(lines);
    }
    this.unasked.delete(id);
    this.pausedIn = isPause ? id : null;
    return !isSame;
  }

  /** Back to the list before; whether there was one. */
  undo() {
    const before = this.history.pop();
    if (!before) return false;
    this.lines = before;
    this.pausedIn = null;
    this.unasked.clear();
    return true;
  }

  /** Back to the lines of the page. */
  reset() {
    if (this.isChanged()) this.become(this.originals);
    this.unasked.clear();
  }

  /** Takes the lines of an address; whatever they say, no verdict comes with them. */
  load(lines) {
    this.lines = lines.map(({ latex, ...line }) => {
      if (latex) this.latex.set(line.text, latex);
      return line.origin === null ? { ...line, id: this.newId() } : this.originals[line.origin];
    });
    this.history = [];
    this.pausedIn = null;
    this.unasked.clear();
  }

  packed() {
    return packLines(this.lines, this.originals);
  }
}

/** What the right sides of an equation are: one alone is to be shown; of several each is a line, the last one too. */
export function linesAndGoal(sides) {
  return sides.length > 1 ? { lines: sides, goal: null } : { lines: [], goal: sides[0] ?? null };
}

/** What one step back has changed, in words. */
export function whatIsBack(before, after) {
  const places = [...after.keys()].filter((k) => after[k] !== before[k]);
  const first = (places[0] ?? after.length) + 1;
  if (after.length < before.length) return `line ${first} is gone again`;
  if (after.length > before.length) return `line ${first} is there again`;
  return `line${places.length > 1 ? "s" : ""} ${places.map((k) => k + 1).join(", ")} as before`;
}

/** A formula of the engine as a line, with the reason that the reader wrote, if there is one. */
export function lineOf({ text, latex, reason = "", using = [] }) {
  return { origin: null, text, latex, reason, using };
}

/** Pairs of letters, each once. */
export function unique(pairs) {
  return [...new Map(pairs.map((pair) => [String(pair), pair])).values()];
}

function without(lines, k) {
  return lines.filter((_, n) => n !== k);
}

function keyOf(left, { text, using }) {
  return JSON.stringify([left, text, using]);
}
