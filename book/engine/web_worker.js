// The engine in a web worker: loads Python once, then answers one request after another.
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
  const counter = new Counter(files);
  const reading = [];
  const responses = new Map();
  const modules = files.filter(({ name }) => name.endsWith(".mjs"));
  const others = files.filter((file) => !modules.includes(file));
  const arrivals = modules.map(async ({ name }) => {
    const module = await import(folder + name);
    counter.arrived(name);
    return [name, module];
  });
  await Promise.all(
    others.map(async ({ name }) => {
      const response = await fetch(folder + name);
      if (!response.ok) throw new Error(`${name}: the host answers ${response.status}`);
      // The original goes to Pyodide, for browsers keep compiled code by its address.
      reading.push(counter.read(name, response.clone()));
      responses.set(folder + name, response);
    }),
  );
  const { loadPyodide } = Object.fromEntries(await Promise.all(arrivals))["pyodide.mjs"];
  const own = self.fetch;
  // Pyodide asks for what is on its way already, and for nothing else.
  self.fetch = async (address) => {
    const response = responses.get(String(address));
    if (!response) throw new Error(`${address} is no part of the engine`);
    return response;
  };
  const loading = loadPyodide({
    indexURL: folder,
    packageBaseUrl: folder,
    stdLibURL: `${folder}engine.zip`,
  });
  try {
    // A download that breaks off has to be told, for Pyodide does not.
    await Promise.race([loading, Promise.all(reading).then(() => loading)]);
    return (await loading).pyimport("book.engine.answers");
  } finally {
    self.fetch = own;
  }
}

// Counts what has arrived. A stream gives what the host had packed unpacked, so its
// bytes are weighed by how small the file is when it is packed.
class Counter {
  constructor(files) {
    this.files = new Map(files.map((file) => [file.name, { ...file, loaded: 0, weight: 1 }]));
    this.scripts = [...this.files.values()].filter(({ name }) => name.endsWith(".mjs"));
    this.told = 0;
  }

  async read(name, response) {
    const file = this.files.get(name);
    if (response.headers.get("content-encoding")) {
      // A host that packs this packs scripts too, and of those no header is seen.
      for (const each of [file, ...this.scripts]) each.weight = each.gzip / each.bytes;
    }
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      file.loaded += value.length;
      this.tell();
    }
    this.arrived(name);
  }

  arrived(name) {
    const file = this.files.get(name);
    file.loaded = file.bytes;
    this.tell();
  }

  tell() {
    let [loaded, total] = [0, 0];
    for (const file of this.files.values()) {
      loaded += file.loaded * file.weight;
      total += file.bytes * file.weight;
    }
    const now = performance.now();
    // Ten times a second is enough for a reader, and the end is always told.
    if (loaded < total && now - this.told < 100) return;
    this.told = now;
    self.postMessage({ progress: { loaded: Math.round(loaded), total: Math.round(total) } });
  }
}
