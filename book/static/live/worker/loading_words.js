// What a reader is told while the engine loads: the bytes as they come, then the steps of its
// start as the worker reports them.

const MEGABYTE = 1e6;

/** What is seen: {words, value, max}; `value` is null where nothing can be counted yet. */
export function seen({ loaded = 0, total = 0, step = null, isKept = false } = {}) {
  if (total && loaded < total && !isKept) {
    return { words: `loading the engine, once: ${megabytes(loaded)} of ${megabytes(total)} MB`, value: loaded, max: total };
  }
  if (!step) return { words: "loading the engine …", value: null, max: 1 };
  const { words, number, of } = step;
  return { words: `${words} (step ${number} of ${of})`, value: number - 1, max: of };
}

/** What is read aloud: that bytes are on their way, then that Python starts; from the browser's
 * cache the engine is there in a moment, and nothing is said. */
export function heard({ loaded = 0, total = 0, step = null, isKept = false } = {}) {
  if (isKept || !total || !loaded) return "";
  if (loaded < total) return `loading the engine: ${megabytes(total)} MB, once`;
  return step ? "the engine is here, and starts" : "";
}

const megabytes = (bytes) => (bytes / MEGABYTE).toFixed(1);
