// What a reader has done, kept by the browser under one name.  A store that is refused, full, of
// another version or not ours costs a sentence, never a page.

const NAME = "why-dz-is-a-minus-y", VERSION = 1;
const LONGEST = 100_000; // characters: more is not ours

/** All that is kept, {part: value}; empty where nothing is, or nothing that can be read. */
export function all() {
  try {
    const text = localStorage.getItem(NAME);
    if (!text || text.length > LONGEST) return {};
    const { version, parts } = JSON.parse(text);
    return version === VERSION && isPlain(parts) ? parts : {};
  } catch {
    return {};
  }
}

const isPlain = (value) => Object.prototype.toString.call(value) === "[object Object]";

export function read(part) {
  const parts = all();
  return Object.hasOwn(parts, part) ? parts[part] : null;
}

/** Keeps a part; returns "" or, where the browser refuses, a sentence that says so. */
export function write(part, value) {
  try {
    localStorage.setItem(NAME, JSON.stringify({ version: VERSION, parts: { ...all(), [part]: value } }));
    return "";
  } catch {
    return "This browser keeps nothing for this page: where you are holds until you close it.";
  }
}
