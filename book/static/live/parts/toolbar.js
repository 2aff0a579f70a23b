// What can be done with a whole chain: verify, stop, undo, share, copy.

import { button, enable, make } from "../elements/dom.js";
import { banner, handOut, share } from "../elements/share.js";

const FORMATS = [["Markdown", "markdown"], ["LaTeX", "latex"], ["text", "text"]];

export class Toolbar {
  constructor(chain) {
    this.chain = chain;
    this.first = button("add a line after 0", () => chain.add(null), "add");
    const buttons = make("div", { class: "live-buttons" }, this.first);
    this.foot = buttons;
    this.editing = button("edit this derivation", (event) => this.toggle(event));
    this.keyboard = make("span", { class: "live-hint" }, "Arrow keys go from control to control, Escape leads here.");
    this.verifying = button("verify all lines", () => chain.verifyAll());
    this.undoing = button("undo", () => chain.undo());
    this.resetting = button("back to the original", () => chain.reset());
    const copies = FORMATS.map(([name, format]) =>
      button(`copy as ${name}`, () => this.copy(name, format)),
    );
    this.said = make("p", { class: "live-summary", role: "status" });
    this.out = make("div", { class: "live-out" });
    this.banner = banner(() => {
      this.verifying.focus();
      chain.verifyAll();
    });
    chain.list.before(this.banner);
    chain.list.children[0].classList.add("live-start");
    const { status } = chain;
    this.element = make(
      "div",
      { class: "live-toolbar", role: "group", "aria-label": "the whole chain" },
      make("div", { class: "live-actions" },
        this.editing, this.verifying, status.stop, this.undoing, this.resetting, this.keyboard),
      make("div", { class: "live-actions" },
        button("share", () => this.share()), ...copies),
      this.said,
      this.out,
    );
  }

  show() {
    const { state } = this.chain;
    const { isEditing } = this.chain;
    this.editing.textContent = isEditing ? "done" : "edit this derivation";
    this.editing.setAttribute("aria-expanded", String(isEditing));
    for (const control of [this.undoing, this.keyboard]) control.hidden = !isEditing;
    this.resetting.hidden = !isEditing || !state.originals.length;
    enable(this.undoing, state.history.length > 0);
    enable(this.resetting, state.isChanged());
    enable(this.verifying, state.lines.length > 0);
  }

  /** By a key, the focus goes to the first line; a pointer, which has `detail`, goes itself. */
  toggle({ detail }) {
    const { chain } = this;
    chain.edit(!chain.isEditing);
    if (chain.isEditing && detail === 0) chain.focusOn(0);
  }

  say(words) {
    this.said.textContent = words;
  }

  /** What was said of a chain that has been changed since is taken away. */
  quiet() {
    this.say("");
    this.out.replaceChildren();
  }

  async copy(name, format) {
    const answer = await this.chain.copy(format);
    if (answer.copied === undefined) {
      const place = answer.unreadable ? `${answer.side}: ${answer.unreadable.message}` : "";
      this.say(place || answer.refused || (answer.stopped ? "stopped" : ""));
      return;
    }
    const say = (words) => this.say(words);
    await handOut(answer.copied, `the chain as ${name}`, `copied as ${name}`, this.out, say);
  }

  async share() {
    this.chain.settleAll();
    await share(this.chain.pack(this.chain.state.packed()), this.out, (words) => this.say(words));
  }
}
