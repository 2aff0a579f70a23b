// The engine in a web worker: loads Python once, then answers one request after another.
// Pyodide's module, with its function _createPyodideModule, is put above this script.
// It starts from a blob: address, so that the page's Content-Security-Policy holds here,
// as a module ({ type: "module" }): in a classic worker Pyodide would try importScripts on
// a data: address, which the policy refuses and a browser complains of.
//   page -> worker: {id: -1, engine: address of the engine's folder, files: its manifest,
//                    snapshots: address of worker/snapshots.js, isSpare}
//                   {id, request: text}
//   worker -> page: {progress: {loaded, total}} in bytes, {step: {words, number, of}},
//                   {wakes: true}: the next word comes soon, or the snapshot is no good,
//                   {ready: true, seconds}, {id, answer: text}, {failed: message}
"use strict";

// The start of Python, then what it imports, and of which new zip: each is told when it begins.
const ANSWERS = "book.engine.answers";
const PYTHON = "starting Python";
const IMPORTS = [
  ["reading mpmath", "mpmath"],
  ["reading Lark", "lark"],
  ["reading SymPy", "sympy", "sympy.zip"],
  ["reading the judges", "derivations.proof", "own.zip"],
  ["reading the theorems", ANSWERS],
];
const RESTORES = ["opening the engine that this browser has kept", "waking it"];
const ZIPS = ["library.zip", "sympy.zip", "own.zip"]; // a snapshot has them in it
const ORDER = ["pyodide-lock.json", "pyodide.asm.wasm", ...ZIPS];

const ask = self.fetch; // what Pyodide finds in its place, it asks only for files on their way
let engine = null;
let snapshots = null;
let waiting = Promise.resolve();

self.onmessage = ({ data }) => {
  waiting = waiting.then(() => (data.id === -1 ? start(data) : respond(data)));
};

async function start({ engine: folder, files: manifest, snapshots: address, isSpare }) {
  const begin = performance.now();
  try {
    snapshots = await import(address);
    engine = (await restored(folder, manifest.files)) ?? (await imported(folder, manifest.files, isSpare));
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
    snapshots.forget();
    self.postMessage({ failed: String(error?.message ?? error) });
  }
}

// The module that answers, out of the snapshot that this browser keeps; null where there is
// none, or where it does not start.
async function restored(folder, files) {
  const snapshot = await snapshots.kept();
  if (!snapshot) return null;
  try {
    tell(RESTORES, 0);
    const python = await load(folder, arrivals(folder, files, ZIPS), { snapshot });
    python.pyimport("book.engine.snapshot").wake();
    return python.pyimport(ANSWERS);
  } catch {
    await snapshots.forget();
    return null;
  }
}

// The module that answers, imported: what has come, while the rest is on its way. A spare worker
// has time to make a snapshot, of an engine that has had no question yet.
async function imported(folder, files, isSpare) {
  const steps = [PYTHON, ...IMPORTS.map(([words]) => words)];
  const arriving = arrivals(folder, files);
  tell(steps, 0);
  const python = await load(folder, arriving, { makesSnapshot: isSpare });
  const { path } = python.pyimport("sys");
  for (const [k, [, name, zip]] of IMPORTS.entries()) {
    tell(steps, k + 1);
    if (zip) {
      const place = arriving.findIndex(({ address }) => address === folder + zip);
      await arriving[place + 1]?.begin; // for nothing is asked for while Python works
      const bytes = await (await arriving[place].response).arrayBuffer();
      python.FS.writeFile(`/lib/${zip}`, new Uint8Array(bytes), { canOwn: true });
      path.append(`/lib/${zip}`);
    }
    python.pyimport(name);
  }
  if (isSpare) snapshots.make(python);
  return python.pyimport(ANSWERS);
}

// Python, of the files on their way: with its library alone, or with all that is in a snapshot.
async function load(folder, arriving, { snapshot, makesSnapshot = false }) {
  // Where a policy or a browser forbids WebAssembly, Pyodide would wait for ever.
  new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  const { loadPyodide } = await import(`${folder}pyodide.mjs`);
  // Pyodide asks for what is on its way already, and for nothing else.
  self.fetch = async (address) => {
    const found = arriving.find((file) => file.address === String(address));
    if (!found) throw new Error(`${address} is no part of the engine`);
    return found.response;
  };
  const loading = loadPyodide({
    indexURL: folder,
    packageBaseUrl: folder,
    stdLibURL: `${folder}library.zip`,
    _loadSnapshot: snapshot?.bytes,
    _makeSnapshot: makesSnapshot,
    createPyodideModule: async (settings) => {
      const module = await _createPyodideModule(settings); // it stands above this script
      if (!snapshot) return module;
      if (!(await snapshot.isWhole)) throw new Error("the snapshot is not whole");
      tell(RESTORES, 1);
      self.postMessage({ wakes: true });
      // Pyodide copies a snapshot into the memory, and does not see whether there is room.
      module.growMemory(snapshot.bytes.length);
      return module;
    },
  });
  try {
    // A download that breaks off has to be told, for Pyodide does not.
    const ends = Promise.all(arriving.map(({ end }) => end));
    await Promise.race([loading, ends.then(() => loading)]);
  } finally {
    self.fetch = ask;
  }
  const python = await loading;
  if (snapshot) snapshots.release(snapshot.bytes);
  return python;
}

function tell(steps, k) {
  self.postMessage({ step: { words: steps[k], number: k + 1, of: steps.length } });
}

// The files on their way, unpacked: under which address Pyodide asks for each, and its end.
// They come one after another: the first are used while the last, the largest, is sent.
// What is not needed is not sent, and empty.
function arrivals(folder, files, unneeded = []) {
  const isNeeded = ({ name }) => !unneeded.some((start) => name.startsWith(start));
  const progress = new Progress(files.filter(isNeeded));
  let before = Promise.resolve();
  return ORDER.map((start) => {
    const { name } = files.find((file) => file.name.startsWith(start));
    const address = folder + name.replace(".packed", "");
    if (!isNeeded({ name })) return { address, response: new Response(), begin: before, end: before };
    const unpacking = name.endsWith(".packed") ? new DecompressionStream("gzip") : new TransformStream();
    const begin = before.then(() => ask(folder + name));
    const end = begin.then(async (sent) => {
      if (!sent.ok) throw new Error(`${name}: the host answers ${sent.status}`);
      await sent.body.pipeThrough(progress.counter()).pipeTo(unpacking.writable);
    });
    before = end;
    const type = name.includes(".wasm") ? "application/wasm" : "application/octet-stream";
    const whole = new Response(unpacking.readable, { headers: { "Content-Type": type } });
    if (name.includes(".wasm")) return { address, response: whole, begin, end }; // compiled while it arrives
    const bytes = whole.arrayBuffer(); // the others wait for nobody who reads them
    return { address, response: end.then(async () => new Response(await bytes)), begin, end };
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
