// What a reader has chosen or left, kept by the browser; without its storage nothing is kept.

const PREFIX = "live-choice-";

/** The choice that was kept under a name, or null; "sessionStorage" holds for this tab alone. */
export function kept(name, storage = "localStorage") {
  try {
    return globalThis[storage].getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function keep(name, choice, storage = "localStorage") {
  try {
    globalThis[storage].setItem(PREFIX + name, choice);
  } catch {
    // private windows may have no storage: the choice holds for this page
  }
}
