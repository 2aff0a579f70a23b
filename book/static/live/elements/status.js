// How far the engine is: what it loads, whether it works, and the button that stops it.

import { button, enable, make, reveal } from "./dom.js";
import { HEARD, PATIENCE, seen } from "../worker/loading_words.js";

const BOXES = ":is(textarea, input, math-field):not([readonly])";

/** A line below a live part; it is empty until that part has asked something, or a box of it is touched. */
export class Status {
  constructor(engine, part) {
    this.engine = engine;
    this.part = part;
    this.attending = false;
    this.bar = make("progress", { "aria-label": "loading the engine" });
    this.words = make("span");
    this.progress = make("p", { class: "live-progress", hidden: true }, this.bar, this.words);
    this.said = make("p", { class: "live-said visually-hidden", role: "status" });
    this.trouble = make("p", { class: "live-trouble", role: "status" });
    this.heard = make("p", { class: "live-heard visually-hidden", role: "status" });
    this.element = make("div", { class: "live-status" }, this.progress, this.said, this.heard, this.trouble);
    this.hear = (words) => put(this.heard, words); // what is seen elsewhere
    this.stop = button("stop", () => engine.stop());
    this.stop.classList.add("live-stop");
    this.stop.hidden = true;
    this.task = "";
    this.waited = 0;
    part.addEventListener("focusin", ({ target }) => target.matches(BOXES) && this.begin());
    engine.listen(() => this.show());
  }

  /** The part has a question: from now on it says how far the engine is. */
  attend() {
    this.attending = true;
    this.show();
  }

  /** A question is to be expected: the engine is loaded. */
  begin() {
    this.attend();
    this.engine.start();
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
    const { words, value, max } = isLoading ? seen(worker ?? {}) : { words: this.task, value: null, max: 1 };
    if (words && this.progress.hidden) reveal(this.part, this.progress);
    this.progress.hidden = !words;
    this.bar.hidden = !isLoading;
    this.bar.max = max;
    if (value === null) this.bar.removeAttribute("value");
    else this.bar.value = value;
    put(this.words, words);
    this.say(isLoading);
    put(this.trouble, trouble);
  }

  /** One sentence for who does not see the bar, where the engine is not there in a moment. */
  say(isLoading) {
    if (!isLoading) {
      clearTimeout(this.waited);
      this.waited = 0;
      put(this.said, "");
    } else if (!this.waited) {
      this.waited = setTimeout(() => put(this.said, HEARD), PATIENCE);
    }
  }
}

/** What is said again is not written again: a screen reader would read it twice. */
function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
