// What a reader has chosen, kept by the browser; without its storage nothing is kept.

const PREFIX = "live-choice-";

/** The choice that was kept under a name, or null. */
export function kept(name) {
  try {
    return localStorage.getItem(PREFIX + name);
  } catch {
    return null;
  }
}

export function keep(name, choice) {
  try {
    localStorage.setItem(PREFIX + name, choice);
  } catch {
    // private windows may have no storage: the choice holds for this page
  }
}
