// How the book searches: it completes Sphinx's searchtools.js (html_search_scorer in conf.py).
//
// A page has names: its title, and the words of its index directives, such as those in which a
// question is also asked.  Pages that are named by the words come first, whatever the order of
// the words; then those that have the words in their text.  Where no page has all words, those
// those that have most of them are found.  Letters and what else is short, such as dL, only rank.

const EXACT = 5000, NAMED = 1000, IN_TEXT = 500, ALIKE = 100;
const PLACES = { questions: 40, notebooks: 30, theorems: -500, wrong_answers: -500, levels: -1500, own_derivation: -1500, own_loss: -1500 }; // others: 0
const bonus = (page) => PLACES[page.split("/")[0]] ?? 0;
const stems = (text) => {
  const stemmer = new Stemmer(), words = splitQuery(text.toLowerCase());
  return new Set(words.filter((word) => !stopwords.has(word) && !/^\d+$/.test(word)).map((word) => stemmer.stemWord(word)));
};

// What Sphinx found by the whole text of a query; what is found by its words has its score.
Scorer.score = ([page, , , , score, , kind]) => {
  if (kind === SearchResultKind.text) return score;
  const isExact = score >= (kind === SearchResultKind.title ? Scorer.title : 100);
  return (isExact ? EXACT : NAMED) + score + bonus(page);
};

// The names by page and section: `{file, anchor, names, isDifference}`, each name as its stems; −Y/A has those of A − Y.
const DIFFERENCE = /\ba [-−] y\b/i;
const named = () => {
  const { titles, indexentries } = Search._index, places = new Map();
  const add = (file, anchor, name) => {
    const key = `${file}#${anchor}`;
    if (!places.has(key)) places.set(key, { file, anchor, names: [] });
    places.get(key).names.push(stems(name));
    places.get(key).isDifference ||= DIFFERENCE.test(name);
  };
  titles.forEach((title, file) => title.split(": ").forEach((part) => add(file, "", part)));
  for (const [name, leads] of Object.entries(indexentries)) {
    for (const [file, anchor] of leads) add(file, anchor, name);
  }
  return [...places.values()];
};

// Sphinx finds the pages of one word, with a score; a rare word weighs more.
const ofOneWord = Search.performTermsSearch;
Search.performTermsSearch = (searched, excluded) => {
  const { docnames, titles, filenames, terms, titleterms } = Search._index;
  const pagesOf = new Map(), weights = new Map();
  for (const word of searched) {
    const pages = ofOneWord(new Set([word]), excluded);
    if (!pages.length) continue; // a word of no page
    pagesOf.set(word, new Map(pages.map(([page, , , , score]) => [page, score])));
    weights.set(word, Math.log(1 + docnames.length / pages.length));
  }
  const words = [...pagesOf.keys()], long = words.filter((word) => /\p{L}{3}/u.test(word)), counted = long.length ? long : words;
  const weigh = (some) => some.reduce((sum, word) => sum + weights.get(word), 0);
  const isPart = (word) => word.length > 2 && !Object.hasOwn(terms, word) && !Object.hasOwn(titleterms, word);
  const isIn = (name, word) => name.has(word) || (isPart(word) && [...name].some((x) => x.startsWith(word)));
  const matched = named().map(({ file, anchor, names, isDifference }) => {
    const page = docnames[file];
    const inNames = words.filter((word) => names.some((name) => isIn(name, word)));
    const inAll = anchor ? inNames : words.filter((word) => inNames.includes(word) || pagesOf.get(word).has(page));
    const alike = Math.max(...names.map((name) => {
      const both = words.filter((word) => isIn(name, word)).length;
      return both / (name.size + words.length - both || 1);
    }));
    const inTitles = words.reduce((sum, word) => sum + (pagesOf.get(word).get(page) ?? 0), 0) / Scorer.title;
    const score = (NAMED * weigh(inNames) + IN_TEXT * weigh(inAll)) / weigh(words)
      + ALIKE * (alike + (isDifference && asksDifference)) + inTitles + bonus(page);
    const result = [page, titles[file], anchor && `#${anchor}`, null, score, filenames[file], SearchResultKind.text];
    return { anchor, count: inAll.filter((word) => counted.includes(word)).length, result };
  });
  const most = Math.max(...matched.map(({ anchor, count }) => (anchor ? 0 : count)));
  const enough = Math.max(1, Math.min(most, Math.floor(counted.length / 2) + 1));
  return matched.filter(({ count }) => count >= enough).map(({ result }) => result);
};

// A section that was found by its words is titled as one that was found by its heading, and comes once.
const performed = Search._performSearch;
Search._performSearch = (...query) => {
  const { alltitles, docnames, titles } = Search._index;
  const headings = new Map(Object.entries(alltitles).flatMap(([heading, places]) =>
    places.map(([file, id]) => [`${docnames[file]}#${id}`, `${titles[file]} > ${heading}`])));
  const results = new Map();
  for (const [page, title, anchor, ...rest] of performed(...query).reverse()) { // the best first
    const place = `${page}${anchor}`;
    if (!results.has(place)) results.set(place, [page, headings.get(place) ?? title, anchor, ...rest]);
  }
  return [...results.values()].reverse();
};

