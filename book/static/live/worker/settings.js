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

/** The settings, with the scripts of a worker, Pyodide's module and ours; `isKept`: they lay in the cache. */
export async function settingsOfEngine() {
  const found = await settings();
  const module = `${found.engine}pyodide.asm.mjs.packed`;
  scripts ??= Promise.all([unpacked(module), text("web_worker.js")]);
  try {
    return { ...found, scripts: await scripts, isKept: wasKept(module) };
  } catch (error) {
    scripts = null;
    throw error;
  }
}

const text = async (name) => (await get(above(name))).text();

/** The addresses of all files that the engine is made of, scripts first. */
export async function addresses() {
  const { engine, manifest } = await settings();
  const scripts = manifest.files.filter(({ name }) => name.includes(".mjs"));
  const others = manifest.files.filter(({ name }) => !name.includes(".mjs"));
  return [above("web_worker.js").href, ...[...scripts, ...others].map(({ name }) => engine + name)];
}

/** Whether a file that has been fetched lay in the browser's cache; false where it does not tell. */
function wasKept(address) {
  const last = performance.getEntriesByName(address).at(-1);
  return Boolean(last) && last.transferSize < last.encodedBodySize;
}

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
