// Sets formulas while the book is built: node prerender.mjs MATHJAX FONTS < formulas > set
//
// In: a JSON list of [LaTeX, is displayed].  Out: JSON {html: [...], css: "..."}.
// A formula that MathJax cannot set ends it, with the formula and what is wrong.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, fonts] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const MathJax = await require(join(folder, "es5/node-main.js")).init({
  loader: { load: ["input/tex-full", "output/chtml", "a11y/assistive-mml"] },
  // An unknown command is an error here, and not red text in a page.
  tex: { packages: { "[-]": ["noerrors", "noundefined"] } },
  chtml: { fontURL: fonts },
});
const { adaptor } = MathJax.startup;

const formulas = JSON.parse(readFileSync(0, "utf8"));
const html = formulas.map(([formula, display]) => {
  const set = adaptor.outerHTML(MathJax.tex2chtml(formula, { display }));
  const wrong = /data-mjx-error="([^"]*)"/.exec(set);
  if (wrong) {
    console.error(`a formula cannot be set: ${wrong[1]}\n  ${formula}`);
    process.exit(1);
  }
  return set;
});
process.stdout.write(
  JSON.stringify({ html, css: adaptor.textContent(MathJax.chtmlStylesheet()) }),
);
