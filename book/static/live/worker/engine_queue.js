// The engine in web workers: one that works, and a spare one that takes over after "stop".

import { settingsOfEngine } from "./settings.js";
import { startWorker } from "./start_worker.js";

const VERDICTS = new Set(["line", "exercise", "loss"]);

/** One worker, with how far it has loaded the engine. */
class EngineWorker {
  constructor(found, start, hear, isSpare) {
    this.ready = false;
    this.loaded = 0;
    this.total = found.manifest.bytes ?? 0;
    this.step = null;
    this.isKept = found.isKept ?? false;
    const { post, end } = start(found, (data) => {
      if (data.progress) Object.assign(this, data.progress);
      if (data.step) this.step = data.step;
      if (data.ready) this.ready = true;
      hear(this, data);
    }, isSpare);
    Object.assign(this, { post, end });
  }
}

export class Engine {
  /** `find()`: the settings and scripts; `start`: as startWorker; `memory`: of this machine, in GB. */
  constructor({ find = settingsOfEngine, start = startWorker, memory = globalThis.navigator?.deviceMemory ?? 8 } = {}) {
    Object.assign(this, { find, startWorker: start, memory });
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
      const found = await this.find();
      if (this.starting !== turn) return;
      this.starting = null;
      this.current = this.worker(found);
      this.next();
    } catch (error) {
      if (this.starting === turn) this.fail(error.message);
    }
  }

  worker(found, isSpare = false) {
    return new EngineWorker(found, this.startWorker, (worker, data) => this.hear(worker, data), isSpare);
  }

  hear(worker, data) {
    if (data.failed && worker === this.spare) {
      worker.end();
      this.spare = null;
    } else if (worker !== this.current) {
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
      this.current.post({ id, request: JSON.stringify(request) });
    }
    this.tell();
  }

  /** A spare worker, which makes the snapshot too, unless the machine has little memory. */
  async prepare() {
    if (this.spare || !this.current || this.memory < 2) return;
    const found = await this.find();
    if (this.spare || !this.current) return;
    this.spare = this.worker(found, true);
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
