// The engine in a web worker: loads Python once, then answers one request after another.
// Pyodide's module, with its function _createPyodideModule, is put above this script.
// It starts from a blob: address, so that the page's Content-Security-Policy holds here,
// as a module ({ type: "module" }): in a classic worker Pyodide would try importScripts on
// a data: address, which the policy refuses and a browser complains of.
//   page -> worker: {id: -1, engine: address of the engine's folder, files: its manifest}
//                   {id, request: text}
//   worker -> page: {progress: {loaded, total}} in bytes, {ready: true, seconds},
//                   {id, answer: text}, {failed: message}
"use strict";

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
  const progress = new Progress(files);
  const script = import(`${folder}pyodide.mjs`);
  const others = files.filter(({ name }) => !name.includes(".mjs"));
  const arriving = await Promise.all(others.map(({ name }) => arrival(folder, name, progress)));
  const { loadPyodide } = await script;
  const own = self.fetch;
  // Pyodide asks for what is on its way already, and for nothing else.
  self.fetch = async (address) => {
    const found = arriving.find((file) => file.address === String(address));
    if (!found) throw new Error(`${address} is no part of the engine`);
    return found.response;
  };
  const loading = loadPyodide({
    indexURL: folder,
    packageBaseUrl: folder,
    stdLibURL: `${folder}engine.zip`,
    createPyodideModule: _createPyodideModule, // it stands above this script
  });
  try {
    // A download that breaks off has to be told, for Pyodide does not.
    const ends = Promise.all(arriving.map(({ end }) => end));
    await Promise.race([loading, ends.then(() => loading)]);
    return (await loading).pyimport("book.engine.answers");
  } finally {
    self.fetch = own;
  }
}

// A file on its way, unpacked: under which address Pyodide asks for it, and its end.
async function arrival(folder, name, progress) {
  const sent = await fetch(folder + name);
  if (!sent.ok) throw new Error(`${name}: the host answers ${sent.status}`);
  const counted = sent.body.pipeThrough(progress.counter());
  const isPacked = name.endsWith(".packed");
  const body = isPacked ? counted.pipeThrough(new DecompressionStream("gzip")) : counted;
  const type = name.includes(".wasm") ? "application/wasm" : "application/octet-stream";
  const response = new Response(body, { headers: { "Content-Type": type } });
  const end = response.clone().body.pipeTo(new WritableStream());
  return { address: folder + name.replace(".packed", ""), response, end };
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
