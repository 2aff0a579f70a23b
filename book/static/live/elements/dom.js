// Elements, their names and their boxes.  Text goes in as text, never as HTML.

import { COMING, LACKING, isFieldFirst } from "../state/typing.js";

let count = 0;

/** An id that no other element of the page has. */
export function fresh(name) {
  count += 1;
  return `live-${name}-${count}`;
}

/** An element with its attributes, its listeners (functions) and its children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A button; `shown` is what is seen where the name is longer. */
export function button(name, action, shown = name) {
  const pressed = (event) => {
    if (event.currentTarget.getAttribute("aria-disabled") !== "true") action(event);
  };
  const label = shown === name ? null : name;
  const left = ({ currentTarget }) => enable(currentTarget, currentTarget.getAttribute("aria-disabled") !== "true");
  return make("button", { type: "button", "aria-label": label, click: pressed, blur: left }, shown);
}

/** Turned off, a button is no stop of the Tab key; one that has the focus keeps it until it is left. */
export function enable(element, on) {
  element.setAttribute("aria-disabled", String(!on));
  element.disabled = !on && element !== document.activeElement;
}

/** A control with its label before it. */
export function field(name, control, attributes = {}) {
  control.id = fresh("field");
  const label = make("label", { for: control.id }, name);
  return make("div", { class: "live-field", ...attributes }, label, control);
}

/** A box to tick with its label after it. */
export function tick(name, on, changed, ...shown) {
  const box = make("input", { type: "checkbox", id: fresh("tick"), change: changed });
  box.checked = on;
  const label = make("label", { for: box.id }, ...(shown.length ? shown : [name]));
  if (shown.length) box.setAttribute("aria-label", name);
  return { box, element: make("span", { class: "live-tick" }, box, label) };
}

/**
 * A text box for a formula: it grows with the text, and Enter asks.  Touched, it offers a field
 * in which mathematics is typed as it looks. Without a `longest` nothing that is pasted is cut.
 */
export function formulaBox(text, { typed, enter, escape, longest = 1000 }) {
  const box = make("textarea", {
    rows: 1, spellcheck: "false", autocapitalize: "off", autocomplete: "off",
    enterkeyhint: "go", maxlength: longest, class: "live-formula-box",
  });
  box.value = text;
  box.addEventListener("input", () => {
    grow(box);
    typed?.();
  });
  box.addEventListener("keydown", keys(enter, escape));
  const touched = async () => {
    const { value } = box;
    const said = make("p", { class: "live-hint", role: "status", hidden: !isFieldFirst() }, COMING);
    box.after(said);
    try {
      const { offer } = await import("./formula_field.js");
      offer(box, said, { typed, enter, escape }, box.value !== value);
    } catch {
      said.textContent = LACKING;
      said.hidden = false;
    }
  };
  box.addEventListener("focus", touched, { once: true });
  new ResizeObserver(() => grow(box)).observe(box);
  return box;
}

/** Puts a formula into its box, which grows with it. */
export function put(box, text) {
  box.value = text;
  grow(box);
  box.dispatchEvent(new Event("put"));
}

/** After Enter a new row of the box takes what is typed, until there is an answer. */
export function newRow(box) {
  if (document.activeElement === box) put(box, `${box.value.trimEnd()}\n`);
}

/** What was typed into a box behind a text, which alone stays, with a space that a next word follows; null where that cannot be told. */
export function typedBehind(box, text) {
  const { value } = box;
  if (!value.startsWith(text)) return null;
  if (value !== text) put(box, text);
  return value.slice(text.length).trimStart();
}

/** What Enter and Escape do; a method of input that is composing keeps both. */
export function keys(enter, escape) {
  return (event) => {
    if (event.isComposing) return;
    const action = { Enter: enter, Escape: escape }[event.key];
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  };
}

/** As high as its text; the width may have changed, or the text by a script. */
function grow(box) {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

/** The text of a formula's box on one line. */
export function oneLine(box) {
  return box.value.replace(/\s+/g, " ").trim();
}

/** A box that is wider than its place is scrolled by keys too. */
export function scrolls(box, name) {
  const measure = () => {
    const wide = box.scrollWidth > box.clientWidth + 1;
    if (wide === box.hasAttribute("tabindex")) return;
    const given = { tabindex: 0, role: "group", "aria-label": name };
    for (const [key, value] of Object.entries(given)) {
      if (wide) box.setAttribute(key, value);
      else box.removeAttribute(key);
    }
  };
  new ResizeObserver(measure).observe(box);
  return measure;
}

/** Scrolls, if need be, so that a control with the focus and what it brought about are both in sight. */
export function reveal(part, region) {
  requestAnimationFrame(() => {
    const control = document.activeElement; // by now: a box may have closed
    if (!part?.contains(control)) return;
    const [above, below] = [control, region].map((x) => x.getBoundingClientRect());
    const foot = visualViewport.offsetTop + visualViewport.height; // a phone's keyboard begins there
    // What is sticky stands over what is behind it, and needs its height below the control.
    const bottom = Math.max(below.bottom, above.bottom + below.height) - foot;
    const top = Math.min(above.top, below.top) - head(), most = above.top - head();
    scrollBy({ top: bottom > 0 ? Math.min(bottom, most) : Math.min(0, top), behavior: "instant" });
  });
}

/** How far the head of a narrow page, which stays in sight, lies over it. */
const head = () => document.querySelector(".mobile-header")?.getBoundingClientRect().bottom ?? 0;

/** `action` after a pause, in milliseconds or from a function: what is typed meanwhile counts once. */
export function later(action, pause) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, typeof pause === "function" ? pause() : pause);
  };
}

/** Words to the clipboard, where the browser lets us. */
export async function toClipboard(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return false;
  }
}
