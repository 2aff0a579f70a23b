// What can be done with a whole chain: verify, stop, undo, share, copy.

import { button, enable, make, toClipboard } from "./dom.js";
import { LONGEST, encode } from "./fragment.js";

const FORMATS = [["Markdown", "markdown"], ["LaTeX", "latex"], ["text", "text"]];

export class Toolbar {
  constructor(chain) {
    this.chain = chain;
    this.first = button("add a line after 0", () => chain.add(null), "add");
    const buttons = make("div", { class: "live-buttons" }, this.first);
    this.foot = buttons;
    this.verifying = button("verify all lines", () => chain.verifyAll());
    this.undoing = button("undo", () => chain.undo());
    this.resetting = button("back to the original", () => chain.reset());
    const copies = FORMATS.map(([name, format]) =>
      button(`copy as ${name}`, () => this.copy(name, format)),
    );
    this.said = make("p", { class: "live-summary", role: "status" });
    this.out = make("div", { class: "live-out" });
    const asking = button("ask for the verdict", () => {
      this.verifying.focus();
      chain.verifyAll();
    });
    this.banner = make("div", { class: "live-banner", hidden: true, role: "status" },
      make("p", {}, make("strong", {}, "changed by a reader"), ": nothing of it has been judged yet."), asking);
    chain.list.before(this.banner);
    chain.list.children[0].classList.add("live-start");
    const { status } = chain;
    this.element = make(
      "div",
      { class: "live-toolbar", role: "group", "aria-label": "the whole chain" },
      make("div", { class: "live-actions" },
        this.verifying, status.stop, this.undoing, this.resetting),
      make("div", { class: "live-actions" },
        button("share", () => this.share()), ...copies),
      status.progress,
      status.trouble,
      this.said,
      this.out,
    );
  }

  show() {
    enable(this.undoing, this.chain.history.length > 0);
    enable(this.resetting, this.chain.isChanged());
    enable(this.verifying, this.chain.lines.length > 0);
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
    await this.handOut(answer.copied, `the chain as ${name}`, `copied as ${name}`);
  }

  async share() {
    this.chain.settleAll();
    const fragment = encode(this.chain.pack(this.chain.packed()));
    if (fragment.length > LONGEST) {
      this.say(`too long to share: the address would have ${fragment.length} characters ` +
        `after #, and at most ${LONGEST} are taken. Copy it as text instead.`);
      return;
    }
    history.replaceState(history.state, "", fragment);
    await this.handOut(location.href, "address to share", "the address was copied");
  }

  /** Words for the clipboard, and a box to take them from where that is refused. */
  async handOut(words, name, done) {
    const rows = Math.min(12, words.split("\n").length);
    const given = { readonly: true, "aria-label": name, spellcheck: "false" };
    const box = rows > 1 ? make("textarea", { rows, ...given }) : make("input", given);
    box.value = words;
    this.out.replaceChildren(box);
    const isCopied = await toClipboard(words);
    this.say(isCopied ? done : `${name}: take it from the box below`);
    if (!isCopied) box.select();
  }
}
