// The engine in a web worker: loads Python once, then answers one request after another.
// Pyodide's module, with its function _createPyodideModule, is put above this script.
// It starts from a blob: address, so that the page's Content-Security-Policy holds here,
// as a module ({ type: "module" }): in a classic worker Pyodide would try importScripts on
// a data: address, which the policy refuses and a browser complains of.
//   page -> worker: {id: -1, engine: address of the engine's folder, files: its manifest}
//                   {id, request: text}
//   worker -> page: {progress: {loaded, total}} in bytes, {step: {words, number, of}},
//                   {ready: true, seconds}, {id, answer: text}, {failed: message}
"use strict";

// The start of Python, then what it imports: each is told when it begins.
const PYTHON = "starting Python";
const IMPORTS = [
  ["reading SymPy", "sympy"],
  ["reading the judges", "derivations.proof"],
  ["reading the theorems", "book.engine.answers"],
];
const MODULES = "modules.zip";
const ORDER = ["pyodide-lock.json", "pyodide.asm.wasm", "library.zip", MODULES];

const ask = self.fetch; // what Pyodide finds in its place, it asks only for files on their way
let engine = null;
let waiting = Promise.resolve();

self.onmessage = ({ data }) => {
  waiting = waiting.then(() => (data.id === -1 ? start(data) : respond(data)));
};

async function start({ engine: folder, files: manifest }) {
  const begin = performance.now();
  try {
    engine = await load(folder, manifest.files);
    self.postMessage({ ready: true, seconds: (performance.now() - begin) / 1000 });
  } catch (error) {
    self.postMessage({ failed: String(error?.message ?? error) });
  }
}

function respond({ id, request }) {
  if (!engine) return;
  try {
    self.postMessage({ id, answer: engine.answer(request) });
  } catch (error) {
    // A worker in which Python has died answers nothing more: the page starts another.
    engine = null;
    self.postMessage({ failed: String(error?.message ?? error) });
  }
}

async function load(folder, files) {
  // Where a policy or a browser forbids WebAssembly, Pyodide would wait for ever.
  new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const script = import(`${folder}pyodide.mjs`);
  const arriving = arrivals(folder, files);
  const modules = arriving.find(({ address }) => address.endsWith(MODULES)).response;
  const { loadPyodide } = await script;
  // Pyodide asks for what is on its way already, and for nothing else.
  self.fetch = async (address) => {
    const found = arriving.find((file) => file.address === String(address));
    if (!found) throw new Error(`${address} is no part of the engine`);
    return found.response;
  };
  tell(PYTHON, 1);
  const loading = loadPyodide({
    indexURL: folder,
    packageBaseUrl: folder,
    stdLibURL: `${folder}library.zip`,
    createPyodideModule: _createPyodideModule, // it stands above this script
  });
  try {
    // A download that breaks off has to be told, for Pyodide does not.
    const ends = Promise.all(arriving.map(({ end }) => end));
    await Promise.race([loading, ends.then(() => loading)]);
  } finally {
    self.fetch = ask;
  }
  return imported(await loading, await (await modules).arrayBuffer());
}

// The module that answers, imported from the bytes of a zip.
function imported(python, zip) {
  python.FS.writeFile(`/lib/${MODULES}`, new Uint8Array(zip), { canOwn: true });
  python.globals.get("__import__")("sys").path.append(`/lib/${MODULES}`);
  const found = IMPORTS.map(([words, name], k) => {
    tell(words, k + 2);
    return python.pyimport(name);
  });
  return found.at(-1);
}

function tell(words, number) {
  self.postMessage({ step: { words, number, of: IMPORTS.length + 1 } });
}

// The files on their way, unpacked: under which address Pyodide asks for each, and its end.
// They come one after another: the first are used while the last, the largest, is sent.
function arrivals(folder, files) {
  const progress = new Progress(files);
  let before = Promise.resolve();
  return ORDER.map((start) => {
    const { name } = files.find((file) => file.name.startsWith(start));
    const unpacking = name.endsWith(".packed") ? new DecompressionStream("gzip") : new TransformStream();
    const end = before.then(async () => {
      const sent = await ask(folder + name);
      if (!sent.ok) throw new Error(`${name}: the host answers ${sent.status}`);
      await sent.body.pipeThrough(progress.counter()).pipeTo(unpacking.writable);
    });
    before = end;
    const type = name.includes(".wasm") ? "application/wasm" : "application/octet-stream";
    const whole = new Response(unpacking.readable, { headers: { "Content-Type": type } });
    // WebAssembly is compiled while it arrives; the others wait for nobody who reads them.
    const response = name.includes(".wasm") ? whole : whole.arrayBuffer().then((bytes) => new Response(bytes));
    return { address: folder + name.replace(".packed", ""), response, end };
  });
}

// How many bytes have arrived, of all; the scripts were there before this one ran.
class Progress {
  constructor(files) {
    const bytes = (files) => files.reduce((sum, file) => sum + file.bytes, 0);
    this.total = bytes(files);
    this.loaded = bytes(files.filter(({ name }) => name.includes(".mjs")));
    this.told = 0;
  }

  counter() {
    return new TransformStream({
      transform: (chunk, controller) => {
        this.loaded += chunk.length;
        this.tell();
        controller.enqueue(chunk);
      },
    });
  }

  tell() {
    const now = performance.now();
    // Ten times a second is enough for a reader, and the end is always told.
    if (this.loaded < this.total && now - this.told < 100) return;
    this.told = now;
    self.postMessage({ progress: { loaded: this.loaded, total: this.total } });
  }
}
