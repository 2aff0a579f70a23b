// What a reader has done, kept by the browser under one name: {path, levels, drafts, answers}.  A store that
// is refused, full, of another version or not ours costs a sentence, never a page.

const NAME = "why-dz-is-a-minus-y", VERSION = 1;
const LONGEST = 100_000; // characters: more is not ours
const PARTS = ["path", "levels", "drafts", "answers"];
export const REFUSED = "This browser keeps nothing for this page: what you do here is forgotten when you leave.";

export const FULL = "There is no room for more: what is new is not kept. Your progress can be deleted on its page.";

/** All that is kept, {part: value}; empty where nothing is, or nothing that can be read. */
export function all() {
  try {
    return parsed(localStorage.getItem(NAME)) ?? {};
  } catch {
    return {};
  }
}

/** The value of a part, an object; empty where nothing is kept. */
export function read(part) {
  return all()[part] ?? {};
}

/** Keeps a part; returns "" or, where the browser refuses, a sentence that says so. */
export function write(part, value) {
  return put({ ...all(), [part]: value });
}

/** The store as the text of a file. */
export function exported() {
  return written(all());
}

/** Takes the text of a file in place of what is kept; returns "" or what is wrong with it. */
export function imported(text) {
  const parts = parsed(text);
  return parts ? put(parts) : "This file is not one that was saved here, so nothing was changed.";
}

/** Forgets all. */
export function forget() {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // where nothing may be kept there is nothing to forget
  }
}

const written = (parts) => JSON.stringify({ version: VERSION, parts });

function put(parts) {
  const text = written(parts);
  if (text.length > LONGEST) return FULL;
  try {
    localStorage.setItem(NAME, text);
    globalThis.dispatchEvent?.(new Event("progress")); // for the ticks of the sidebar
    return "";
  } catch {
    return REFUSED;
  }
}

/** The parts in a text, those that are ours; null where it is none of this version. */
function parsed(text) {
  if (!text || text.length > LONGEST) return null;
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (found?.version !== VERSION || !isPlain(found.parts)) return null;
  const ours = PARTS.filter((name) => Object.hasOwn(found.parts, name) && isPlain(found.parts[name]));
  return Object.fromEntries(ours.map((name) => [name, found.parts[name]]));
}

const isPlain = (value) => Object.prototype.toString.call(value) === "[object Object]";