// What others call a − y, and the derivative of the loss by what others call z, in the book's words;
// of LaTeX, what it prints.
const ofTheBook = (query) => query
  .replace(/\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, "$1/$2")
  .replace(/\\partial\s*/g, "∂").replace(/\\hat\s*\{?(\w)\}?/g, "$1hat").replace(/\\(?=\p{L})/gu, "")
  .replace(/\b(?:with respect to|w\.?r\.?t\b\.?)/gi, "")
  .replace(/(?<![\p{L}_])(?:[pqs]|ŷ|y_?hat)(?:_\w)?\s*[-−]\s*[ty](?:_\w)?(?![\p{L}(])/gu, "a - y")
  .replace(/[d∂][LEJ]\s*\/\s*[d∂][xzou](?:_\w)?(?!\p{L})/gu, "dz");

// The words of an excerpt are marked as those of a page are, and not by Sphinx.
const parsed = Search._parseQuery;
let toMark = "", wanted = new Set(), asksDifference = false;
Search._parseQuery = (query) => {
  const asked = ofTheBook(query), [text, words, excluded, marked, objects] = parsed(asked);
  [toMark, wanted, asksDifference] = [[...marked].join(" "), words, DIFFERENCE.test(asked)];
  return [text, words, excluded, new Set(), objects];
};

// An excerpt is the sentence that has most of the words, or the page's first one; its formulas are formulas.
const BLOCKS = "p, li, dt, dd, th, td, figcaption, .formula", LONGEST = 240, FORMULA = "\uFFFC";
const sentences = (html, anchor) => {
  const page = new DOMParser().parseFromString(html, "text/html"), main = page.querySelector("[role=main]");
  const part = (anchor && main?.querySelector(anchor)) || main;
  part?.querySelectorAll("noscript, script, style, .headerlink, .visually-hidden, .offer, details").forEach((x) => x.remove());
  const blocks = [...part?.querySelectorAll(BLOCKS) ?? []].filter((x) => !x.querySelector(BLOCKS));
  return blocks.flatMap((block) => {
    const formulas = [...block.querySelectorAll("math")].filter((x) => !x.parentElement.closest("math"));
    for (const formula of formulas) formula.replaceWith(FORMULA);
    const texts = block.textContent.replace(/\s+/g, " ").trim().split(/(?<=[.?!]) (?=[\p{Lu}\uFFFC“])/u);
    return texts.map((text) => ({ text, formulas: formulas.splice(0, text.split(FORMULA).length - 1) }));
  }).filter(({ text }) => text === FORMULA || /\p{L}{2}/u.test(text));
};
Search.makeSearchSummary = (html, words, anchor) => {
  const hits = ({ text, formulas }) => {
    const said = [...stems([text, ...formulas.map((x) => x.textContent)].join(" "))];
    const isSaid = (word) => said.some((x) => x === word || (word.length > 2 && x.startsWith(word)));
    return [...words].filter(isSaid).join("").length; // a longer word says more
  };
  const all = sentences(html, anchor), counts = all.map(hits);
  const { text = "", formulas = [] } = all[Math.max(0, counts.indexOf(Math.max(...counts)))] ?? {};
  const short = text.length > LONGEST ? `${text.slice(0, text.lastIndexOf(" ", LONGEST))} …` : text;
  const excerpt = document.createElement("p");
  excerpt.className = "context";
  for (const piece of short.split(/(\uFFFC)/)) {
    const formula = piece === FORMULA ? document.importNode(formulas.shift(), true) : piece;
    formula.removeAttribute?.("display"); // within its sentence
    excerpt.append(formula);
  }
  queueMicrotask(() => SphinxHighlight.mark(excerpt, toMark)); // when it is in its list
  return excerpt;
};

// A page comes for its excerpt when its result is near the screen: a hundred pages are many megabytes.
const near = new IntersectionObserver((entries) => entries.filter(({ isIntersecting }) => isIntersecting)
  .forEach(async ({ target }) => {
    near.unobserve(target);
    const { href, hash } = target.querySelector("a"), page = await fetch(href);
    if (page.ok) target.append(Search.makeSearchSummary(await page.text(), wanted, hash));
  }), { rootMargin: "200px" });

// How many pages were found is heard, when all of them are listed.
const perform = Search.performSearch;
Search.performSearch = (query) => {
  perform(query);
  Search.status.role = "status";
  const observe = (items) => items.forEach((item) => near.observe(item));
  observe([...Search.output.children]);
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => observe([...addedNodes])))
    .observe(Search.output, { childList: true });
};

// The heading says so as soon as all is found, and has the focus; the list grows while one reads.
const queried = Search.query;
Search.query = (query) => {
  queried(query);
  Search.stopPulse();
  Search.title.innerText = "Search Results";
  Search.title.tabIndex = -1;
  if (document.activeElement === document.body) Search.title.focus({ preventScroll: true }); // no reader is led away
};
