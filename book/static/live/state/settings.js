// Where the engine and the typesetter lie: settings.json, in the folder above.

const above = (name) => new URL(`../${name}`, import.meta.url);
let asked = null;

async function get(name) {
  const response = await fetch(above(name));
  if (!response.ok) throw new Error(`${name} is not there (${response.status})`);
  return response;
}

async function read() {
  const [found, worker] = await Promise.all([
    get("settings.json").then((response) => response.json()),
    get("web_worker.js").then((response) => response.text()),
  ]);
  return {
    engine: above(found.engine).href,
    typesetter: above(found.typesetter).href,
    manifest: found.manifest,
    worker,
  };
}

/** The addresses and the text of the worker, read once; a failure may be tried again. */
export function settings() {
  asked ??= read().catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** What this browser lacks, as a sentence; "" where nothing is missing. */
export function missing() {
  if (typeof WebAssembly !== "object") {
    return "Lines cannot be changed here: this browser has no WebAssembly, or it is turned off.";
  }
  if (typeof Worker !== "function") {
    return "Lines cannot be changed here: this browser has no web workers.";
  }
  return "";
}
