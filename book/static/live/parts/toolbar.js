// What can be done with a whole chain: go on, judge, stop, undo, share, copy.

import { button, enable, fresh, make } from "../elements/dom.js";
import { Banner, handOut, share } from "../elements/share.js";

const JUDGE_ALL = "judge all lines";
const BLANKS = ["lines", "reasons"];
const FORMATS = [["Markdown", "markdown"], ["LaTeX", "latex"], ["text", "text"]];

export class Toolbar {
  constructor(chain) {
    this.chain = chain;
    this.first = button("add a line after 0", () => chain.add(null), "add");
    const buttons = make("div", { class: "live-buttons", role: "toolbar", "aria-label": "start" }, this.first);
    this.foot = buttons;
    this.editing = button("edit this derivation", (event) => this.toggle(event));
    this.keyboard = make("span", { class: "live-hint", id: fresh("hint") }, "Arrow keys go from control to control, Escape leads here.");
    this.verifying = button(JUDGE_ALL, () => chain.verifyAll());
    this.adding = button("next line", () => chain.addLast());
    this.undoing = button("undo", () => chain.undo());
    this.resetting = button("back to the original", () => chain.reset());
    this.copies = FORMATS.map(([name, format], k) =>
      button(`copy as ${name}`, () => this.copy(this.copies[k], name, format)),
    );
    this.asking = chain.packExercise ? [button("exercise link", () => this.shareExercise())] : [];
    this.sharing = button("share", () => this.share());
    this.printing = BLANKS.map((blanks) => button(`worksheet with blank ${blanks}`, () => this.print(blanks)));
    this.said = make("p", { class: "live-summary", role: "status" });
    this.out = make("div", { class: "live-out" });
    this.banner = new Banner(JUDGE_ALL, () => {
      this.verifying.focus({ preventScroll: true });
      chain.verifyAll();
      chain.scrollToWritten();
    });
    chain.list.before(this.banner.element);
    chain.list.children[0].classList.add("live-start");
    const { status } = chain;
    this.element = make(
      "div",
      { class: "live-toolbar", role: "group", "aria-label": "the whole chain" },
      this.said,
      this.adding,
      make("div", { class: "live-actions" },
        this.editing, this.verifying, status.stop, this.undoing, this.resetting, this.keyboard),
      make("div", { class: "live-actions" }, this.sharing, ...this.copies,
        ...this.asking,
        ...this.printing),
      this.out,
    );
  }

  show() {
    const { state } = this.chain;
    const { isEditing } = this.chain;
    this.editing.textContent = isEditing ? "done" : "edit this derivation";
    this.editing.setAttribute("aria-expanded", String(isEditing));
    for (const control of [this.adding, this.undoing, this.keyboard]) control.hidden = !isEditing;
    const isChanged = state.isChanged();
    this.resetting.hidden = !(isEditing || isChanged) || !state.originals.length;
    if (this.chain.claim) this.chain.claim.hidden = isChanged;
    const isEmpty = !state.lines.length;
    for (const control of [this.sharing, ...this.asking, ...this.copies]) control.hidden = isEmpty;
    for (const control of this.printing) control.hidden = isEmpty && !this.chain.sheet;
    enable(this.undoing, state.history.length > 0);
    enable(this.resetting, isChanged);
    enable(this.verifying, state.lines.length > 0);
  }

  /** By a key, the focus goes to the first line; a pointer, which has `detail`, goes itself. */
  toggle({ detail }) {
    const { chain } = this;
    chain.edit(!chain.isEditing);
    chain.status.hear(chain.isEditing ? "" : "editing ended");
    if (chain.isEditing && detail === 0) chain.focusOn(0);
  }

  say(words) {
    this.said.textContent = words;
  }

  /** What was said of a chain that has been changed since is taken away. */
  quiet() {
    this.say("");
    this.out.replaceChildren();
    this.banner.show("");
    FORMATS.forEach(([name], k) => {
      this.copies[k].textContent = `copy as ${name}`;
    });
  }

  /** After a wait for the engine a browser may refuse the clipboard: then it takes another press. */
  async copy(control, name, format) {
    this.chain.settleAll();
    let words = this.chain.known(format);
    if (words === undefined) {
      control.textContent = "reading …";
      enable(control, false);
      const answer = await this.chain.copy(format);
      enable(control, true);
      control.textContent = `copy as ${name}`;
      if (answer.copied === undefined) {
        const place = answer.unreadable ? `${answer.side}: ${answer.unreadable.message}` : "";
        this.say(place || answer.refused || (answer.stopped ? "stopped" : ""));
        return;
      }
      words = answer.copied;
    }
    const say = (said) => this.say(said);
    const isCopied = await handOut(words, `the chain as ${name}`, `copied as ${name}`, this.out, say);
    control.textContent = isCopied ? `copy as ${name}` : "copy again";
  }

  /** An address that asks for this derivation: its lines are the hints, the last one is the goal if none is set. */
  async shareExercise() {
    this.chain.settleAll();
    await share(this.chain.packExercise(), this.out, (words) => this.say(words), false);
  }

  async print(blanks) {
    this.chain.settleAll();
    const { printWorksheet } = await import("./worksheet.js");
    printWorksheet(await this.chain.sheet?.() ?? { list: this.chain.list }, blanks);
  }

  async share() {
    this.chain.settleAll();
    await share(this.chain.pack(this.chain.state.packed()), this.out, (words) => this.say(words));
  }
}
