// The engine in web workers: one that works, and a spare one that takes over after "stop".

import { settings } from "./settings.js";

const VERDICTS = new Set(["line", "exercise", "loss"]);

/** One worker with the engine in it. */
class EngineWorker {
  constructor(found, hear) {
    const text = new Blob([found.worker], { type: "text/javascript" });
    const address = URL.createObjectURL(text);
    this.ready = false;
    this.loaded = 0;
    this.total = found.manifest.gzip ?? 0;
    // Pyodide runs in module workers only; in others a policy makes it take them for one.
    this.worker = new Worker(address, { type: "module" });
    this.worker.onmessage = ({ data }) => this.hear(data, hear);
    this.worker.onerror = (event) => {
      event.preventDefault();
      hear({ failed: event.message || "the worker could not be started" });
    };
    this.worker.postMessage({ id: -1, engine: found.engine, files: found.manifest });
    this.end = () => {
      this.worker.terminate();
      URL.revokeObjectURL(address);
    };
  }

  hear(data, hear) {
    if (data.progress) Object.assign(this, data.progress);
    if (data.ready) this.ready = true;
    hear(data);
  }
}

export class Engine {
  constructor() {
    this.waiting = [];
    this.working = null;
    this.current = null;
    this.spare = null;
    this.starting = null;
    this.count = 0;
    this.trouble = "";
    this.listeners = new Set();
  }

  /** The engine's answer to a request; it is {stopped} after "stop", {dropped} where a
   * later request with the same key came before its turn, {failed} without an engine. */
  ask(request, key = null) {
    return new Promise((answer) => {
      if (key) this.drop(key);
      this.count += 1;
      this.waiting.push({ id: this.count, request, key, answer });
      this.next();
    });
  }

  drop(key) {
    const [late, kept] = [[], []];
    for (const job of this.waiting) (job.key === key ? late : kept).push(job);
    this.waiting = kept;
    for (const job of late) job.answer({ dropped: true });
  }

  /** Ends the work at once; the spare worker takes over, or a new one is started. */
  stop() {
    const wasReady = this.current?.ready;
    this.current?.end();
    this.current = this.spare;
    this.spare = null;
    this.starting = null;
    this.finish({ stopped: true });
    if (!this.current && wasReady) this.start();
    this.tell();
  }

  /** Loads the engine before there is a question. */
  async start() {
    if (this.current || this.starting) return;
    const turn = {};
    this.starting = turn;
    this.trouble = "";
    this.tell();
    try {
      const found = await settings();
      if (this.starting !== turn) return;
      this.starting = null;
      const current = new EngineWorker(found, (data) => this.hear(current, data));
      this.current = current;
      this.next();
    } catch (error) {
      if (this.starting === turn) this.fail(error.message);
    }
  }

  hear(current, data) {
    if (data.failed && current === this.spare) {
      current.end();
      this.spare = null;
    } else if (current !== this.current) {
      return;
    } else if (data.failed) {
      this.fail(data.failed);
    } else if (this.working && data.id === this.working.id) {
      const { answer, request } = this.working;
      this.working = null;
      answer(parsed(data.answer));
      if (VERDICTS.has(request.ask)) this.prepare();
    }
    this.next();
  }

  next() {
    if (!this.current && this.waiting.length) this.start();
    if (this.current?.ready && !this.working && this.waiting.length) {
      this.working = this.waiting.shift();
      const { id, request } = this.working;
      this.current.worker.postMessage({ id, request: JSON.stringify(request) });
    }
    this.tell();
  }

  /** A spare worker, unless the machine has little memory. */
  async prepare() {
    if (this.spare || !this.current || (navigator.deviceMemory ?? 8) < 2) return;
    const found = await settings();
    if (this.spare || !this.current) return;
    const current = new EngineWorker(found, (data) => this.hear(current, data));
    this.spare = current;
  }

  fail(message) {
    this.current?.end();
    this.current = null;
    this.starting = null;
    this.trouble = `The engine could not be loaded: ${message}. Ask again to try again.`;
    this.finish({ failed: this.trouble });
    this.tell();
  }

  finish(answer) {
    const jobs = [this.working, ...this.waiting].filter(Boolean);
    this.working = null;
    this.waiting = [];
    for (const job of jobs) job.answer(answer);
  }

  get state() {
    if (this.trouble) return "failed";
    if (this.starting || (this.current && !this.current.ready)) return "loading";
    if (!this.current) return "idle";
    return this.working ? "working" : "ready";
  }

  /** Calls `heard(engine)` at every change, and once now. */
  listen(heard) {
    this.listeners.add(heard);
    heard(this);
  }

  tell() {
    for (const heard of this.listeners) heard(this);
  }
}

function parsed(answer) {
  try {
    return JSON.parse(answer);
  } catch {
    return { refused: "the engine's answer could not be read" };
  }
}
