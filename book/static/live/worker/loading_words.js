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

/** What is read aloud, wherever the engine comes from, if it is not there after so many milliseconds. */
export const HEARD = "starting, up to half a minute on a slow device";
export const PATIENCE = 2000;

const megabytes = (bytes) => (bytes / MEGABYTE).toFixed(1);
