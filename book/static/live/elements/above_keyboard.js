// While MathLive's keyboard covers the foot of a phone's screen, a field and its verdict stand
// above it.  MathLive gives the page room below, so that it can scroll; the page's edge for
// `scrollIntoView` and for what sticks to it is the keyboard's.

import { later } from "./dom.js";

const FIELD = ".live-formula-field";
const root = document.documentElement;

/** The field that opens the keyboard goes to the upper third of the screen; without a field it is closed. */
export function follow(keyboard) {
  let isOpen = false;
  keyboard.addEventListener("geometrychange", () => {
    const { height } = keyboard.boundingRect; // 0 where it is closed
    root.style.setProperty("--keyboard-height", `${height}px`);
    root.style.scrollPaddingBottom = `${height}px`;
    const field = document.activeElement;
    if (height && !isOpen && field.matches(FIELD)) scrollBy({ top: field.getBoundingClientRect().top - innerHeight / 5 });
    isOpen = height > 0;
  });
  const leave = later(() => !document.activeElement.matches(FIELD) && keyboard.hide(), 300);
  addEventListener("focusout", leave); // not yet elsewhere, or in the next field
}

/** Scrolls to the first line of a verdict that has come below an open keyboard's field. */
export function keepInSight(verdict) {
  const field = document.activeElement;
  const isOfField = verdict.closest(".live-editor, .live-form")?.contains(field);
  if (!isOfField || !field.matches(FIELD) || !window.mathVirtualKeyboard.visible) return;
  verdict.firstElementChild?.scrollIntoView({ block: "nearest" });
  field.scrollIntoView({ block: "nearest" });
}
