// Formulas set while the page is read, by the MathJax beside the pages.  Only LaTeX that
// the engine wrote comes here, and no package that could make a link or load a file.

import { settings } from "../worker/settings.js";

let asked = null;

function load(address) {
  return new Promise((done, failed) => {
    window.MathJax = {
      loader: { load: [] },
      tex: { packages: ["base", "ams"], maxMacros: 100, maxBuffer: 20000 },
      chtml: {
        fontURL: new URL("output/chtml/fonts/woff-v2", address).href,
        matchFontHeight: false,
      },
      options: { enableMenu: false },
      startup: {
        typeset: false,
        ready() {
          window.MathJax.startup.defaultReady();
          window.MathJax.startup.promise.then(() => done(window.MathJax), failed);
        },
      },
    };
    const script = document.createElement("script");
    script.src = address;
    script.onerror = () => failed(new Error("the typesetter is not there"));
    document.head.append(script);
  });
}

/** MathJax, loaded once. */
export function typesetter() {
  asked ??= settings()
    .then((found) => load(found.typesetter))
    .catch((error) => {
      asked = null;
      throw error;
    });
  return asked;
}

/** The words of a reason that the book or the engine wrote, its $formulas$ set. */
export function inReason(reason) {
  return reason.split("$").map((words, k) => {
    if (k % 2 === 0) return words;
    const shown = document.createElement("span");
    shown.textContent = words;
    typeset(shown, words, false);
    return shown;
  });
}

/** Sets LaTeX of the engine into a box, unless the box has been given another meanwhile. */
export async function typeset(box, latex, display = true) {
  box.latex = latex;
  try {
    const mathjax = await typesetter();
    if (box.latex !== latex) return;
    const formula = await mathjax.tex2chtmlPromise(latex, { display });
    if (box.latex !== latex) return;
    box.replaceChildren(formula);
    mathjax.startup.document.clear();
    mathjax.startup.document.updateDocument();
  } catch {
    // Without a typesetter the text of the formula stays.
  }
}
