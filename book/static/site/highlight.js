// Marks what a reader searched for, in place of Sphinx's sphinx_highlight.js: whole words of three
// letters and more, not in formulas or pictures.  The page itself is not changed (CSS.highlights).

const SPARED = "svg, math, mjx-container, script, style, noscript, button, select, textarea";

SphinxHighlight.mark = (root, text) => {
  const words = text.match(/[\p{L}\p{N}_]{3,}/gu);
  if (!words || !CSS.highlights) return; // a browser of before 2025 marks nothing
  const whole = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${words.join("|")})(?![\\p{L}\\p{N}_])`, "giu");
  const marked = CSS.highlights.get("searched") ?? new Highlight();
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (nodes.nextNode()) {
    const node = nodes.currentNode;
    if (node.parentElement.closest(SPARED)) continue;
    for (const { 0: word, index } of node.data.matchAll(whole)) {
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      marked.add(range);
    }
  }
  CSS.highlights.set("searched", marked);
};

SphinxHighlight.highlightSearchWords = () => {
  const name = "sphinx_highlight_terms"; // where the search leaves them
  SphinxHighlight.mark(document.querySelector("[role=main]") ?? document.body, localStorage.getItem(name) ?? "");
  localStorage.removeItem(name);
};
SphinxHighlight.hideSearchWords = () => CSS.highlights?.delete("searched");
