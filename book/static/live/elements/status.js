// How far the engine is: what it loads, whether it works, and the button that stops it.

import { button, enable, make } from "./dom.js";

const MEGABYTE = 1e6;

/** A line below a live part; it is empty until that part has asked something. */
export class Status {
  constructor(engine, part) {
    this.engine = engine;
    this.part = part;
    this.attending = false;
    this.bar = make("progress", { "aria-label": "loading the engine" });
    this.words = make("span");
    this.progress = make("p", { class: "live-progress", hidden: true }, this.bar, this.words);
    this.trouble = make("p", { class: "live-trouble", role: "status" });
    this.stop = button("stop", () => engine.stop());
    this.stop.hidden = true;
    this.task = "";
    engine.listen(() => this.show());
  }

  /** The part has a question: from now on it says how far the engine is. */
  attend() {
    this.attending = true;
    this.show();
  }

  /** What is being done, "line 3 of 7"; "" when it is done. */
  doing(task) {
    this.task = task;
    this.show();
  }

  show() {
    const { state, current: worker, trouble } = this.engine;
    const isBusy = this.engine.working !== null || this.engine.waiting.length > 0;
    this.part.dataset.engine = state;
    enable(this.stop, this.attending && (isBusy || state === "loading"));
    if (!this.attending) return;
    this.stop.hidden = false;
    const isLoading = state === "loading";
    const words = isLoading ? loading(worker) : this.task;
    this.progress.hidden = !words;
    this.bar.hidden = !isLoading;
    if (worker?.total) {
      this.bar.max = worker.total;
      this.bar.value = Math.min(worker.loaded, worker.total);
    } else {
      this.bar.removeAttribute("value");
    }
    if (this.words.textContent !== words) this.words.textContent = words;
    if (this.trouble.textContent !== trouble) this.trouble.textContent = trouble;
  }
}

function loading(worker) {
  if (!worker?.total) return "loading the engine …";
  if (worker.loaded >= worker.total) return "starting the engine …";
  const [here, all] = [worker.loaded, worker.total].map((bytes) => (bytes / MEGABYTE).toFixed(1));
  return `loading the engine: ${here} of ${all} MB, once`;
}
