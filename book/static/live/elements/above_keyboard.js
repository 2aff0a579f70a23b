// While MathLive's keyboard covers the foot of a phone's screen, a field and its verdict stand
// above it.  MathLive gives the page room below, so that it can scroll; the page's edge for
// `scrollIntoView` and for what sticks to it is the keyboard's.  A key acts when the finger is
// lifted; the click that browsers make of a tap would meet what lies under a key that has closed it.

import { later } from "./dom.js";

const FIELD = ".live-formula-field";
const root = document.documentElement;
const noClick = (event) => event.preventDefault();

/** The field that opens the keyboard goes to the upper third of the screen; without a field it is closed. */
export function follow(keyboard) {
  let isOpen = false;
  keyboard.addEventListener("geometrychange", () => {
    const { height } = keyboard.boundingRect; // 0 where it is closed
    document.querySelector(".ML__keyboard")?.addEventListener("touchend", noClick); // each time it opens it is made anew
    root.style.setProperty("--keyboard-height", `${height}px`);
    root.style.scrollPaddingBottom = `${height}px`;
    const field = document.activeElement;
    const isOpened = height && !isOpen && field.matches(FIELD);
    // At once: a verdict that comes while the page still glides would be led past.
    if (isOpened) scrollBy({ top: field.getBoundingClientRect().top - innerHeight / 5, behavior: "instant" });
    isOpen = height > 0;
  });
  const leave = later(() => !document.activeElement.matches(FIELD) && keyboard.hide(), 300);
  addEventListener("focusout", leave); // not yet elsewhere, or in the next field
}

/** Scrolls a new verdict out from under the keyboard, as far as its first line stays; a key leads back to the field. */
export function keepInSight(verdict) {
  const field = document.activeElement;
  const isOfField = verdict.closest(".live-editor, .live-form")?.contains(field);
  if (!isOfField || !field.matches(FIELD) || !verdict.firstElementChild) return;
  const [above, below] = [field, verdict].map((x) => x.getBoundingClientRect());
  const head = parseFloat(getComputedStyle(field).scrollMarginTop);
  const hidden = below.bottom - innerHeight + window.mathVirtualKeyboard.boundingRect.height;
  scrollBy({ top: Math.min(Math.max(hidden, Math.min(0, above.top - head)), below.top - head), behavior: "instant" });
}
