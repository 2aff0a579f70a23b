// Where the engine, the typesetter and the formula field lie: settings.json, in the folder above.

const above = (name) => new URL(`../${name}`, import.meta.url);
let asked = null;
let scripts = null;

async function get(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} is not there (${response.status})`);
  return response;
}

async function read() {
  const found = await (await get(above("settings.json"))).json();
  return {
    engine: above(found.engine).href,
    typesetter: above(found.typesetter).href,
    field: above(found.field).href,
    manifest: found.manifest,
  };
}

/** The addresses and the manifest, read once; a failure may be tried again. */
export function settings() {
  asked ??= read().catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** The settings, and with them the scripts of a worker: Pyodide's module and ours. */
export async function settingsOfEngine() {
  const found = await settings();
  scripts ??= Promise.all([unpacked(`${found.engine}pyodide.asm.mjs.packed`), text("web_worker.js")]);
  try {
    return { ...found, scripts: await scripts };
  } catch (error) {
    scripts = null;
    throw error;
  }
}

const text = async (name) => (await get(above(name))).text();

async function unpacked(address) {
  const { body } = await get(address);
  return new Response(body.pipeThrough(new DecompressionStream("gzip"))).text();
}

/** What this browser lacks, as a sentence; "" where nothing is missing. */
export function missing() {
  if (typeof WebAssembly !== "object") {
    return "Lines cannot be changed here: this browser has no WebAssembly, or it is turned off.";
  }
  if (typeof DecompressionStream !== "function") {
    return "Lines cannot be changed here: this browser cannot unpack the engine; a newer one can.";
  }
  if (typeof Worker !== "function") {
    return "Lines cannot be changed here: this browser has no web workers.";
  }
  return "";
}
