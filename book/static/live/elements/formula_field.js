// A formula's box as a field in which mathematics is typed as it looks: MathLive's, which is
// loaded when a box is touched.  The plain box stays, behind the field: what stands in it is what
// is read, and what is typed in the field is put there, as LaTeX.

import { button, fresh, keys, make, oneLine, put } from "./dom.js";
import { follow } from "./above_keyboard.js";
import { takeOneAway } from "./backspace.js";
import { isBeforeEmpty, leaveIndex, space } from "./caret.js";
import { LAYOUTS, WORDS } from "../state/formula_keys.js";
import { settings } from "../worker/settings.js";
import { COMING, LACKING, READY, choose, isFieldFirst } from "../state/typing.js";

const UNEQUAL = " is not equal to ";
let asked = null;

/** MathLive's element, loaded once; a failure may be tried again. */
function mathlive() {
  asked ??= load().catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

async function load() {
  const { field } = await settings();
  for (const sheet of [`${field}mathlive-fonts.css`, new URL("formula_field.css", import.meta.url).href]) {
    document.head.append(make("link", { rel: "stylesheet", href: sheet }));
  }
  const { MathfieldElement } = await import(`${field}mathlive.min.mjs`);
  MathfieldElement.fontsDirectory = null; // the sheet names them, and the browser loads those it needs
  MathfieldElement.soundsDirectory = null;
  MathfieldElement.locale = "en";
  const keyboard = window.mathVirtualKeyboard;
  keyboard.originValidator = "same-origin"; // other windows could type here
  keyboard.editToolbar = "none";
  keyboard.layouts = LAYOUTS;
  follow(keyboard);
  return MathfieldElement;
}

/** A box that has been touched gets a switch, and its field where that comes first; `said`: what is told of it. */
export function offer(box, said, actions, isTyped) {
  const typing = new TwoWays(box, said, actions);
  typing.isTyped = isTyped;
  if (document.activeElement === box) typing.touched();
}

/** MathLive hands on the focus 60 ms later: a key that is pressed meanwhile would be lost. */
function focusAtOnce(field) {
  field.focus();
  field.shadowRoot.querySelector("[part=keyboard-sink]")?.focus();
}

class TwoWays {
  constructor(box, said, { typed, enter, escape }) {
    Object.assign(this, { box, said, typed, enter, escape, field: null, isTyped: false });
    this.switch = button("formula", () => this.turn());
    this.switch.classList.add("live-switch");
    this.held = make("span", { hidden: true }); // the formula in plain text, which describes the field
    this.heard = make("p", { class: "visually-hidden live-typing", role: "status" });
    this.say("");
    box.after(this.switch, this.heard, this.held);
    box.addEventListener("focus", () => this.touched());
    box.addEventListener("blur", () => { this.isTyped = false; });
    box.addEventListener("input", () => { this.isTyped = true; });
    box.addEventListener("put", () => this.replaced());
  }

  get isField() {
    return this.box.classList.contains("live-behind");
  }

  touched() {
    if (this.isField) focusAtOnce(this.field);
    else if (isFieldFirst()) this.toField();
  }

  turn() {
    choose(!this.isField);
    if (this.isField) this.toText();
    else this.toField(true);
  }

  /** Another text has been put into the box. */
  replaced() {
    if (!this.isField || oneLine(this.box) === this.text) return;
    this.isTyped = false; // what was typed in the field is gone
    this.show(false);
    this.toField();
  }

  /** Shows the field with what stands in the box, unless that changes before it is read. */
  async toField(isAsked = false) {
    const text = oneLine(this.box);
    this.say(this.field ? "" : COMING);
    this.label("loading …", true);
    this.heard.textContent = isAsked ? "loading the formula field" : "";
    try {
      const [latex, Field] = await Promise.all([this.latexOf(text), mathlive()]);
      const isWritten = this.isTyped && document.activeElement === this.box;
      const isPassed = isWritten || text !== oneLine(this.box) || this.isField || !isFieldFirst();
      this.say(isWritten && !this.isField ? READY : "");
      if (isPassed || !this.box.isConnected) return;
      if (latex === null) {
        this.say("The formula field opens when this text can be read.");
        return;
      }
      this.field ??= this.build(new Field());
      this.text = text;
      const isHere = isAsked || document.activeElement === this.box;
      const { selectionStart, selectionEnd, value } = this.box;
      this.field.hidden = false;
      this.field.setValue(latex, { silenceNotifications: true });
      this.latex = this.field.getValue("latex");
      this.tell();
      if (selectionEnd - selectionStart === value.length) this.field.select(); // typing replaces it
      if (isHere) focusAtOnce(this.field); // before the box is hidden: what has the focus cannot be
      this.show(true);
      this.heard.textContent = "formula field";
    } catch {
      this.say(LACKING);
    } finally {
      this.label(this.isField ? "plain text" : "formula");
    }
  }

  /** The LaTeX of a text as the engine reads it; null where it cannot. */
  async latexOf(text) {
    const reading = text ? await this.reading(text) : { latex: "" };
    return reading.latex ?? null;
  }

  /** What the preview beside the box says that it reads. */
  async reading(text) {
    const group = this.box.closest(".live-editor, .live-form");
    return (await group?.querySelector(".live-preview")?.preview?.read(text)) ?? {};
  }

  /** Shows plain text: the one that was there, or the LaTeX of the field in words of the book. */
  async toText() {
    this.write();
    this.show(false);
    this.heard.textContent = "plain text";
    this.box.focus();
    const latex = oneLine(this.box);
    if (latex !== this.typedText) return;
    const { text } = await this.reading(latex);
    if (!text || oneLine(this.box) !== latex || this.isField) return;
    put(this.box, text);
    this.typed?.();
  }

  show(isField) {
    this.box.classList.toggle("live-behind", isField);
    for (const [name, value] of Object.entries({ tabindex: -1, "aria-hidden": true })) {
      if (isField) this.box.setAttribute(name, value);
      else this.box.removeAttribute(name);
    }
    this.label(isField ? "plain text" : "formula");
    this.field.hidden = !isField;
  }

  label(words, isBusy = false) {
    this.switch.textContent = words;
    this.switch.setAttribute("aria-busy", String(isBusy));
  }

  say(words) {
    this.said.textContent = words;
    this.said.hidden = !words;
  }

  build(field) {
    const { box } = this;
    for (const label of box.labels) label.id ||= fresh("label");
    field.setAttribute("aria-labelledby", [...box.labels].map(({ id }) => id).join(" "));
    field.className = "live-formula-field";
    // The field's own events; the element in which it hears the keys has events of its own.
    const hear = (kind, action) => field.addEventListener(kind, (event) => {
      event.stopPropagation();
      if (event.composedPath()[0] === field) action(event);
    });
    hear("input", () => this.write());
    const ask = () => {
      this.write();
      this.enter?.();
    };
    const leave = () => {
      this.switch.focus(); // there is always something with the focus
      this.escape?.();
    };
    hear("beforeinput", (event) => {
      if (event.inputType === "deleteContentBackward") takeOneAway(field);
      if (event.inputType === "insertText") leaveIndex(field, event.data);
      if (event.inputType !== "insertLineBreak") return;
      event.preventDefault(); // Enter of the keyboard on the screen
      ask();
    });
    hear("selection-change", () => this.passed());
    // While a command such as \frac is typed, every key is MathLive's; else Tab, too, leaves the field.
    const own = keys(ask, leave);
    field.addEventListener("keydown", (event) => {
      if (field.mode === "latex") return;
      if ("*/^(".includes(event.key)) leaveIndex(field, event.key); // keys of MathLive's, of which it tells nothing
      if (event.key === " ") {
        event.preventDefault();
        space(field);
      }
      own(event);
    }, { capture: true });
    field.addEventListener("keydown", (event) => event.stopPropagation()); // the page searches at "/"
    // MathLive's own policy opens the keyboard again as soon as it is closed.  Here the focus opens it
    // on a phone, and a touch opens the one that "done" has closed, though the field has the focus.
    field.mathVirtualKeyboardPolicy = "manual";
    const open = () => window.mathVirtualKeyboard.show({ animate: true });
    field.addEventListener("focusin", () => matchMedia("(pointer: coarse)").matches && open());
    field.addEventListener("pointerup", ({ pointerType }) => pointerType === "touch" && open());
    box.after(field);
    this.describe(field);
    const toggle = field.shadowRoot.querySelector("[part=virtual-keyboard-toggle]");
    toggle?.setAttribute("aria-label", "keyboard on the screen");
    toggle?.firstElementChild.setAttribute("aria-hidden", "true"); // it has the same name
    field.menuItems = [];
    field.smartFence = true;
    field.inlineShortcuts = { ...field.inlineShortcuts, ...WORDS };
    field.keybindings = field.keybindings.filter(({ key, ifMode }) => ifMode === "latex" || !key.endsWith("[Tab]"));
    return field;
  }

  /** What the caret has passed: MathLive says no ≠; and a ∂ before an empty place is no place to stop. */
  passed() {
    const { field, at = 0 } = this, to = field.position;
    if (to === at) return; // a selection, or the same once more
    this.at = to;
    if (isBeforeEmpty(field, at)) field.executeCommand("moveToNextPlaceholder");
    const passed = field.getValue(Math.min(at, to), Math.max(at, to), "plain-text");
    this.tell();
    const said = passed || (to > at ? this.held.textContent : ""); // behind what was around it: the whole formula
    if (said.includes("≠")) this.heard.textContent = said.replaceAll("≠", UNEQUAL);
    else if (this.heard.textContent.includes(UNEQUAL)) this.heard.textContent = "";
  }

  /** The formula as a listener has it: it has no value of its own. */
  tell() {
    this.held.textContent = this.field.getValue("plain-text").replace(/\s+/g, " ").trim() || "empty";
  }

  /** What names and describes the box does so for the element in the field that hears the keys. */
  describe(field) {
    const hint = document.getElementById(this.box.getAttribute("aria-describedby"));
    const sink = field.shadowRoot.querySelector("[part=keyboard-sink]");
    if (!sink) return;
    sink.ariaLabelledByElements = [...this.box.labels]; // MathLive's own name has the formula of before
    sink.ariaDescribedByElements = [this.held, ...(hint ? [hint] : [])]; // no id leads into a shadow
    // Where the caret goes, MathLive says of the wrong group: "out of denominator" of an index there.
    const said = field.shadowRoot.querySelector("[aria-live]");
    new MutationObserver(() => {
      const words = said.textContent.replace(/out of [^;]*;\s*|;\s*end of (?!mathfield)[^;]*$/g, "");
      if (words !== said.textContent) said.textContent = words;
    }).observe(said, { childList: true, characterData: true, subtree: true });
  }

  /** What the field holds, into the box, as if it had been typed there. */
  write() {
    const latex = this.field.getValue("latex");
    if (latex === this.latex) return;
    this.latex = latex;
    this.tell();
    this.box.value = latex;
    this.text = this.typedText = oneLine(this.box);
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
