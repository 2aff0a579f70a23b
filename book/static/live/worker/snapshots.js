// A snapshot of the engine's memory, which this browser keeps so that the next page starts from
// it. Runs in the worker; the page asks whether there is one. Whatever goes wrong here costs time,
// and nothing else.

const STORE = "engine";
const FOLDER = new URL("../", import.meta.url); // its name is a hash of the engine and of this script
const KEY = new URL("snapshot", FOLDER).href; // no file: a name in the store
const BUILDS = new URL("../", FOLDER).href;
const [SEAL, SIZE] = ["X-Seal", "X-Size"];
export const LARGEST = 100e6; // bytes; the store is on a phone, too

/**
 * The snapshot of this build, {bytes, isWhole}, or null. The bytes are still being read, and are
 * there when the promise `isWhole` is: true where they are as they were kept, by this version of
 * the browser. Snapshots of the book's other builds are deleted.
 */
export async function kept() {
  try {
    const store = await caches.open(STORE);
    const others = (await store.keys()).filter(({ url }) => url.startsWith(BUILDS) && url !== KEY);
    await Promise.all(others.map((other) => store.delete(other)));
    const entry = await store.match(KEY);
    if (!entry) return null;
    const bytes = new Uint8Array(Number(entry.headers.get(SIZE)));
    return { bytes, isWhole: fill(bytes, entry).catch(() => false) };
  } catch {
    await forget(); // there is no store, it is refused, or it cannot be read
    return null;
  }
}

/** Whether there is a snapshot of this build; it is not read. */
export async function isThere() {
  try {
    return Boolean(await (await caches.open(STORE)).match(KEY));
  } catch {
    return false;
  }
}

/** Takes a snapshot of an engine that has had no question, and keeps it. */
export function make(python) {
  try {
    python.pyimport("book.engine.snapshot").complete();
    const bytes = python.makeMemorySnapshot();
    return keep(bytes).finally(() => release(bytes));
  } catch {
    return null; // the engine goes on without
  }
}

/** Keeps the bytes of a snapshot, where they are few enough and the browser takes them. */
export async function keep(bytes) {
  if (bytes.length > LARGEST) return;
  try {
    const headers = { [SEAL]: await seal(bytes), [SIZE]: bytes.length };
    await (await caches.open(STORE)).put(KEY, new Response(bytes, { headers }));
  } catch {
    await forget(); // it is full
  }
}

/** Frees the bytes at once: Pyodide holds on to them, and an idle worker collects no garbage. */
export function release(bytes) {
  const { port1, port2 } = new MessageChannel();
  port2.close(); // what is sent to nobody is freed
  port1.postMessage(null, [bytes.buffer]);
}

/** Deletes the snapshot of this build. */
export async function forget() {
  try {
    await (await caches.open(STORE)).delete(KEY);
  } catch {
    // There is none.
  }
}

async function fill(bytes, { body, headers }) {
  let length = 0;
  const write = (chunk) => {
    bytes.set(chunk, length);
    length += chunk.length;
  };
  await body.pipeTo(new WritableStream({ write }));
  return headers.get(SEAL) === (await seal(bytes));
}

/** Of these bytes and this browser: one of another version may lay out the memory otherwise. */
async function seal(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `${new Uint8Array(digest).join(" ")} ${navigator.userAgent}`;
}
