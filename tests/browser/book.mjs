// The live book in Chromium and in Firefox: `make test-book`.
//
//     node tests/browser/book.mjs BOOK EXPECTED [PART …]
//
// Opens every page, and does on some what a reader does: changes a line, drops H1, stops,
// shares, reopens; and what an attacker does. What the engine has to say comes from
// tests/browser/expected_answers.py, in plain Python. Exit status 1 if anything differs.
import { createRequire } from "node:module";
import { readFileSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { BROWSERS, check, finish, launch, wait } from "./driver.mjs";
import { serve } from "./server.mjs";

const parts = process.argv.slice(4); // all, where none is named
const [book, told] = [process.argv[2], JSON.parse(readFileSync(process.argv[3], "utf8"))];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const site = await serve(book), elsewhere = await serve(book);
const slow = await serve(book, 3e6), slowToo = await serve(book, 3e6); // sites of their own: what they send lies in no cache yet
const pages = readdirSync(book, { recursive: true }).filter((x) => x.endsWith(".html"))
  .map((x) => x.split(sep).join("/")).sort();
const LONGEST = 2000;

// A page that tells of everything that a reader's browser would not like.
// It comes by a line on which nothing is fetched unasked, unless another is given.
const SPARED = { saveData: true }, GOOD = { saveData: false, effectiveType: "4g" };
const open = async (browser, name, { width = 1300, fragment = "", line = SPARED, host = site, before = () => {} } = {}) => {
  // Firefox makes a page beside the last one, which another part may just have closed.
  const page = await browser.newPage().catch(() => browser.newPage());
  await page.setViewport({ width, height: 900 });
  page.said = [];
  page.on("console", (message) => {
    if (["error", "warn", "warning"].includes(message.type())) page.said.push(message.text());
  });
  page.on("pageerror", (error) => page.said.push(String(error)));
  page.on("dialog", (dialog) => {
    page.said.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(host.address)) {
      page.said.push(`asks ${request.url()}`);
    }
  });
  await page.evaluateOnNewDocument((line) => {
    Object.defineProperty(navigator, "connection", { value: line, configurable: true });
  }, line);
  await page.evaluateOnNewDocument(before);
  await page.goto(`${host.address}/${name}${fragment}`, { waitUntil: "load" });
  return page;
};
// Firefox lays out a page while it arrives, and may meet a formula without its last
// part; whether the whole page has one is looked up.
const HALF = "Incorrect number of children for <";
const CHILDREN = { mfrac: 2, mroot: 2, msub: 2, msup: 2, munder: 2, mover: 2, msubsup: 3, munderover: 3 };
const close = async (page, name) => {
  const whole = await page.evaluate((CHILDREN) => Object.entries(CHILDREN).every(([tag, count]) =>
    [...document.querySelectorAll(tag)].every((x) => x.children.length === count)), CHILDREN);
  const said = page.said.filter((words) => !(whole && words.includes(HALF)));
  check(`${name}: a quiet console, and no other host`, said, []);
  await page.close();
};

// The control that a reader of the screen hears by this name.
const part = async (page, name, within = ".live") => {
  const handle = await page.evaluateHandle((name, within) =>
    [...document.querySelectorAll(`${within} :is(button, input, textarea, select, summary)`)].find((x) =>
      x.checkVisibility() && [x.getAttribute("aria-label"), x.textContent.trim(),
        ...[...(x.labels ?? [])].map((label) => label.textContent.trim())].includes(name)), name, within);
  const element = handle.asElement();
  if (!element) throw new Error(`${page.url()}: there is no ${name}`);
  return element;
};
const press = async (page, name) => (await part(page, name)).asLocator().click(); // once it stands still
const focused = (page) => page.evaluate(() => document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent);
const edit = (page) => press(page, "edit this derivation"); // before it, a line has no controls
const type = async (page, name, text) => {
  const box = await part(page, name);
  await box.evaluate((x, text) => {
    x.focus();
    x.value = text;
    x.dispatchEvent(new Event("input", { bubbles: true }));
  }, text);
  return box;
};

// The verdict of a line once it is there: its mark, its words, its counterexample read back.
const verdict = async (page, line) => {
  const seen = await page.waitForFunction((line) => {
    const item = document.querySelectorAll(".live li.live-line")[line - 1];
    const found = item?.querySelector(".live-verdict");
    const given = ["right", "wrong", "conditional", "undecided", "unreadable", "unfounded"].includes(found?.dataset.verdict);
    if (!given || !found.textContent || found.ariaBusy === "true") return false; // a line as it was built says nothing
    return {
      mark: item.querySelector(".live-mark").textContent,
      words: found.innerText.replace(/\s+/g, " ").trim(),
      rows: [...found.querySelectorAll("tr")].map((tr) => [...tr.children].map((x) => x.textContent)),
    };
  }, { timeout: 60_000, polling: 50 }, line);
  return seen.jsonValue();
};
const marked = (page, mark, line = 1) => page.waitForFunction((mark, line) =>
  document.querySelectorAll(".live li.live-line")[line - 1]?.querySelector(".live-mark").textContent === mark,
{ timeout: 60_000, polling: 50 }, mark, line);
const summary = async (page, pattern) => {
  const seen = await page.waitForFunction((pattern) => {
    const words = document.querySelector(".live-summary")?.textContent ?? "";
    return new RegExp(pattern).test(words) && words;
  }, { timeout: 90_000, polling: 50 }, pattern);
  return seen.jsonValue();
};

// The rows of the table that a verdict of the engine has to give.
const expected = ({ counterexample: found }) => [
  ...found.sizes, ...found.indices,
  ...found.arrays.map(({ name, rows }) => [name, rows.map((row) => `(${row.join(", ")})`).join("")]),
  ...found.numbers,
  [found.sides[0], found.left], [found.sides[1], found.right],
];

// What is loaded only when a reader asks: the engine, its worker, the typesetter, the formula field.
const late = (asked) => asked.filter((x) => /settings\.json|web_worker\.js|\/engine\/|tex-chtml|mathlive|formula_/.test(x));

// Every page opens without a word on the console, asks no other host, and scrolls one way.
const everyPage = async (browser) => {
  for (const name of pages) {
    const page = await open(browser, name, { width: 390 });
    await page.evaluate(() => document.querySelectorAll(".certificate, .certificate details").forEach((x) => { x.open = true; }));
    const [tooWide, nothing] = await page.evaluate(() => [
      document.documentElement.scrollWidth - document.documentElement.clientWidth,
      document.querySelectorAll("h1").length !== 1,
    ]);
    check(`${name}: nothing to scroll sideways at 390 pixels`, tooWide, 0);
    check(`${name} has one heading of the page`, nothing, false);
    check(`${name}: no cell waits for an answer`, await page.evaluate(() =>
      /answer = \.\.\.|not attempted yet/.test(document.body.textContent)), false);
    const texts = told.theorems[/^theorems\/(.*)\.html$/.exec(name)?.[1]];
    if (texts) check(`${name} carries its chain`, await page.evaluate(() => {
      const { start, lines } = JSON.parse(document.querySelector(".live script").textContent);
      return [start, ...lines].map(({ text }) => text);
    }), texts);
    if (texts) check(`${name} carries what Rocq accepts, which scrolls by itself`, await page.evaluate((statement) => {
      const certificate = document.querySelector(".certificate");
      return [certificate.innerText.includes(statement), certificate.scrollWidth - certificate.clientWidth];
    }, told.statements[/^theorems\/(.*)\.html$/.exec(name)[1]]), [true, 0]);
    await close(page, name);
  }
  check("nothing of the engine or the typesetter is loaded before a reader asks", late(site.asked), []);
};

const theorem = (name) => `theorems/${name}.html`;

// What axe finds that is serious; it fetches no style sheet, which the policy would not allow.
const serious = async (page, within = ".live") => {
  await page.evaluate(axe);
  return page.evaluate(async (within) => (await window.axe.run(within, { preload: false })).violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 200), nodes[0].failureSummary]), within);
};

// Theorems' pages verify themselves; two at a time, for there are two cores.  Not all of them,
// for `everyPage` reads each chain, and `everyAnswer` asks all lines of all chains.
const theorems = async (browser, names) => {
  const queue = [...names];
  const work = async () => {
    for (let name = queue.shift(); name; name = queue.shift()) {
      const page = await open(browser, theorem(name));
      await press(page, "judge all lines");
      const lines = told.theorems[name].length - 1;
      const words = await summary(page, "right|wrong|cannot|stopped");
      const all = lines === 1 ? "the line is right" : `all ${lines} lines are right`;
      check(`${name} verifies itself`, [words.slice(0, all.length), words.includes(", for ")], [all, true]);
      await close(page, name);
    }
  };
  await Promise.all([work(), work()]);
};

// The link of a diagnosis leads to the heading that it names.
const explained = async (page, name, { diagnosis }) => {
  const address = await page.evaluate(() => document.querySelector(".live-verdict a").href);
  const there = await page.browser().newPage();
  await there.goto(address, { waitUntil: "load" });
  check(`${name}: the mistake is explained`, await there.evaluate(() =>
    document.querySelector(":target + :is(h2, h3)")?.firstChild.textContent), diagnosis.heading);
  await there.close();
};

const broken = async (browser) => {
  for (const { theorem: name, line, text, verdict: answer } of told.broken) {
    const page = await open(browser, theorem(name));
    await edit(page);
    await press(page, `change line ${line}`);
    const box = await type(page, `line ${line}`, text);
    await box.press("Enter");
    const seen = await verdict(page, line);
    check(`${name}, line ${line} of the other sign`, seen.mark, "✗");
    check(`${name}, line ${line}: the counterexample`, seen.rows, expected(answer));
    await explained(page, name, answer);
    if (line < told.theorems[name].length - 1) {
      const { words, rows } = await verdict(page, line + 1);
      const said = `does not follow from line ${line}, which is wrong`;
      check(`${name}: of the line after no more is said`, [words.includes(said), rows], [true, []]);
    }
    await close(page, name);
  }
};

const withoutH1 = async (browser) => {
  for (const { theorem: name, line, verdict: answer } of told.without) {
    const page = await open(browser, theorem(name));
    await edit(page);
    await press(page, `change line ${line}`);
    await press(page, `line ${line} uses H1: the labels sum to 1`); // this asks
    const { rows, words } = await verdict(page, line);
    check(`${name} without H1`, rows, expected(answer));
    check(`${name}: what is missing`, words.startsWith(`line ${line}: ◐ it is right if the labels sum to 1 (H1)`), true);
    await press(page, "Use H1");
    await page.waitForFunction((line) => document.querySelectorAll(".live li.live-line")[line - 1]
      .querySelector(".live-verdict").dataset.verdict === "right", { timeout: 30_000, polling: 50 }, line);
    await press(page, `close line ${line}`);
    check(`${name}: closed, it still says with what it is right`, (await verdict(page, line)).words
      .startsWith(`line ${line}: ✓ right where the labels sum to 1 (H1), for every n`));
    await close(page, name);
  }
};

// The answers of an engine of its own to requests, and the milliseconds that each took.
const asked = async (page, requests) => {
  const taken = [];
  for (let k = 0; k < requests.length; k += 20) { // a slow machine answers few in a minute
    taken.push(...await page.evaluate(async (requests) => {
      const script = document.querySelector("script[type=module][src*='/live/']").src;
      const { Engine } = await import(script.replace("live.js", "worker/engine_queue.js"));
      window.engine ??= new Engine();
      const answers = [];
      for (const [, text] of requests) {
        const before = performance.now();
        const found = await window.engine.ask(JSON.parse(text));
        answers.push({ ask: JSON.parse(text).ask, milliseconds: performance.now() - before, found });
      }
      return answers;
    }, requests.slice(k, k + 20)));
  }
  return taken;
};
const fits = ([expected], found) => expected in found || found.verdict === expected;

// Everything that a reader may ask has the answer that belongs to it. How long a reader
// waits is printed only, for the machine may be shared.
const everyAnswer = async (browser) => {
  const page = await open(browser, theorem("logits.gradient"));
  await page.evaluate(() => caches.delete("engine")); // an engine as on a first page
  const [first] = await asked(page, [["definitions", JSON.stringify({ ask: "definitions" })]]);
  console.log(`  ready after ${(first.milliseconds / 1000).toFixed(1)} s; ms: median, 95 % within, all within`);
  const answers = await asked(page, told.requests);
  for (const ask of new Set(answers.map((answer) => answer.ask))) {
    const all = answers.filter((answer) => answer.ask === ask).map(({ milliseconds }) => milliseconds).sort((x, y) => x - y);
    const at = (share) => all[Math.floor(share * (all.length - 1))].toFixed(0);
    console.log(`    ${all.length} ${ask}: ${at(0.5)}, ${at(0.95)}, ${at(1)}`);
  }
  const wrong = told.requests.map((request, k) => [...request, answers[k].found]).filter((one) => !fits(one, one[2]));
  check("every request has its answer", wrong, []);
  await close(page, "every request");
};

// From now on a page notes what is seen and heard of the engine.
const noting = (page) => page.evaluate(() => {
  window.told = { seen: [], heard: [] };
  const note = (list, words) => words && list.at(-1) !== words && list.push(words);
  new MutationObserver(() => {
    const bar = document.querySelector(".live-progress:not([hidden])");
    note(window.told.seen, bar?.textContent && `${bar.textContent} ${bar.firstChild.value}/${bar.firstChild.max}`);
    note(window.told.heard, [...document.querySelectorAll(".live-said")].map((x) => x.textContent).join(""));
  }).observe(document.querySelector(".live"), { subtree: true, childList: true, characterData: true, attributes: true });
});

// What is seen and heard while the engine loads, from the first touch of a box to the verdict.
const toldWhileLoading = async (browser) => {
  const name = "questions/why-is-the-softmax-jacobian-n-by-n.html";
  const page = await open(browser, name, { host: slow });
  await noting(page);
  await (await part(page, "your answer to this question")).focus();
  await page.waitForFunction(() => document.querySelector(".live").dataset.engine === "ready", { timeout: 90_000, polling: 50 });
  const all = await page.evaluate(() => window.told);
  await close(page, name);
  return all;
};
const STARTS = ["starting Python (step 1 of 6) 0/6", "reading mpmath (step 2 of 6) 1/6", "reading Lark (step 3 of 6) 2/6",
  "reading SymPy (step 4 of 6) 3/6", "reading the judges (step 5 of 6) 4/6", "reading the theorems (step 6 of 6) 5/6"];
const loading = async (browser) => {
  const first = await toldWhileLoading(browser);
  const bytes = first.seen.flatMap((words) => /once: ([\d.]+) of 7\.\d MB/.exec(words)?.[1] ?? []).map(Number);
  check("bytes are counted, and rise", [bytes.length > 5, bytes.at(-1) > 5, bytes], [true, true, [...bytes].sort((x, y) => x - y)]);
  check("SymPy is imported before the last bytes, and then steps are told",
    first.seen.filter((words) => / \(step /.test(words)), STARTS.slice(4));
  const HEARD = "starting, up to half a minute on a slow device";
  check("one sentence is heard", first.heard, [HEARD]);
  const later = await toldWhileLoading(browser);
  check("from the cache no bytes are counted, and what is heard is the same, if it takes its time",
    [later.seen.filter((words) => words.includes("MB")), later.heard.filter((words) => words !== HEARD)], [[], []]);
  check("and steps are seen", later.seen.filter((words) => /step/.test(words)), STARTS);
};

// From the second page on, the engine starts from a snapshot that the first has left in the
// browser; where that cannot be, it starts as on the first.
const RESTORES = ["opening the engine that this browser has kept (step 1 of 2) 0/2", "waking it (step 2 of 2) 1/2"];
const restored = async (browser) => {
  const name = theorem("logits.gradient");
  const judged = async (change = null, options = {}) => {
    const page = await open(browser, name, options);
    if (change) await page.evaluate(change);
    await noting(page);
    await press(page, "judge all lines");
    await summary(page, "all 7 lines");
    const steps = (await page.evaluate(() => window.told.seen)).filter((words) => / \(step /.test(words));
    const marks = await page.evaluate(() => [...document.querySelectorAll(".live-verdict")].map((x) => x.textContent));
    return { page, steps, marks };
  };
  const kept = (page) => page.evaluate(async () => {
    const store = await caches.open("engine");
    return Promise.all((await store.keys()).map(async (request) =>
      [new URL(request.url).pathname, (await (await store.match(request)).arrayBuffer()).byteLength]));
  });
  const made = async (page) => {
    for (let k = 0; k < 600 && !(await kept(page)).some(([, size]) => size > 1e7); k++) await wait(100);
    const [[path, size], ...others] = await kept(page);
    check("a snapshot is made, for a phone too", [/\/live\/\w+\/snapshot$/.test(path), size > 3e7 && size < 1e8, others], [true, true, []]);
    return size;
  };

  const first = await judged(async () => {
    await caches.delete("engine");
    const older = new URL("../_static/live/older/snapshot", location.href);
    await (await caches.open("engine")).put(older, new Response("of another build"));
  });
  check("a first page starts as ever", first.steps, STARTS.slice(-first.steps.length)); // those after the last bytes
  console.log(`  a snapshot of ${(await made(first.page) / 1e6).toFixed(1)} MB`);
  await close(first.page, name);

  const second = await judged();
  check("a second page starts from it", second.steps, RESTORES);
  check("and judges the same", second.marks, first.marks);
  const kinds = told.requests.map(([expected, text]) => `${JSON.parse(text).ask} ${expected}`);
  const requests = told.requests.filter((_, k) => kinds.indexOf(kinds[k]) === k);
  const answers = await asked(second.page, requests);
  check("and so it answers each kind of request", requests.filter((request, k) => !fits(request, answers[k].found)), []);
  await close(second.page, name);

  const before = site.asked.length, viewed = await open(browser, name, { line: GOOD });
  await viewed.waitForFunction(() => document.querySelector(".live").dataset.engine === "ready", { timeout: 60_000 });
  check("it wakes where a chain is looked at", site.asked.slice(before).filter((x) => x.includes("_static/engine/")), []);
  check("and says nothing of it", await visible(viewed, "engine"), false);
  await close(viewed, name);

  const third = await judged(async () => { // whole, and nothing that Python could start from
    const store = await caches.open("engine"), [key] = await store.keys();
    const bytes = new Uint8Array(2e6), sum = await crypto.subtle.digest("SHA-256", bytes);
    const seal = `${new Uint8Array(sum).join(" ")} ${navigator.userAgent}`;
    await store.put(key, new Response(bytes, { headers: { "X-Seal": seal, "X-Size": bytes.length } }));
  });
  check("one that does not start is left", third.steps, [...RESTORES, ...STARTS]);
  check("without a loss", third.marks, first.marks);
  await made(third.page); // anew
  await close(third.page, name);

  const begunBy = (script) => `{ const Whole = Blob; // of which the worker is made
    globalThis.Blob = function (parts, kind) { return new Whole([${JSON.stringify(script)}, ...parts], kind); }; }`;
  const hangs = "{ const post = postMessage; self.postMessage = (words) => { post(words); while (words.wakes); }; }\n";
  const soon = "{ const later = setTimeout; globalThis.setTimeout = (act, after) => later(act, after === 15_000 ? 500 : after); }";
  const hung = await judged(null, { before: begunBy(hangs) + soon });
  check("one that hangs is left", [hung.steps, hung.marks], [[...RESTORES, ...STARTS], first.marks]);
  await made(hung.page); // anew
  await close(hung.page, name);

  const touched = await judged(async () => {
    const store = await caches.open("engine"), [key] = await store.keys(), entry = await store.match(key);
    const bytes = new Uint8Array(await entry.arrayBuffer());
    bytes[bytes.length >> 1] ^= 1;
    await store.put(key, new Response(bytes, entry));
  });
  check("one with a bit that was not kept is not used", [touched.steps, touched.marks], [[RESTORES[0], ...STARTS], first.marks]);
  await close(touched.page, name);

  const denies = "caches.open = async () => { throw new DOMException('denied', 'SecurityError'); };\n";
  const denied = await judged(null, { before: begunBy(denies) });
  check("where the store is denied it starts as ever", [denied.steps, denied.marks], [STARTS, first.marks]);
  await close(denied.page, name);
};

// On a good line the engine's files are there before a reader asks, and are asked for once.
const ahead = async (browser) => {
  const name = theorem("logits.gradient"), before = elsewhere.asked.length;
  const page = await open(browser, name, { host: elsewhere, line: GOOD });
  check("nothing is loaded before the page is there", late(elsewhere.asked.slice(before)), []);
  const files = JSON.parse(readFileSync(join(book, "_static/engine/manifest.json"), "utf8")).files.length;
  const fetched = () => page.evaluate(() => performance.getEntriesByType("resource")
    .filter((x) => x.name.includes("_static/engine/")).map((x) => x.name));
  for (let k = 0; k < 300 && (await fetched()).length < files; k++) await wait(100);
  check("while one reads all files are fetched, once", [(await fetched()).length, new Set(await fetched()).size], [files, files]);
  check("and no worker is started", await page.evaluate(() => document.querySelector(".live").dataset.engine), "idle");
  const sent = elsewhere.asked.length;
  await press(page, "judge all lines");
  await summary(page, "all 7 lines");
  check("they are not asked for again", elsewhere.asked.slice(sent).filter((x) => x.includes("_static/engine/")), []);
  await close(page, name);
};

// "stop" answers at once, before the engine is there and while it works.
const stopped = async (browser) => {
  const name = theorem("logits.gradient"), page = await open(browser, name);
  await press(page, "judge all lines");
  await press(page, "stop");
  check("stop while the engine loads", await summary(page, "stopped"), "stopped at line 1");
  await press(page, "judge all lines");
  await summary(page, "all 7 lines");
  await press(page, "judge all lines");
  const began = Date.now();
  await press(page, "stop");
  await summary(page, "stopped at line|all 7 lines");
  check("stop while it works is at once", Date.now() - began < 2000);
  await press(page, "judge all lines");
  await summary(page, "all 7 lines");
  console.log(`  ready again ${((Date.now() - began) / 1000).toFixed(1)} s after stop`);
  await close(page, name);
};

const fragment = (state) =>
  `#1=${Buffer.from(JSON.stringify(state)).toString("base64url")}`;
const visible = (page, words) => page.evaluate((words) =>
  [...document.querySelectorAll(".live *")].some((x) =>
    x.checkVisibility() && !x.children.length && x.textContent.includes(words)), words);

// A changed chain in an address: opened anew it shows the change and no verdict.
const shared = async (browser) => {
  const name = theorem("logits.by_jacobian");
  const page = await open(browser, name);
  await edit(page);
  await press(page, "change line 6");
  await (await type(page, "line 6", "a[j] - y[j]")).press("Enter");
  check("a changed line", (await verdict(page, 6)).mark, "◐");
  await press(page, "share");
  const address = await page.evaluate(() => location.hash);
  check("the address is short", address.length > 20 && address.length <= LONGEST);
  const state = JSON.parse(Buffer.from(address.slice(3), "base64url").toString());
  check("the address holds the state and no verdict", state,
    { v: 1, c: "logits.by_jacobian", l: [0, 1, 2, 3, 4, ["a[j] - y[j]", state.l[5]?.[1], []]] });
  await close(page, name);
  const before = site.asked.length, again = await open(browser, name, { fragment: address });
  check("the banner is what is seen first", await again.$eval(".live-banner", (x) =>
    [x.querySelector("p").textContent, scrollY > 0, x.getBoundingClientRect().top >= 0,
      x.getBoundingClientRect().bottom < innerHeight / 2]), ["A reader changed line 6. Not judged yet:", true, true, true]);
  const narrow = await open(browser, name, { fragment: address, width: 390 });
  check("on a phone no header lies over the banner", await narrow.$eval(".live-banner", (x) => {
    const top = x.getBoundingClientRect().top - document.querySelector(".mobile-header").getBoundingClientRect().bottom;
    return [scrollY > 0, top >= 0, top < 20];
  }), [true, true, true]);
  await close(narrow, name);
  check("the page says of its own chain alone that it is proved", await again.$eval(".claim", (x) => x.checkVisibility()), false);
  check("its line is as typed", await again.$eval(".live li:last-child .live-formula > code", (x) =>
    getComputedStyle(x, "::after").content), '"as typed"');
  check("no line can be changed before that is asked for", await again.$$eval(".live-buttons", (all) =>
    all.some((x) => x.checkVisibility())), false);
  check("nothing of the engine is loaded", late(site.asked.slice(before)), []);
  await press(again, "judge all lines");
  check("the verdict is computed anew", await summary(again, "line"), "line 6 is right with a condition; the other 5 are right");
  await press(again, "Use H1");
  check("a hypothesis is taken by its button", (await verdict(again, 6)).mark, "✓");
  check("the changed line is in sight", await again.$eval(".live li:last-child", (x) =>
    x.getBoundingClientRect().top >= 0 && x.getBoundingClientRect().top < innerHeight));
  await press(again, "back to the original");
  check("the original is said to be proved", await again.$eval(".claim", (x) => x.checkVisibility()));
  await close(again, name);
};

// What comes after a page is laid out has its place: a heading that one jumps to stays where it is.
const steady = async (browser) => {
  for (const touch of [false, true]) for (const name of ["index.html", "notebooks/04_chain_rule.html",
    "notebooks/05_why_both_cases.html"]) {
    const page = await open(browser, "search.html"), held = [];
    await page.setViewport(touch ? PHONE : { width: 1300, height: 900 });
    await page.setRequestInterception(true);
    let isHeld = true;
    page.on("request", (request) => {
      if (isHeld && /\/terms\/\w+\.(js|css)$/.test(request.url())) held.push(request);
      else request.continue();
    });
    await page.goto(`${site.address}/${name}`, { waitUntil: "load" });
    const height = async () => { // when it has stayed the same for a second
      let last = -1, now = -2, same = 0;
      for (; same < 10; same = now === last ? same + 1 : 0) {
        await wait(100);
        [last, now] = [now, await page.evaluate(() => document.documentElement.scrollHeight)];
      }
      return now;
    };
    const before = await height();
    isHeld = false;
    for (const request of held) request.continue();
    await page.waitForSelector(".has-terms .term-button");
    check(`${name}${touch ? ", touched" : ""}: what scripts add has its place`, await height() - before, 0);
    await page.setRequestInterception(false);
    await close(page, name);
  }
};

// The chain of the page is handed out at once, without the engine.
const untouched = async (browser, name) => {
  const before = site.asked.length, page = await open(browser, name);
  for (const [kind, whole] of Object.entries(told.copied)) {
    await press(page, `copy as ${kind}`);
    const box = await page.waitForSelector(`textarea[aria-label="the chain as ${kind}"]`);
    check(`the chain as ${kind}`, await box.evaluate((x) => x.value), whole);
  }
  check("nothing of the engine is loaded for that", late(site.asked.slice(before)), []);
  await close(page, name);
};

// What is heard and seen elsewhere, if at all.
const heard = (page) => page.$eval(".live-heard", (x) => x.textContent);

// Lines come and go, back to what it was; a chain is handed out, that of the page in three forms.
const edited = async (browser) => {
  const name = theorem("logits.gradient"), page = await open(browser, name);
  const count = () => page.evaluate(() => document.querySelectorAll(".live li.live-line").length);
  await edit(page);
  await press(page, "delete line 5");
  check("a line is gone", await count(), 6);
  check("that it is gone is said", await summary(page, "line"), "line 5 is deleted");
  check("the line after it is judged against the one before", (await verdict(page, 5)).mark, "✓");
  check("what is heard before each line", await page.evaluate(() => [...document.querySelectorAll(".live .line-place")]
    .slice(3, 5).map((x) => x.textContent)), ["line 4 of 6, proved:", "line 5 of 6, proved:"]);
  check("the others are silent", await page.$$eval(".live-verdict", (all) => all.map((x) => x.ariaLive)), ["off", "off", "off", "off", "polite", "off"]);
  await press(page, "add a line after 6");
  await (await type(page, "line 7", "foo")).press("Escape");
  check("a new line that goes is heard of", [await heard(page), await count()], ["the new line is dropped", 6]);
  await press(page, "add a line after 6");
  await (await type(page, "line 7", "a[j] + 0*y[j] - y[j]")).press("Enter");
  check("a new line", (await verdict(page, 7)).mark, "✓");
  await press(page, "undo");
  check("it is undone", await count(), 6);
  await press(page, "copy as text");
  check("a changed chain is read first", await visible(page, "reading …"));
  const box = await page.waitForSelector(`textarea[aria-label="the chain as text"]`, { timeout: 30_000 });
  const [words, of] = [await box.evaluate((x) => x.value), told.copied.text.split("\n")];
  check("and copied as it is, without line 5", [words.includes(of[4]), words.includes(of[5])], [true, false]);
  await press(page, "back to the original");
  check("as it was", await count(), 7);
  await close(page, name);
  await untouched(browser, name);
};

const EVIL = [`<img src=x onerror="window.hacked=1">`, `<script>window.hacked=1</script>`,
  `"><svg onload=window.hacked=1>`, `javascript:window.hacked=1`, `</script><script>window.hacked=1</script>`,
  `__import__("os").system("id")`, `$\\href{javascript:window.hacked=1}{x}$`, `a[j] + \\(\\unicode{x3c}\\)`,
  `${elsewhere.address}/x`, `().__class__.__base__.__subclasses__()`];

// Whoever wrote the address, the page shows it as text, if it shows it at all.
const hostile = async (browser) => {
  const lines = EVIL.map((evil) => [evil, evil, ["H1"]]);
  const chain = theorem("logits.gradient");
  const before = elsewhere.asked.length;
  for (const [name, hash] of [
    [chain, fragment({ v: 1, c: "logits.gradient", l: lines })],
    ["own_derivation.html", fragment({ v: 1, c: "own", s: EVIL[0], w: ["softmax"], k: null, l: lines, g: EVIL[1] })],
    [chain, fragment({ v: 1, c: "__proto__", l: [[EVIL[0], EVIL[1], [EVIL[2]]]] })],
    [chain, "#1=<img src=x onerror=window.hacked=1>"],
    [chain, "#<img src=x onerror=window.hacked=1>"],
  ]) { // what else an address may hold: tests/js/address.test.mjs
    const page = await open(browser, name, { fragment: hash });
    const asking = await page.evaluate(() => Boolean(document.querySelector(".live-banner")?.checkVisibility()));
    if (asking) {
      await press(page, "judge all lines");
      await summary(page, "cannot be read|is wrong|are wrong|no verdict");
      if (name === chain) await edit(page);
      await press(page, "change line 1");
      await wait(500);
    }
    check(`nothing happens for ${hash.slice(0, 60)}`, await page.evaluate(() => [window.hacked ?? "safe",
      document.querySelectorAll(".live :is(img, svg, iframe, object, a[href^=javascript])").length]), ["safe", 0]);
    await close(page, name);
  }
  check("no other host was asked", elsewhere.asked.length, before);
};

// The page's policy holds in a worker, too: only the site itself is fetched.
const policy = async (browser) => {
  const page = await open(browser, theorem("logits.gradient"));
  const outcome = await page.evaluate((own, other) => {
    const text = `onmessage = async ({ data }) => postMessage(await Promise.all(data.map(
      (x) => fetch(x, { mode: "no-cors" }).then(() => "fetched", () => "refused")).concat([
        (async () => { try { return (0, eval)("1") ? "eval" : ""; } catch { return "no eval"; } })()])))`;
    const worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
    return new Promise((done) => {
      worker.onmessage = ({ data }) => done(data);
      worker.postMessage([`${own}/index.html`, `${other}/index.html`]);
    });
  }, site.address, elsewhere.address);
  check("a worker fetches from here alone, and evaluates no text", outcome, ["fetched", "refused", "no eval"]);
  await page.close(); // the refusal is on its console
};

// Everything by the keyboard alone, and the focus comes back.
// The switch of the front picture, by a key: what it does is tested on the explorer's own page.
const frontPicture = async (browser) => {
  const page = await open(browser, "index.html");
  const said = () => page.$eval("[data-explorer] output", (x) => x.textContent.replace(/\s+/g, " "));
  check("the front picture", (await said()).includes("with i ≠ j: descent ends at a = (1.00, 0.00, 0.00) = y"));
  const entries = () => page.$eval("[data-explorer]", ({ shadowRoot }) => [...shadowRoot.querySelectorAll("tr")].slice(1)
    .map((tr) => [...tr.querySelectorAll("td")].map((x) => x.className || x.textContent)));
  const gone = ["gone", "gone", "gone"];
  check("of one true class only its row is left, and what is not on its diagonal is a_j", await entries(),
    [["equal", "unequal", "unequal"], gone, gone, ["−0.77", "0.63 = a2", "0.14 = a3"]]);
  check("numbers keep the page's ground around them", await page.$eval("[data-explorer]", ({ shadowRoot }) =>
    getComputedStyle(shadowRoot.querySelector("text")).stroke === getComputedStyle(document.body).backgroundColor));
  await page.evaluate(() => [...document.querySelectorAll("article a")].find((x) => x.textContent.startsWith("why does i ≠ j")).click());
  await wait(1500); // the page scrolls smoothly
  check("the question is answered before it", await page.evaluate(() => {
    const [answer, picture] = ["article ol:not(.chain-lines)", "[data-explorer]"].map((x) => document.querySelector(x));
    return Boolean(answer.compareDocumentPosition(picture) & Node.DOCUMENT_POSITION_FOLLOWING);
  }));
  check("the question about i ≠ j leads to it", await page.$eval("[data-explorer]", ({ shadowRoot }) => {
    const boxes = [...shadowRoot.querySelectorAll("label, svg")].map((x) => x.getBoundingClientRect());
    return boxes.filter(({ top, bottom }) => top < 0 || bottom > innerHeight).length;
  }), 0);
  await page.evaluate(() => scrollBy({ top: -200, behavior: "instant" }));
  await wait(200);
  check("nothing of the theme floats over the page", await page.$eval(".back-to-top", (x) => x.checkVisibility()), false);
  await page.$eval("[data-explorer]", (x) => x.shadowRoot.querySelector("[name=without]").focus());
  await page.keyboard.press(" ");
  check("without i ≠ j the wrong classes get nothing", await entries(), [["equal", "gone", "gone"], gone, gone, ["−0.77", "0.00", "0.00"]]);
  await page.$eval("[data-explorer]", (x) => x.shadowRoot.querySelector('[aria-label^="frequencies"]').click());
  check("its switch", (await said()).includes("without i ≠ j: descent ends at a = (0.61, 0.35, 0.03), not at y"));
  await close(page, "the front picture");
};

// The terms of a chain answer a touch; in each line their values add up to the same.
const linked = async (browser) => {
  for (const [name, chains] of [["index.html", 1], ["notebooks/05_why_both_cases.html", 1],
    ["notebooks/04_chain_rule.html", 2], ["notebooks/02_softmax_derivative.html", 4]]) {
    const page = await open(browser, name);
    await page.waitForSelector(".has-terms");
    if (name.includes("05")) {
      await page.$eval("[data-explorer]", (x) => x.shadowRoot.querySelector('[aria-label^="frequencies"]').click());
      await page.click(".term-button");
      check("while the picture has several classes, no value of a term with one", await page.$eval(".term-value", (x) =>
        [x.textContent.includes("choose one true class"), x.querySelector("math")]), [true, null]);
      await page.$eval("[data-explorer]", (x) => x.shadowRoot.querySelector('[aria-label="true class 3"]').click());
      check("with one, the value is of that class", await page.$eval(".term-value", (x) => x.textContent.includes("c=3")));
    }
    const sums = await page.evaluate(() => {
      const told = [...document.querySelectorAll("script.linked-terms")].map((x) => JSON.parse(x.textContent).terms);
      const buttons = [...document.querySelectorAll(".has-terms .term-button")];
      const numbers = () => [...document.querySelectorAll(".term-value > :first-child mn")]
        .map((x) => Number(x.textContent.replace("−", "-")));
      return told.map((lines) => lines.map((line) => line.map(() => {
        buttons.shift().click();
        return numbers();
      }).reduce((total, values) => total.map((x, k) => x + values[k]))));
    });
    check(`${name}: its linked chains`, sums.length, chains);
    check(`${name}: each is a list that counts its lines, each line a toolbar`, await page.$$eval(".has-terms", (all) => all.map((list) => {
      const [{ role, ariaLabel, children }, names] = [list, [...list.querySelectorAll(".term-toolbar")].map((x) => x.ariaLabel)];
      const lines = [...children].slice(1).map((_, k) => `line ${k + 1}`);
      return [role, ariaLabel === `derivation, ${lines.length} lines`, String(names) === String(["the start", ...lines].map((x) => `terms of ${x}`))];
    })), Array(chains).fill(["list", true, true]));
    const apart = sums.flatMap((lines) => lines.map((line) => Math.max(...line.map((x, k) => Math.abs(x - lines[0][k])))));
    check(`${name}: the terms of each line add up to the first`, apart.filter((x) => !(x < 0.016)), []);
    await close(page, name);
  }

  const page = await open(browser, "index.html");
  await page.waitForSelector(".has-terms");
  const text = (selector) => page.$eval(selector, (x) => x.textContent.replace(/\s+/g, ""));
  const ofPicture = () => page.$eval("[data-explorer]", (x) =>
    x.shadowRoot.querySelectorAll(".lines p")[1].textContent.split("=").at(-1).replace(/\s+/g, ""));
  const SAID = ".term-note p";
  const heardOfTerm = () => page.$eval(".term-note [role=status]", (x) => x.textContent);
  const worth = async () => (await text(".term-value > :first-child")).slice(1);
  check("before a touch nothing is said", await page.$(".term-note"), null);
  await (await page.$('.term-button[aria-label="a_j Σ_{i≠j} y_i"]')).click();
  check("a touched term: where it is from, where it goes", await text(SAID),
    "i≠jaj∑i≠jyicomesfrom∑i≠jyiaj;togetherwithyjajitbecomesaj∑i=1nyi.");
  check("what is heard of it, in plain text", (await heardOfTerm()).split(". =")[0],
    "i ≠ j, line 5, comes from Σ_{i≠j} y_i a_j, together with y_j a_j it becomes a_j Σ_i y_i");
  check("with the numbers", / at z = \(1.00, 2.00, 0.50\), y = \(1.00, 0.00, 0.00\)$/.test(await heardOfTerm()));
  check("its value is that of the picture", await worth(), await ofPicture());
  check("its bars stand out", await page.$eval("[data-explorer]", ({ shadowRoot }) => ["unequal", "equal"].map((look) =>
    Number(getComputedStyle(shadowRoot.querySelector(`rect.${look}`)).opacity).toFixed(2))), ["1.00", "0.15"]);
  check("its way is marked", await page.$$eval("[data-on]", (all) => all.map((x) => x.ariaLabel)),
    ["∂L/∂z_j", "Σ_i ∂L/∂a_i ∂a_i/∂z_j", "Σ_{i≠j} ∂L/∂a_i ∂a_i/∂z_j", "Σ_{i≠j} (−y_i/a_i) · (−a_i a_j)",
      "Σ_{i≠j} y_i a_j", "a_j Σ_{i≠j} y_i", "a_j Σ_i y_i", "a_j"]);
  const before = await worth();
  await page.$eval("[data-explorer]", (x) => x.shadowRoot.querySelector('[aria-label="logit z 1"]').focus());
  await page.keyboard.press("PageUp");
  check("its value moves with a bar", [await worth() === before, await worth() === await ofPicture()], [false, true]);
  check("which is not heard before the bar rests", (await heardOfTerm()).includes("line 5"));
  await page.waitForFunction(() => document.querySelector(".term-note [role=status]").textContent.startsWith("="), { timeout: 5000, polling: 50 });
  check("and then with the numbers that are new", [await heardOfTerm()].map((x) => [x.includes("z = (2.00"), x.includes("y =")]), [[true, false]]);
  const focused = () => page.evaluate(() => {
    const inside = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
    return inside.ariaLabel ?? inside.textContent;
  });
  const isOpen = () => page.$eval(".term-note", (x) => x.checkVisibility());
  const led = async (...keys) => {
    const all = [];
    for (const key of keys) {
      await page.keyboard.press(key);
      all.push(await focused());
    }
    return all;
  };
  const go = async () => (await page.$('.term-button[aria-label="y_j a_j"]')).focus();
  await go();
  check("the terms are one stop, and what is said of them the next", await led("ArrowRight", "ArrowDown", "ArrowRight", "Tab", "Tab"),
    ["−y_j", "a_j Σ_i y_i", "−y_j", "see it in the picture: the hatched bars", "close this note, as Escape does"]);
  check("who passes by hears its name alone", await heardOfTerm(), "");
  check("what has the focus is told", (await text(SAID)).startsWith("i=j−yjcomesfrom−yj;"));
  check("Escape is told beforehand", await page.$eval(".term-note", (x) => x.ariaLabel), "the touched term; Escape closes this note");
  check("closed, it gives the focus back", [...await led("Enter"), await isOpen()], ["−y_j", false]);
  check("Home and End lead to the first term and the last", await led("Home", "End"), ["∂L/∂z_j", "−y_j"]);
  const described = () => page.$$eval("[aria-describedby]", (all) => all.filter((x) => x.matches(".term-button"))
    .map((x) => [x.ariaLabel, document.getElementById(x.getAttribute("aria-describedby")).textContent.slice(0, 12)]));
  check("met by arrows, no term is described", await described(), []);
  check("each line's terms are a toolbar", await page.$eval(":focus", (x) => x.parentElement.role + " " + x.parentElement.ariaLabel), "toolbar terms of line 7");
  check("Escape closes it, and the focus stays", [...await led("Escape"), await isOpen()], ["−y_j", false]);
  await led("Home", "End");
  check("Escape in it, too", [...await led("Tab", "Escape"), await isOpen()], ["see it in the picture: the hatched bars", "−y_j", false]);
  await page.focus(".skip-to-content");
  check("where the focus comes from elsewhere, it is", await described(), [["−y_j", "Touch a term"]]);
  await go();
  await led("Home", "End", "Enter");
  check("Enter says it aloud", (await heardOfTerm()).startsWith("i = j, line 7, comes from −y_j"), true);
  await led("Tab", "Enter");
  check("Escape leads back from the picture", [...await led("Escape"), await isOpen()], ["−y_j", false]);
  await led("Home", "End", "Tab", "Enter");
  check("the picture has the focus, and is heard", [await focused(), await isOpen()], [await page.$eval("[data-explorer]", (x) =>
    x.shadowRoot.querySelector("rect.hatched").closest("svg").ariaLabel), true]);
  check("with the way back", await heardOfTerm(), "in the picture; Escape leads back to −y_j");
  await go();
  const isBare = () => page.evaluate(() => {
    const [inside, note] = [document.activeElement, document.querySelector(".term-note")].map((x) => x.getBoundingClientRect());
    return inside.bottom <= note.top;
  });
  await page.setViewport({ width: 1300, height: 420 });
  const bare = [];
  for (const key of ["Home", ...Array(9).fill("ArrowDown")]) {
    await page.keyboard.press(key);
    bare.push(await isBare());
  }
  check("no term with the focus is under it", bare, bare.map(() => true));
  await page.setViewport({ width: 1300, height: 900 });
  check("it goes when the focus goes elsewhere", [...await led("Tab", "Tab", "Tab"), await isOpen()].slice(-2), ["edit this derivation", false]);
  await go();
  for (const dark of [false, true]) {
    await page.evaluate((dark) => { document.body.dataset.theme = dark ? "dark" : "light"; }, dark);
    await page.evaluate(axe);
    const faults = await page.evaluate(async () => (await window.axe.run({ include: [[".live"], [".term-note"]] })).violations
      .map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 200), nodes[0].failureSummary]));
    check(`the linked chain, ${dark ? "dark" : "light"}: axe finds nothing`, faults, []);
  }
  await page.keyboard.press("Escape");
  check("Escape closes what is said", await isOpen(), false);
  const drawers = () => page.evaluate(() => [".toc-sticky", ".sidebar-sticky"].map((x) =>
    document.querySelector(x)?.checkVisibility({ visibilityProperty: true })));
  const shut = [];
  for (const width of [1400, 1100, 700]) {
    await page.setViewport({ width, height: 500 });
    await wait(400);
    shut.push(await drawers());
  }
  check("Tab finds nothing in a drawer that is closed", shut, [[true, true], [false, true], [false, false]]);
  await edit(page);
  check("while a chain is changed no term is linked", await page.$$eval(".term-button", (all) =>
    all.filter((x) => x.checkVisibility()).length), 0);
  await page.close(); // axe fetches what the policy does not let it
};

const keyboard = async (browser) => {
  const name = theorem("cross_entropy.gradient"), page = await open(browser, name);
  const focused = () => page.evaluate(() =>
    document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent.trim());
  const reach = async (label) => {
    for (let k = 0; k < 300; k++) {
      if ((await focused()) === label || await page.evaluate((label) =>
        [...(document.activeElement.labels ?? [])].some((x) => x.textContent.trim() === label), label)) return true;
      await page.keyboard.press("Tab");
    }
    return false;
  };
  const inSight = (...selectors) => page.waitForFunction((selectors) => selectors.every((x) => {
    const { top, bottom } = document.querySelector(x).getBoundingClientRect();
    return top >= 4 && bottom <= innerHeight + 1;
  }), { timeout: 4000 }, selectors).then(() => true, () => false); // the page may scroll smoothly
  await page.setViewport({ width: 1000, height: 500 });
  const controls = () => page.evaluate(() =>
    [...document.querySelectorAll(".live ol button")].filter((x) => x.checkVisibility()).length);
  check("a chain is read first: no line has a control", await controls(), 0);
  const colours = [];
  await page.focus(".theme-toggle-content > button, .theme-toggle-header > button");
  for (let k = 0; k < 3; k++) {
    await page.evaluate(() => [...document.querySelectorAll(".theme-toggle")].find((x) => x.checkVisibility()).click());
    colours.push(await page.evaluate(() => {
      const theme = `theme: ${document.body.dataset.theme}`;
      return [theme, document.querySelector(".theme-said[role=status]").textContent === theme,
        [...document.querySelectorAll(".theme-toggle")].every((x) => x.ariaLabel === theme)];
    }));
  }
  check("the button of the theme says which is on, and a press aloud", colours.sort(), ["auto", "dark", "light"].map((x) => [`theme: ${x}`, true, true]));
  check("Tab reaches edit this derivation", await reach("edit this derivation"));
  await page.keyboard.press("Enter");
  check("open to change, the first line has the focus", await focused(), "change line 1");
  const toolbar = () => page.evaluate(() => {
    const { parentElement, ariaDescribedByElements } = document.activeElement;
    return [parentElement.role, parentElement.ariaLabel, ariaDescribedByElements?.[0].textContent.slice(0, 10)];
  });
  check("in a toolbar of its own, and it says how", await toolbar(), ["toolbar", "line 1", "Arrow keys"]);
  check("what is off is no stop", await page.$$eval(".live button", (all) => all.filter((x) => x.checkVisibility() && x.disabled).map((x) => x.textContent)),
    ["undo", "back to the original"]);
  check("in sight, with its ring", [await inSight(":focus"), await page.evaluate(() =>
    parseFloat(getComputedStyle(document.activeElement).outlineWidth))], [true, 3]);
  await page.keyboard.press("Escape");
  check("one key passes the lines by", await focused(), "done");
  await page.keyboard.down("Shift");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.up("Shift");
  check("the controls are one stop", await focused(), "change line 1");
  const led = [];
  for (const key of ["ArrowUp", "ArrowDown", "ArrowRight", "ArrowDown", "Tab", "Tab"]) {
    await page.keyboard.press(key);
    led.push(await focused());
  }
  check("arrows lead from one to another, and Tab out", led,
    ["add a line after 0", "add a line after 1", "delete line 1", "delete line 2", "next line", "done"]);
  await page.keyboard.press("Enter");
  check("done, the controls are gone", [await controls(), await focused()], [0, "edit this derivation"]);
  check("which is heard", await heard(page), "editing ended");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  check("the text box has the focus", await page.evaluate(() => document.activeElement.matches("textarea, input")));
  await page.keyboard.press("End");
  await page.keyboard.type(" + 1");
  await page.keyboard.press("Enter");
  const seen = await verdict(page, 1);
  check("the verdict by the keyboard", seen.mark, "✗");
  check("it says of which line it is", seen.words.startsWith("line 1: ✗ wrong"));
  check("the box and its verdict are in sight", await inSight(".live-editor :is(textarea, math-field)", ".live-verdict:not(:empty)"));
  check("the verdict is spoken", await page.evaluate(() => {
    const region = document.querySelector(".live li.live-line .live-verdict");
    return region.closest("[role=status], [aria-live=polite]") !== null;
  }));
  await page.keyboard.press("Escape");
  check("the focus returns, and it is heard", [await focused(), await heard(page)], ["change line 1", "line 1 is closed"]);
  await press(page, "undo");
  check("undo says what is back", await summary(page, "line"), "line 1 as before");
  await press(page, "judge all lines");
  await summary(page, "lines are right");
  check("of all lines only the summary is heard", await page.evaluate(() => [
    ...new Set([...document.querySelectorAll(".live-verdict")].map((x) => x.ariaLive)),
    document.querySelector(".live-summary").ariaLive]), ["off", null]);
  await close(page, name);
};

// On a narrow screen the drawers open by a key, and have the focus until they are closed.
const drawers = async (browser) => {
  const name = "notebooks/04_chain_rule.html", page = await open(browser, name, { width: 390 });
  const focused = () => page.evaluate(() => {
    const { ariaLabel, ariaExpanded } = document.activeElement;
    return [document.activeElement.closest("nav")?.ariaLabel ?? ariaLabel, ariaExpanded];
  });
  check("what is heard of them", await serious(page, ".mobile-header"), []);
  for (const [nav, key] of [["all pages", "Enter"], ["on this page", " "]]) {
    await page.focus(".skip-to-content");
    for (let k = 0; k < 9 && (await focused())[0] !== nav; k++) await page.keyboard.press("Tab");
    const seen = [await focused()];
    for (const next of [key, "Tab", "Escape", key]) {
      await page.keyboard.press(next);
      seen.push(await focused());
    }
    check(`${nav}: by keys`, seen, [[nav, "false"], [nav, null], [nav, null], [nav, "false"], [nav, null]]);
    check(`${nav}: open`, await page.$$eval(".mobile-header label", (all) => all.filter((x) => x.ariaExpanded === "true").map((x) => x.ariaLabel)), [nav]);
    await page.keyboard.down("Shift");
    await page.keyboard.press("Tab"); // from its first entry
    await page.keyboard.up("Shift");
    check(`${nav}: out of it, it closes`, await page.$$eval(".sidebar-toggle:checked", (all) => all.length), 0);
  }
  await close(page, name);
};

// Code is folded to a line until it is asked for, one cell or all; the browser remembers all.
const reader = async (browser) => {
  const name = "notebooks/04_chain_rule.html", page = await open(browser, name);
  const isShown = () => page.evaluate(() => {
    const cells = [...document.querySelectorAll("div.cell_input pre")];
    return [cells.length > 10, ...new Set(cells.map((x) => x.checkVisibility()))];
  });
  check("code is folded", await isShown(), [true, false]);
  check("what it shows is not", await page.evaluate(() =>
    [...document.querySelectorAll("div.cell_output")].every((x) => x.checkVisibility())));
  const all = await page.waitForSelector("button.all-code");
  await all.press("Enter");
  check("all code is shown", await isShown(), [true, true]);
  await page.reload({ waitUntil: "load" });
  const pressed = await page.waitForSelector("button.all-code");
  await page.waitForFunction(() => document.querySelector("button.all-code").textContent === "hide all code");
  check("and remembered", await isShown(), [true, true]);
  const link = await open(browser, name, { fragment: "#The-same-without-a-Jacobian" });
  await link.waitForFunction(() => document.querySelector(".folded-code").open);
  await wait(300);
  check("a link leads to its heading, below code that was remembered", await link.$eval(":target", (x) => {
    const { top } = x.getBoundingClientRect();
    return top >= 0 && top < 200;
  }));
  await close(link, name);
  await pressed.press("Enter");
  check("its label says what it does next", await pressed.evaluate((x) => x.textContent), "show all code");
  await page.focus(".folded-code > summary");
  check("which is its description, not its name", await page.evaluate(() => [document.activeElement.ariaDescribedByElements?.[0].textContent,
    getComputedStyle(document.activeElement, "::after").content]), ["Arrow keys lead to other code.", '"↑ ↓ other code" / ""']);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  check("one cell is shown by a key; all of them are one stop", await page.evaluate(() => {
    const cells = [...document.querySelectorAll(".folded-code")];
    return cells.flatMap((x, k) => x.open || x.firstElementChild.tabIndex === 0 ? [[k, x.open]] : []);
  }), [[1, true]]);
  await close(page, name);
};

const sheets = async (page) => {
  const pdf = Buffer.from(await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
  return pdf.match(/\/Type\s*\/Page\b(?!s)/g).length;
};

// On paper a page is as it is read: no code that is folded, nothing to press or to skip.
const printed = async (browser) => {
  const most = { "index.html": 3, "notebooks/04_chain_rule.html": 6, "notebooks/05_why_both_cases.html": 6, [theorem("logits.gradient")]: 1 };
  for (const name of Object.keys(most)) {
    const page = await open(browser, name);
    await page.evaluate(() => document.querySelector(".all-code")?.click());
    const ink = () => page.$eval("body", (x) => getComputedStyle(x).color);
    await page.emulateMediaType("print");
    const light = await ink();
    check(`${name}: on paper there is nothing to press`, await page.evaluate(() =>
      [...document.querySelectorAll(`:is(button, input, summary, article label, footer), .cell_input, .skip-to-content, .toc-drawer,
        .offer, .on-screen, .term-hint, .live-hint, [data-explorer], article p > a[href*="the-map"]:nth-child(2)`)]
        .filter((x) => !x.closest("header, aside") && x.checkVisibility()).map((x) => x.outerHTML)), []);
    check(`${name}: sheets have margins, and no word on them is marked`, await page.evaluate(() => [
      [...document.styleSheets].flatMap((x) => [...x.cssRules]).filter((x) => x instanceof CSSPageRule).map((x) => x.style.margin).filter(Boolean),
      getComputedStyle(document.body, "::highlight(searched)").backgroundColor]), [["15mm"], "rgba(0, 0, 0, 0)"]);
    check(`${name}: a chain, or a question with its lines to write on, is not torn apart`, await page.evaluate(() =>
      [...document.querySelectorAll("ol.chain-lines, div.cell_output, .to-answer")].filter((x) =>
        getComputedStyle(x).breakInside !== "avoid").map((x) => x.className)), []);
    check(`${name}: lines to write on`, await page.evaluate(() => [...document.querySelectorAll(".to-answer")]
      .filter((x) => parseFloat(getComputedStyle(x, "::after").height) > 20).length),
    { "notebooks/04_chain_rule.html": 2, "notebooks/05_why_both_cases.html": 2 }[name] ?? 0);
    check(`${name}: an exercise is worked out on four lines`, await page.$$eval("section[id^=exercise] > .to-answer", (all) =>
      all.filter((x) => parseFloat(getComputedStyle(x, "::before").height) < 20 || getComputedStyle(x, "::before").borderTopStyle === "none").length), 0);
    check(`${name}: a solution that stands open has its heading`, await page.$$eval("section[id^=exercise] > details", (all) => all.filter((x) => {
      x.open = true;
      const isSeen = x.querySelector("summary").checkVisibility();
      x.open = false;
      return !isSeen;
    }).length), 0);
    check(`${name}: each sheet says what it is and where from`, await page.evaluate((name) =>
      [...document.querySelectorAll("head style")].some(({ textContent: x }) =>
        x.includes(`@bottom-left { content: "${document.title.split(" - ")[0]} · `) && x.includes(` · ${name} · `) && x.includes("CC BY 4.0")), name));
    check(`${name}: no link is marked by its colour`, await page.$$eval("article p > a", (all) => all.filter((x) => {
      const { color, textDecorationLine } = getComputedStyle(x);
      return x.checkVisibility() && (color !== getComputedStyle(x.parentElement).color || textDecorationLine !== "underline");
    }).map((x) => x.outerHTML)), []);
    check(`${name}: no formula reaches over the edge or onto its reason`, await page.evaluate(() => {
      document.documentElement.style.width = "180mm"; // a sheet without its margins
      const edge = document.documentElement.getBoundingClientRect().right + 1;
      return [...document.querySelectorAll("article mjx-container, article .reason, article p")].filter((x) =>
        x.checkVisibility() && x.getBoundingClientRect().right > edge).map((x) => x.textContent.slice(0, 40));
    }), []);
    await page.evaluate(() => { document.documentElement.style.width = ""; });
    check(`${name}: at most ${most[name]} sheets`, await sheets(page) <= most[name]);
    await page.evaluate(() => {
      document.body.dataset.theme = "dark";
    });
    check(`${name}: a dark theme stays on the screen`, [await ink(), await page.evaluate(() =>
      document.querySelector(".live-on") && getComputedStyle(document.querySelector(".live-on")).getPropertyValue("--live-right"))]
      .map((x) => x ?? "#17713a"), [light, "#17713a"]);
    await close(page, name);
  }
};

// The formula that a box's preview shows, its letters one by one, and whether it is marked
// as that of an older text.
const previewed = (page) => page.evaluate(() => {
  const preview = document.querySelector(".live-preview:not(:empty)");
  const letters = [...preview.querySelectorAll("mjx-c")].map((x) =>
    String.fromCodePoint(parseInt(/mjx-c([0-9A-F]+)/.exec(x.className)[1], 16)));
  return [letters.join("").normalize("NFKC"), preview.getAttribute("aria-busy") === "true"];
});
const settled = (page) => page.waitForFunction(() =>
  document.querySelector(".live-preview:not(:empty)")?.getAttribute("aria-busy") === "false",
{ timeout: 60_000, polling: 50 });

// A line opens as it is typeset; and the preview never shows the formula of another text as if
// it were that of the box.  What the page asks is held back until the test lets it go.
const preview = async (browser) => {
  const name = theorem("logits.gradient"), page = await open(browser, "search.html");
  await page.evaluateOnNewDocument(() => {
    const post = Worker.prototype.postMessage;
    window.held = null; // or what waits
    window.letGo = () => window.held.splice(0).forEach((go) => go());
    Worker.prototype.postMessage = function (...words) {
      if (window.held) window.held.push(() => post.apply(this, words));
      else post.apply(this, words);
    };
  });
  await page.goto(`${site.address}/${name}`, { waitUntil: "load" });
  await edit(page);
  await press(page, "change line 7");
  const opened = await part(page, "line 7");
  check("a line opens as it is typeset", await opened.evaluate((x) => x.value), "a_j − y_j");
  check("and shows its formula", await previewed(page), ["=aj−yj", false]);
  await type(page, "line 7", "y_j");
  check("from the first key on it is marked as old", await previewed(page), ["=aj−yj", true]);
  await settled(page);
  check("the formula of what was typed", await previewed(page), ["=yj", false]);
  const waits = (count) => page.waitForFunction((count) => window.held.length >= count,
    { timeout: 30_000, polling: 20 }, count);
  await page.evaluate(() => { window.held = []; });
  await type(page, "line 7", "a_j");
  await waits(1);
  await type(page, "line 7", "a_j + 1");
  check("an older answer is on its way", await previewed(page), ["=yj", true]);
  await page.evaluate(() => window.letGo());
  await waits(1); // the question about the text of now
  check("the older answer came, and is not shown", await previewed(page), ["=yj", true]);
  await type(page, "line 7", "y_j");
  check("back to the text that is shown", await previewed(page), ["=yj", false]);
  await page.evaluate(() => { window.letGo(); window.held = null; });
  await type(page, "line 7", "a_j");
  await settled(page);
  check("no late answer stays", await previewed(page), ["=aj", false]);
  await close(page, name);
};

// A text with two meanings: both are offered as they are typeset, and a click takes one.
const choices = async (browser) => {
  const name = theorem("logits.gradient"), page = await open(browser, name);
  const offered = (where) => page.waitForFunction((where) => {
    const buttons = [...document.querySelectorAll(`${where} button`)];
    return buttons.length === 2 && buttons.every((x) => x.querySelector("mjx-container"))
      && buttons.map((x) => x.title);
  }, { timeout: 60_000, polling: 50 }, where);
  const [one, other] = ["a_j/(y_j z_j)", "(a_j/y_j) z_j"];
  await edit(page);
  await press(page, "change line 7");
  const box = await type(page, "line 7", "a_j/y_j z_j");
  check("two meanings while one types", await (await offered(".live-preview")).jsonValue(), [one, other]);
  check("and the sentence", await visible(page, "this can be read in two ways"));
  await press(page, `take ${other}`);
  check("a click takes one", await box.evaluate((x) => x.value), other);
  await settled(page);
  await page.waitForFunction(() => !document.querySelector(".live-preview button"), { timeout: 30_000, polling: 50 });
  await (await type(page, "line 7", "a_j/y_j z_j")).press("Enter");
  check("asked for, it has two meanings", (await verdict(page, 7)).words.startsWith("line 7: ? this can be read in two ways"));
  await offered(".live-verdict");
  await press(page, `take ${one}`);
  check("a click in the verdict takes one", await box.evaluate((x) => x.value), one);
  await settled(page);
  await type(page, "line 7", "(a_j - y_j");
  await page.waitForFunction(() => document.querySelector(".live-preview button mjx-container"), { timeout: 30_000, polling: 50 });
  await press(page, "take (a_j - y_j)");
  check("a repaired line is shown as it is typeset, and taken", await box.evaluate((x) => x.value), "(a_j - y_j)");
  await type(page, "line 7", "derive dz");
  await page.waitForSelector(".live-preview a", { timeout: 30_000 });
  check("words lead to the search", await page.$eval(".live-preview a", (x) => [x.textContent, x.getAttribute("href")]),
    ["search for “derive dz”", "../search.html?q=derive%20dz"]);
  const own = await open(browser, "own_derivation.html"), meanings = "take dL/dz_j: o are the logits|take dL/da_j: o are the outputs";
  const isOffered = (where) => own.waitForFunction((where, meanings) => [...document.querySelectorAll(`${where} button`)].map((x) =>
    x.querySelector("mjx-container") && x.ariaLabel).join("|") === meanings, { timeout: 60_000, polling: 50 }, where, meanings);
  const question = await type(own, "What do you want to derive?", "dL/do_j");
  await isOffered(".live-preview");
  await question.press("Enter");
  await isOffered(".live-form .live-verdict");
  check("a question that was begun keeps its sentence", await visible(own, "this can be read in two ways"));
  await press(own, "take dL/dz_j: o are the logits");
  await question.press("Enter");
  await own.waitForFunction(() => document.querySelector(".live-yours")?.textContent === "here z is your o", { timeout: 60_000, polling: 50 });
  await press(own, "share");
  check("what a letter was goes with the address", await own.evaluate(() =>
    JSON.parse(atob(location.hash.slice(3).replaceAll("-", "+").replaceAll("_", "/"))).r), [["z", "o"]]);
  await close(own, "own_derivation.html");
  await close(page, name);
};

// What a box says and what its field shows, once the field is as it should be.
const boxAndField = (page) => page.evaluate(() => {
  const field = document.querySelector("math-field");
  return [field.parentElement.querySelector("textarea").value, field.value.replaceAll(" ", ""), field.checkVisibility()];
});
// The field tells its box of what is typed a moment later.
const boxHolds = (page, latex) => page.waitForFunction((latex) => document.querySelector("math-field")
  .parentElement.querySelector("textarea").value === latex, { timeout: 10_000, polling: 50 }, latex);
const fieldAt = (page) => page.waitForFunction(() =>
  document.activeElement.matches("math-field"), { timeout: 60_000, polling: 50 });
// A tap that opens a field; it goes beside what is called so where the page is still laid out.
const tapToField = async (page, called) => {
  const isOpen = () => page.evaluate(() => document.activeElement.matches("textarea, math-field"));
  for (let k = 0; k < 20 && !(await isOpen()); k += 1) {
    await (await part(page, called)).tap();
    await wait(500);
  }
  await fieldAt(page);
};
const inField = async (page, keys) => {
  const { platform } = process;
  const all = platform === "darwin" ? "Meta" : "Control";
  await page.keyboard.down(all);
  await page.keyboard.press("a");
  await page.keyboard.up(all);
  for (const key of keys) await page.keyboard.press({ "→": "ArrowRight" }[key] ?? key);
};

// A touched box offers a field in which mathematics is typed as it looks; plain text is a tap away.
const formulaField = async (browser) => {
  const name = theorem("logits.gradient"), page = await open(browser, name);
  const ofMathlive = () => page.evaluate(() => performance.getEntriesByType("resource") // from the cache, too
    .map((x) => x.name).filter((x) => x.includes("/mathlive/")));
  await edit(page);
  await press(page, "change line 7");
  await page.waitForSelector(".live-switch");
  check("with a keyboard a box is plain", await page.$("math-field"), null);
  check("and nothing of the field is loaded", await ofMathlive(), []);
  const said = await (await part(page, "formula")).evaluate((x) => {
    x.click();
    return [x.textContent, x.ariaBusy];
  });
  check("at once it says that it loads", said, ["loading …", "true"]);
  await fieldAt(page);
  check("what stands in the box is in the field", await boxAndField(page), ["a_j − y_j", "a_{j}-y_{j}", true]);
  const hears = () => page.evaluate(() => document.activeElement.shadowRoot.activeElement.ariaLabelledByElements.map((x) => x.textContent).join());
  check("the field has its label", await hears(), "line 7");
  check("and its box's description", await page.evaluate(() => {
    const sink = document.activeElement.shadowRoot.activeElement;
    const told = document.querySelector("textarea.live-behind").getAttribute("aria-describedby");
    return sink.ariaDescribedByElements.map(({ id }) => id === told);
  }), [false, true]);
  const holds = () => page.evaluate(() => document.activeElement.shadowRoot.activeElement.ariaDescribedByElements[0].textContent);
  check("and what it holds", await holds(), "a_j-y_j");
  check("it is heard where the focus is now", await page.$eval(".live-typing", (x) => [x.textContent, x.role]), ["formula field", "status"]);
  check("what has the focus lies in it", await page.evaluate(() => {
    const [sink, field] = [document.activeElement.shadowRoot.activeElement, document.activeElement].map((x) => x.getBoundingClientRect());
    return [sink.top - field.top, field.bottom - sink.bottom].every((x) => x >= 0 && x < 2);
  }));
  await (await page.$(".live-editor .live-field label")).click();
  await fieldAt(page); // a label leads to it
  for (const theme of ["light", "dark"]) {
    await page.evaluate((theme) => { document.body.dataset.theme = theme; }, theme);
    await wait(300);
    check(`axe finds nothing serious about an open field, ${theme}`, await serious(page), []);
  }
  await inField(page, "a_j→-");
  await page.waitForFunction(() => document.querySelector(".live-heard").textContent, { timeout: 30_000, polling: 50 });
  check("what cannot be read is said, and no LaTeX shown", [await heard(page), await page.$$eval(".live-place", (all) => all.map((x) => x.checkVisibility()))],
    ["cannot be read yet: nothing behind `-`: a name, a number or a parenthesis is expected", [false]]);
  await inField(page, "a_j→sum_i→y_i→+y_j→/2");
  await page.waitForFunction(() => document.activeElement.shadowRoot.activeElement.ariaDescribedByElements[0].textContent
    === "a_j sum _i y_i+(y_j)/(2)", { timeout: 10_000, polling: 50 }); // the field tells of what is typed a moment later
  await page.keyboard.press("Enter");
  check("a wrong line from the field", (await verdict(page, 7)).mark, "✗");
  await inField(page, "a_j→-y_j"); // it is judged in the pause: Enter would open the next line
  await boxHolds(page, "a_{j}-y_{j}");
  check("what is typed is in the box", await boxAndField(page), ["a_{j}-y_{j}", "a_{j}-y_{j}", true]);
  await page.waitForSelector(".live li:last-child .live-verdict[data-verdict=right]", { timeout: 60_000 });
  await press(page, "plain text");
  await page.waitForFunction(() => document.activeElement.value === "a_j − y_j", { timeout: 30_000, polling: 50 });
  check("the box has the formula in the book's own words", await boxAndField(page), ["a_j − y_j", "a_{j}-y_{j}", false]);
  await settled(page);
  check("and it reads the same", await previewed(page), ["=aj−yj", false]);

  await type(page, "line 7", "a_j - - (");
  await press(page, "formula");
  await page.waitForFunction(() => [...document.querySelectorAll(".live-editor p")].some((x) => x.textContent.includes("opens when this text can be read")),
    { timeout: 30_000, polling: 50 });
  check("what cannot be read stays plain", (await boxAndField(page))[2], false);
  await type(page, "line 7", "y_j");
  await page.waitForFunction(() => [...document.querySelectorAll("button")].some((x) => x.textContent === "formula"),
    { timeout: 30_000, polling: 50 }); // while it loads it has another name
  await press(page, "formula");
  await fieldAt(page);
  await marked(page, "✗", 7); // in the pause
  await page.keyboard.press("Home");
  await page.keyboard.press("Tab");
  check("Tab leaves the field at once", await page.evaluate(() => document.activeElement.textContent), "plain text");
  const back = async () => {
    await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    await page.keyboard.up("Shift");
  };
  await back();
  await fieldAt(page);
  await back();
  check("and it is one stop, with its plain box", await page.evaluate(() => document.activeElement.textContent), "change");
  await page.keyboard.press("Tab");
  await fieldAt(page);
  await page.keyboard.press("Escape");
  check("Escape closes the line", await page.evaluate(() => [document.activeElement.textContent,
    document.querySelectorAll("math-field").length]), ["change", 0]);
  await press(page, "change line 7");
  await fieldAt(page);
  check("the choice holds for the next box", await boxAndField(page), ["y_j", "y_{j}", true]);
  for (const [keys, ...left] of [["a_i→", "a_{□}", "a", ""], ["sum_i→", "\\sum_{□}", "\\sum", ""], ["1/2→", "\\frac{1}{□}", "1", ""],
    ["e^z_i→→", "e^{z_{□}}", "e^{z}", "e^{□}", "e", ""], ["a_i→^2", "a_{i}^{□}", "a_{i}", "a_{□}", "a", ""]]) {
    await inField(page, keys);
    const seen = [];
    for (const _ of left) {
      await page.keyboard.press("Backspace");
      seen.push((await boxAndField(page))[1].replaceAll("\\placeholder{}", "□"));
    }
    check(`each Backspace after ${keys} takes one thing away, and shows what is empty`, seen, left);
  }
  await inField(page, ["a", "_", "i", "Backspace", "j"]);
  await boxHolds(page, "a_{j}");
  check("what is typed next takes the place", await boxAndField(page), ["a_{j}", "a_{j}", true]);
  for (const [keys, latex] of [["a_c-1", "a_{c}-1"], ["e^z_i+1→*2", "e^{z_{i}+1}\\cdot2"], ["a_j*2", "a_{j}\\cdot2"], ["sum_k=1", "\\sum_{k=1}"],
    ["dL/da_i da_i/dz_j", "\\frac{dL}{da_{i}}\\frac{da_{i}}{dz_{j}}"], ["1 / m sum_i a_i", "\\frac{1}{m}\\sum_{i}a_{i}"],
    ["a_k^2→-1", "a_{k}^2-1"],
    ["sum_k^n→a_k", "\\sum_{k}^{n}a_{k}"], ["e^z_i^2", "e^{z_{i}^2}"], ["d_ij^2", "d_{ij}^2"], ["a_i (d_ij - a_j )", "a_{i}\\left(d_{ij}-a_{j}\\right)"], ["sqrt a_i / b", "\\frac{\\sqrt{a_{i}}}{b}"],
    ["-y_j(1-a_j)", "-y_{j}\\left(1-a_{j}\\right)"], ["sum_(i!=j) y_i", "\\sum_{\\left(i\\nej\\right)}y_{i}"],
    ["sum_i(y_i)", "\\sum_{i}\\left(y_{i}\\right)"]]) {
    await inField(page, keys);
    check(`a sign or a space leaves the index of a letter: ${keys}`, (await boxAndField(page))[1], latex);
  }
  await inField(page, "a_k");
  await page.$eval("math-field", (x) => x.executeCommand(["insert", "#@^{#?}", { focus: true, feedback: true }])); // the keyboard's key
  check("so does the key of a power", (await boxAndField(page))[1], "a_{k}^{\\placeholder{}}");
  const heardTyping = (words) => page.waitForFunction((words) => document.querySelector("math-field")
    .parentElement.querySelector(".live-typing").textContent === words, { timeout: 10_000, polling: 50 }, words);
  await inField(page, "sum_i");
  await boxHolds(page, "\\sum_{i}");
  for (const key of "!=") await page.keyboard.press(key);
  await heardTyping(" is not equal to ");
  await page.keyboard.press("j");
  await heardTyping("");
  await page.keyboard.press("ArrowRight");
  await heardTyping("sum _(i is not equal to j)");
  await inField(page, ["a", "Backspace"]);
  await page.$eval("math-field", (x) => x.insert("\\frac{\\partial #?}{\\partial #?}")); // the keyboard's key
  for (const key of ["J", "ArrowRight", "z", "_", "j"]) await page.keyboard.press(key);
  await boxHolds(page, "\\frac{\\partial J}{\\partial z_{j}}");
  check("the key to the right goes from ∂J to what is below its ∂", (await boxAndField(page))[2]);
  check("of MathLive come one module, its sheet and the fonts that are seen", [...new Set((await ofMathlive())
    .map((x) => x.split("/").at(-1).replace(/^KaTeX.*/, "fonts")))].sort(), ["fonts", "mathlive-fonts.css", "mathlive.min.mjs"]);
  await page.evaluate(() => localStorage.clear());
  await close(page, name);
};

// Without the field's files a box is as plain as before, and says why.
const withoutField = async (browser) => {
  const page = await open(browser, "own_loss.html");
  await page.setRequestInterception(true);
  page.on("request", (request) => (request.url().includes("/mathlive/") ? request.abort() : request.continue()));
  await (await part(page, "loss L")).focus();
  await page.waitForSelector(".live-switch");
  await press(page, "formula");
  await page.waitForFunction(() => document.querySelector(".live-form").textContent.includes("could not be loaded"),
    { timeout: 60_000, polling: 50 });
  await page.evaluate(() => localStorage.clear());
  check("its button is back", await page.$eval(".live-switch", (x) => [x.textContent, x.ariaBusy]), ["formula", "false"]);
  check("without its files there is no field", await page.$("math-field"), null);
  await page.close(); // what is missing is on its console
};

const PHONE = { width: 390, height: 844, isMobile: true, hasTouch: true };
// Whether each stands between the theme's bar and the keyboard.
const inSight = (page, ...selectors) => page.evaluate((selectors) => selectors.map((selector) => {
  const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
  return top >= document.querySelector(".mobile-header").getBoundingClientRect().bottom
    && bottom <= window.mathVirtualKeyboard.boundingRect.top;
}), selectors);

// What a finger presses: in the book's parts, on the keyboard, in the drawers and what opens them.
const tooSmall = (page) => page.evaluate(() => [...document.querySelectorAll(`
  .live :is(button:not(.term-button), summary, select, textarea:not(.live-behind)), .live-tick label, .MLK__layer.is-visible [tabindex='-1'],
  .mobile-header :is(label, button, a), .sidebar-drawer :is(.sidebar-tree a, summary, input), .toc-tree a, .all-code, article summary`)]
  .filter((x) => x.checkVisibility()).map((x) => [x.textContent, x.getBoundingClientRect()])
  .filter(([, { width, height }]) => Math.min(width, height) < 44).map(([text]) => text));

// Until the field is there a phone says that it comes, and takes plain text; the page's first touch fetches it.
const keyboardComes = async (browser) => {
  const host = await serve(book); // of its own: nothing of it lies in the cache
  const name = "questions/why-is-the-softmax-jacobian-n-by-n.html", page = await open(browser, name, { host, line: GOOD });
  await page.setViewport(PHONE);
  await page.reload({ waitUntil: "load" });
  const before = host.asked.length;
  await (await page.$("h1")).tap();
  for (let k = 0; k < 100 && late(host.asked.slice(before)).length < 3; k++) await wait(50);
  check("the first touch of a page fetches the field, and nothing else", late(host.asked.slice(before)).map((x) => x.split("/").at(-1)).sort(),
    ["formula_field.js", "mathlive.min.mjs", "settings.json"]);
  const box = await part(page, "your answer to this question");
  const said = () => page.$eval(".live-field > .live-hint", (x) => x.checkVisibility() && x.textContent);
  check("at once it says that the keyboard is coming", await box.evaluate((x) => {
    x.focus();
    x.value = "0";
    x.dispatchEvent(new Event("input", { bubbles: true }));
    const said = document.querySelector(".live-field > .live-hint");
    return said.checkVisibility() && said.textContent;
  }), "The formula keyboard is coming …; until then, type here.");
  await page.waitForFunction(() => document.querySelector(".live-switch")?.textContent === "formula", { timeout: 30_000, polling: 50 });
  check("what was typed meanwhile stays, and how the keyboard is had is said", [await box.evaluate((x) => x.value), await said()],
    ["0", "The formula keyboard is here: “formula” opens it."]);
  await (await part(page, "formula")).tap();
  await fieldAt(page);
  check("it opens with what was typed, and nothing more is said", [await page.$eval("math-field", (x) => x.value), await said()], ["0", false]);
  await page.evaluate(() => localStorage.clear());
  await close(page, name);
  host.stop();
};

// On a phone the field and its keyboard come at the first touch; a finger meets each control.
const phone = async (browser) => {
  const name = "questions/why-is-the-softmax-jacobian-n-by-n.html", page = await open(browser, name);
  await page.setViewport(PHONE);
  await page.reload({ waitUntil: "load" });
  await (await part(page, "your answer to this question")).tap();
  await fieldAt(page);
  await page.waitForFunction(() => window.mathVirtualKeyboard.visible, { timeout: 10_000, polling: 50 });
  await wait(500); // it slides in
  check("no control is too small for a finger", await tooSmall(page), []);
  check("no box makes the page grow", await page.evaluate(() => [...document.querySelectorAll(".live :is(textarea, input, select, math-field)")]
    .filter((x) => parseFloat(getComputedStyle(x).fontSize) < 16).length), 0);
  check("the field stands in the upper third", await page.evaluate(() =>
    document.activeElement.getBoundingClientRect().bottom < innerHeight / 3));
  const tap = async (label) => {
    const key = await page.evaluateHandle((label) => [...document.querySelectorAll(".MLK__layer.is-visible [tabindex='-1']")]
      .find((x) => [x.dataset.keycapValue, x.textContent].includes(label)), label);
    await key.asElement().tap();
  };
  for (const key of ["a", "#@_{i}", "-", "a", "#@_{i}"]) await tap(key);
  await page.waitForFunction(() => document.querySelector(".live-form textarea").value === "a_{i}-a_{i}", { timeout: 10_000, polling: 50 });
  await (await page.$(".MLK__layer.is-visible .MLK__row:last-child .action:last-child")).tap(); // the key that asks
  await page.waitForSelector(".live-form[data-verdict=right] .live-mark", { timeout: 60_000 });
  check("field and verdict are in sight", await inSight(page, "math-field", ".live-verdict > p"), [true, true]);
  await tap("clear");
  await page.waitForFunction(() => document.querySelector(".live-form textarea").value === "", { timeout: 10_000, polling: 50 });
  check("beside an empty box stands no verdict", await page.$eval(".live-form .live-verdict", (x) => x.checkVisibility()), false);
  await page.keyboard.type("a_i");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("(1-a_j");
  await page.waitForSelector(".live-form[data-verdict=wrong] .live-verdict[aria-busy=false] tr", { timeout: 60_000 });
  check("field, verdict, diagnosis and counterexample are in sight, and nothing is there to stop", await inSight(page, "math-field",
    ".live-verdict > p", ".live-verdict > p:nth-child(2) a", ".live-verdict summary"), [true, true, true, true]);
  check("a button that is off takes no room", await page.$eval(".live-stop", (x) => x.checkVisibility()), false);
  await page.evaluate(() => { // something to tick lies under the key, where it closes the keyboard
    const { left, top } = [...document.querySelectorAll(".MLK__layer.is-visible .action")].find((x) => x.textContent === "done").getBoundingClientRect();
    const box = Object.assign(document.createElement("input"), { type: "checkbox", id: "under" });
    box.style = `position: fixed; left: ${left}px; top: ${top}px; width: 60px; height: 50px`;
    document.querySelector(".live").append(box);
  });
  await tap("done");
  const isOpen = (isOpen) => page.waitForFunction((isOpen) => window.mathVirtualKeyboard.visible === isOpen,
    { timeout: 10_000, polling: 50 }, isOpen);
  await isOpen(false);
  await wait(800); // it may have been opened again
  await isOpen(false);
  check("the tap that closes the keyboard meets nothing below it", await page.$eval("#under", (x) => [x.checked, x.remove()][0]), false);
  check("no glyph of MathLive's beside the field", await page.$eval("math-field", (x) =>
    [...x.shadowRoot.querySelectorAll("[part$=toggle]")].filter((x) => x.checkVisibility()).length), 0);
  await (await page.$("math-field")).tap();
  await isOpen(true);
  await wait(500);
  const shift = ".MLK__layer.is-visible .shift";
  const isSeen = (isOn) => page.waitForFunction((shift, isOn) => {
    const key = document.querySelector(shift), probe = key.appendChild(document.createElement("i"));
    probe.style.color = "var(--keyboard-accent-color)";
    const isMarked = getComputedStyle(key).backgroundColor === getComputedStyle(probe).color;
    probe.remove();
    return isMarked === isOn;
  }, { timeout: 10_000, polling: 50 }, shift, isOn).then(() => true, () => false);
  await (await page.$(shift)).tap();
  check("that the next key is a shifted one is seen", await isSeen(true));
  await tap("d");
  check("for one key", await isSeen(false));
  await (await page.$("h1")).tap();
  await page.evaluate(() => document.activeElement.blur());
  await isOpen(false); // with no field to type in
  await close(page, name);

  const conditional = "notebooks/04_chain_rule.html", answered = await open(browser, conditional);
  await answered.setViewport(PHONE);
  await answered.reload({ waitUntil: "load" });
  await tapToField(answered, "your answer to exercise 2");
  await (await part(answered, "plain text")).tap();
  await answered.keyboard.type("Sum((a[i] - y[i])*a[i]*(delta - a[j]), (i, 1, n))*Sum(y[k], (k, 1, n))");
  await answered.waitForSelector(".live-form[data-verdict=conditional] .live-verdict[aria-busy=false]", { timeout: 60_000 });
  await (await part(answered, "formula", ".live-form:focus-within")).tap();
  await fieldAt(answered);
  await answered.keyboard.press("Enter");
  const conditions = ["math-field:not([hidden])", ".live-form[data-verdict=conditional] .live-verdict > p", ".live-form[data-verdict=conditional] .live-verdict > button"];
  for (let k = 0; k < 100 && !(await inSight(answered, ...conditions)).every(Boolean); k++) await wait(100); // judged anew
  check("box, condition and what takes it are in sight", await inSight(answered, ...conditions), [true, true, true]);
  await answered.evaluate(() => localStorage.clear());
  await close(answered, conditional);

  const begun = "own_derivation.html", begins = await open(browser, begun, { host: slowToo });
  await begins.setViewport(PHONE);
  await begins.reload({ waitUntil: "load" });
  await (await part(begins, "What do you want to derive?")).tap();
  await begins.waitForSelector(".live-progress:not([hidden])", { timeout: 30_000 });
  check("what is told of loading lies over no button", await begins.evaluate(() => {
    const bar = document.querySelector(".live-progress").getBoundingClientRect();
    return [...document.querySelectorAll(".live-form button, .live-form math-field")].map((x) => [x.textContent, x.getBoundingClientRect()])
      .filter(([, { top, bottom }]) => Math.min(bottom, bar.bottom) - Math.max(top, bar.top) > 0).map(([text]) => text);
  }), []);
  await close(begins, begun);

  const question = fragment({ v: 1, c: "own", s: "∂L/∂z_j", w: ["softmax", "cross_entropy"], k: null, l: [] });
  const lines = await open(browser, begun, { fragment: question });
  await lines.setViewport(PHONE);
  await lines.reload({ waitUntil: "load" });
  await tapToField(lines, "next line");
  await lines.keyboard.type("a_j-y_j");
  check("where something stands, the line above is no beginning", await visible(lines, "begin with the line above"), false);
  await lines.waitForFunction(() => [...document.querySelectorAll("button")].some((x) => x.textContent === "Use H1"), { timeout: 60_000, polling: 50 });
  const now = () => lines.evaluate(() => [document.activeElement.value?.replaceAll(" ", ""), document.activeElement.matches("math-field"), window.mathVirtualKeyboard.visible]);
  await (await part(lines, "Use H1")).tap();
  await lines.waitForSelector(".live-verdict[data-verdict=right]", { timeout: 60_000 });
  await wait(800); // a keyboard without a field would be closed by now
  check("what takes a hypothesis leaves field and keyboard as they are", await now(), ["a_{j}-y_{j}", true, true]);
  await lines.keyboard.press("Enter");
  await lines.waitForFunction(() => document.activeElement.matches(".live li:nth-child(3) math-field"), { timeout: 30_000, polling: 50 });
  await lines.keyboard.type("y");
  await lines.waitForFunction(() => [...document.querySelectorAll(".live li textarea")].at(-1).value === "y", { timeout: 10_000, polling: 50 });
  await lines.keyboard.press("Backspace");
  await lines.waitForFunction(() => [...document.querySelectorAll(".live li textarea")].at(-1).value === "", { timeout: 10_000, polling: 50 });
  await (await part(lines, "begin with the line above")).evaluate((x) => x.click()); // it lies below the keyboard
  await lines.waitForFunction(() => document.activeElement.matches("math-field"), { timeout: 10_000, polling: 50 }).catch(() => null);
  check("the line above begins in the field", await now(), ["a_{j}-y_{j}", true, true]);
  await lines.evaluate(() => localStorage.clear());
  await close(lines, begun);

  const losses = "own_loss.html", asked = await open(browser, losses);
  await asked.setViewport(PHONE);
  await asked.reload({ waitUntil: "load" });
  await (await part(asked, "loss L")).tap();
  await fieldAt(asked);
  await asked.waitForFunction(() => window.mathVirtualKeyboard.visible, { timeout: 10_000, polling: 50 });
  await asked.keyboard.press("End");
  await asked.keyboard.type("+a");
  await asked.keyboard.press("Enter");
  await asked.waitForSelector(".live-result > *", { timeout: 60_000 });
  await wait(800);
  check("what is said of a loss is in sight, and no keyboard over it", await asked.$eval(".live-result", (x) =>
    [window.mathVirtualKeyboard.visible, x.getBoundingClientRect().bottom < innerHeight + 1]), [false, true]);
  await asked.evaluate(() => localStorage.clear());
  await close(asked, losses);

  const derived = theorem("logits.gradient"), line = await open(browser, derived);
  await line.setViewport(PHONE);
  await line.reload({ waitUntil: "load" });
  await (await part(line, "edit this derivation")).tap();
  await (await part(line, "change line 7")).tap();
  await fieldAt(line);
  await line.waitForFunction(() => window.mathVirtualKeyboard.visible, { timeout: 10_000, polling: 50 });
  await line.keyboard.press("End");
  await line.keyboard.type("+1");
  await line.waitForSelector(".live li:last-child .live-verdict[data-verdict=wrong]", { timeout: 60_000 });
  check("in a line, too", await inSight(line, "math-field", ".live-editor .live-verdict > p"), [true, true]);
  check("the verdict stands above the reason", await line.evaluate(() => Boolean(document.querySelector(".live-editor .live-verdict")
    .compareDocumentPosition(document.querySelector(".live-editor input")) & Node.DOCUMENT_POSITION_FOLLOWING)));
  await line.keyboard.type("+1");
  await wait(1500);
  check("while its keyboard is open it is judged after a longer pause", await line.$eval(".live-editor .live-verdict", (x) => x.ariaBusy), "true");
  await close(line, derived);

  const front = await open(browser, "index.html");
  await front.setViewport(PHONE);
  await front.reload({ waitUntil: "load" });
  await front.waitForSelector(".has-terms");
  check("nor on the front page", await tooSmall(front), []);
  for (const term of ["a_j", "y_j a_j"]) {
    await (await front.$(`.term-button[aria-label="${term}"]`)).tap();
    const { on, wider, covered } = await front.$eval('[data-on="term"]', (x) => {
      const [button, note] = [x, document.querySelector(".term-note")].map((x) => x.getBoundingClientRect());
      const sizes = [...document.querySelectorAll("mjx-math .term")].map((x) => x.getBoundingClientRect());
      const { right, bottom } = sizes.find(({ left, top }) => Math.abs(left - button.left) < 5 && Math.abs(top - button.top) < 5);
      return { on: x.ariaLabel, wider: Math.max(button.right - right, button.bottom - bottom) > 5, covered: button.bottom > note.top };
    });
    check(`a finger on ${term} touches it, and no other`, [on, wider, covered], [term, false, false]);
  }
  await (await front.$(".mobile-header label[for=__toc]")).tap();
  await wait(500); // it slides in
  await (await front.$(".toc-drawer li li a")).tap();
  check("the drawer closes after a tap", await front.$eval("#__toc", (x) => x.checked), false);
  await (await front.$(".mobile-header label[for=__navigation]")).tap();
  await wait(500);
  const pagesInSight = () => front.$$eval(".sidebar-tree a", (all) => all.filter((x) => x.checkVisibility()
    && x.getBoundingClientRect().bottom <= innerHeight).map((x) => x.textContent).filter((x) => /^(Your|0\.)/.test(x)));
  check("the series is folded, and what follows it in sight", await pagesInSight(), ["Your own derivation", "Your own loss", "Your progress"]);
  await (await front.$(".sidebar-tree summary")).tap();
  check("a tap unfolds it", (await pagesInSight())[0], "0. Why is dZ = A − Y? The question");
  await close(front, "index.html");

  const short = "notebooks/04_chain_rule.html", narrowed = await open(browser, short, { width: 390 });
  await narrowed.setViewport(PHONE);
  await narrowed.reload({ waitUntil: "load" });
  check("nor in a notebook", await tooSmall(narrowed), []);
  check("on a page of the series it is unfolded", await narrowed.$eval(".sidebar-tree details", (x) => x.open));
  const shapes = () => narrowed.$$eval("article img", (all) => all.filter((x) => x.checkVisibility()).map((x) =>
    Math.abs(x.clientWidth / x.clientHeight / (x.naturalWidth / x.naturalHeight) - 1) < 0.02));
  check("pictures keep their shape", [...new Set(await shapes())], [true]);
  await narrowed.emulateMediaType("print");
  check("on paper, too", [...new Set(await shapes())], [true]);
  await narrowed.emulateMediaType(null);
  check("tables have all their columns", await narrowed.$$eval("article table", (all) => all.filter((x) => x.scrollWidth > x.clientWidth).length), 0);
  const faded = await narrowed.$$eval("article .formula", (all) => all.map((x) =>
    [x.scrollWidth > x.clientWidth, getComputedStyle(x).maskImage !== "none"]));
  check("a formula fades where it goes on, and only there", faded.filter(([isWide, isFaded]) => isWide !== isFaded), []);
  check("one does", faded.some(([, isFaded]) => isFaded));
  await close(narrowed, short);
};

// What is seen of a derivation of one's own: its formulas as they are typeset, what holds.
const derivation = (page) => page.evaluate(() => ({
  formulas: [...document.querySelectorAll(".live ol .live-formula")].filter((x) => x.checkVisibility())
    .map((x) => x.querySelectorAll("mjx-container").length),
  holds: document.querySelector(".live summary").textContent,
  isAsking: document.querySelector(".live-form").checkVisibility(),
}));

// A pasted derivation: each of its lines is one, the last too, and is judged.
const pasted = async (browser) => {
  const name = "own_derivation.html", page = await open(browser, name);
  const ask = async (text) => (await type(page, "What do you want to derive?", text)).press("Enter");
  await ask("\\begin{align} \\frac{\\partial L}{\\partial z_j} &= -\\sum_i y_i(\\delta_{ij}-a_j) \\\\ &= a_j \\sum_i y_i - y_j \\\\ &= y_j - a_j \\end{align}");
  check("a wrong last line is told", await summary(page, "line"), "line 3 is wrong; the other 2 are right");
  check("no other line stands there", await page.$$eval(".live li.live-line", (all) => all.map((x) => x.dataset.verdict)), ["right", "right", "wrong"]);
  check("and nothing is to be shown", await visible(page, "to show:"), false);
  await press(page, "start another");
  await ask("∂L/∂z_j = t_j - p_j");
  const refused = await page.waitForFunction(() => {
    const said = document.querySelector(".live-form .live-verdict");
    return said.querySelector("table") && [said.checkVisibility(), said.dataset.verdict, /one minus sign is lost/.test(said.textContent)];
  }, { timeout: 60_000, polling: 50 });
  check("a wrong result is refused where it was typed", await refused.jsonValue(), [true, "wrong", true]);
  await type(page, "What do you want to derive?", "∂L/∂z_j = t_j");
  check("it is of the text before", await page.$eval(".live-form .live-verdict", (x) => x.ariaBusy), "true");
  await press(page, "begin with ∂L/∂z_j alone");
  check("it may be begun without it", await visible(page, "to show:"), false);
  await press(page, "start another");
  await (await type(page, "What do you want to derive?", "∂L/∂z_j")).press("Enter");
  await page.keyboard.type("a_j sum_k y_k - y_j"); // before it has begun
  const lines = (...wanted) => page.waitForFunction((wanted) => String([...document.querySelectorAll(".live li.live-line")].map((x) =>
    x.querySelector("textarea")?.value ?? x.querySelector(".live-mark").textContent)) === wanted, { timeout: 60_000, polling: 50 }, String(wanted));
  await lines("a_j sum_k y_k - y_j");
  await page.keyboard.press("Enter");
  await page.keyboard.type("p_j"); // before the verdict
  await lines("✓", "p_j");
  await page.keyboard.type(" + y_j");
  check("what is typed after Enter is the next line", await page.evaluate(() => document.activeElement.value), "p_j + y_j");
  await page.keyboard.press("Enter");
  await marked(page, "✗", 2);
  await wait(300);
  check("what is said of it is short", await page.$eval(".live li:last-child .live-verdict", (x) =>
    [x.offsetHeight < 150, x.querySelector("details").open]), [true, false]);
  check("a wrong line stays open as it was", await page.evaluate(() => document.activeElement.value), "p_j + y_j");
  await type(page, "line 2", "= a_j sum_i y_i - y_j\n= a_j - y_j \\text{the sum of } y \\text{ is 1, by H1}\n= y_j");
  await page.waitForFunction(() => document.querySelectorAll(".live li.live-line").length === 4, { timeout: 60_000, polling: 50 });
  await marked(page, "✗", 4);
  check("a formula in a reason has no dollar signs", await page.$$eval(".live li.live-line .reason", (all) =>
    [all[2].innerText.endsWith("the sum of y is 1"), all[2].querySelector("i").textContent]), [true, "y"]);
  await press(page, "judge all lines");
  check("several pasted lines are lines", await summary(page, "line"), "line 4 is wrong; the other 3 are right");
  await press(page, "start another");
  check("the question before is selected", await page.evaluate(() =>
    document.activeElement.value.length > 0 && getSelection().toString() === document.activeElement.value), true);
  await ask("dL/do_j = p_j - t_j");
  await page.waitForFunction(() => document.activeElement.labels?.[0].textContent === "line 1", { timeout: 60_000, polling: 50 });
  const slopes = "&= \\sum_k \\frac{\\partial L}{\\partial p_k} \\, \\frac{\\partial p_k}{\\partial o_j} \\\\ &= -\\sum_k t_k (\\delta_{jk} - ";
  await type(page, "line 1", `${slopes}foo_j)`);
  await page.waitForFunction(() => [...document.querySelectorAll(".live-line .live-verdict")].some((x) =>
    x.checkVisibility() && /line 2: .?foo/.test(x.textContent)), { timeout: 60_000, polling: 50 });
  await type(page, "line 1", `${slopes}p_j)`);
  await page.waitForFunction(() => document.querySelectorAll(".live li.live-line").length === 2, { timeout: 60_000, polling: 50 });
  await marked(page, "✓", 2);
  check("the reader's letters are read in them, as in one line", await visible(page, "here z is your o, a is your p, y is your t"));
  await press(page, "start another");
  const beside = () => page.$$eval(".live-beside-rows > li", (all) => all.filter((x) => x.checkVisibility()).map((x) =>
    [x.querySelector(".live-hint").textContent, x.querySelector(".live-verdict").dataset.verdict ?? "", x.querySelectorAll("mjx-container").length]));
  await ask("\\begin{align} L &= -\\sum_i t_i \\log s_i \\\\ &= -\\sum_i t_i x_i - \\log \\sum_k e^{x_k} \\\\ \\frac{\\partial L}{\\partial x_j} &= -t_j + \\frac{e^{x_j}}{\\sum_k e^{x_k}} \\\\ &= s_j - t_j \\end{align}");
  check("a wrong row of the loss is told with the chain below it", await summary(page, "line"),
    "line 1 is right with a condition; the other one is right; row 2 is wrong: where the labels sum to 1 (H1), the sign of the term log(Σ_k e^{z_k}) is wrong");
  await page.waitForFunction(() => document.querySelectorAll(".live-beside-rows mjx-container").length === 2, { timeout: 30_000, polling: 50 });
  check("each row stands above the chain with its mark", await beside(), [["row 1", "", 1], ["row 2", "wrong", 1]]);
  await press(page, "start another");
  await ask("L = -sum t log s\ndL/dx_j = s_j sum_k t_k - t_j\n= s_j - t_j");
  await summary(page, "^line 2 is right");
  await press(page, "share");
  check("what is shared stands in the address", await page.evaluate(() => /^#1=/.test(location.hash)));
  await press(page, "start another");
  await ask("L = -sum t log s\ndL/dx_j = s_j sum_k t_k - t_j\n= t_j - s_j");
  await summary(page, "^line 2 is wrong");
  check("another derivation leaves it", await page.evaluate(() => location.hash), "");
  await press(page, "start another");
  await ask("Let $s = \\mathrm{softmax}(x)$.\n\\begin{align} \\frac{\\partial L}{\\partial x_j} &= s_j \\sum_k t_k - t_j \\\\ &= s_j - t_j \\end{align}");
  check("a definition alone is a note", [await summary(page, "^line 2 is right"), await beside()], ["line 2 is right with a condition; the other one is right", []]);
  await close(page, name);
};

// A derivation from one tap: what is asked, what holds and the first line come from its letters.
const own = async (browser) => {
  const name = "own_derivation.html", page = await open(browser, name);
  await press(page, "dz = a − y");
  await page.waitForSelector(".live-goal mjx-container", { timeout: 60_000 });
  check("where there is room, nothing of it scrolls", await page.$eval(".live-goal > span", (x) => x.scrollWidth <= x.clientWidth + 1));
  check("its result is to be shown, and the first line is open", await page.evaluate(() =>
    [document.querySelector(".live-goal").innerText.split(/\s/)[0], document.activeElement.labels[0].textContent]), ["to", "line 1"]);
  await page.waitForFunction(() => document.querySelector(".live-heard").textContent === "The derivation has begun. To show: ∂L/∂z_j = a_j − y_j",
    { timeout: 10_000, polling: 50 });
  check("how a formula is written describes each box", await page.$$eval("textarea.live-formula-box", (all) => all.map((x) =>
    /For example (.*?),/.exec(x.ariaDescribedByElements[0].textContent)[1])), ["dL/dz_j", "sum_k y_k log a_k"]);
  await press(page, "write it as a line");
  check("its line without H1", (await verdict(page, 1)).rows, expected(told.own));
  await page.waitForFunction(() => document.querySelectorAll(".live ol .formula mjx-container").length === 2, { timeout: 30_000 });
  const begun = { formulas: [1, 1], holds: "What holds: softmax, cross-entropy. Change", isAsking: false };
  check("it stands typeset, and no form above it", await derivation(page), begun);
  check("it has a heading, and its list a name", await page.evaluate(() =>
    [document.querySelector(".live h2").textContent, document.querySelector(".live ol").ariaLabel]), ["Derivation", "derivation, 1 line"]);
  check("how it was read", await visible(page, "read this way: dz is the derivative of L"));
  check("nothing is shown yet", await visible(page, "what was to be shown"), false);
  await press(page, "Use H1");
  await marked(page, "✓");
  check("now it is", await visible(page, "✓ line 1: that is what was to be shown"));
  check("a line has one mark", await page.$$eval(".live-line .live-mark", (all) => all.filter((x) => x.checkVisibility()).length), 1);
  await press(page, "What holds: softmax, cross-entropy. Change");
  await (await part(page, "cross-entropy")).evaluate((x) => x.click());
  check("without the loss it is judged anew", (await verdict(page, 1)).words.includes(
    "tick cross-entropy under “What holds”"));
  check("what holds now", (await derivation(page)).holds, "What holds: softmax. Change");
  await press(page, "share");
  const address = await page.evaluate(() => location.hash);
  await press(page, "start another");
  await (await type(page, "What do you want to derive?", "why is dL/dx = p - t?")).press("Enter");
  await page.waitForFunction(() => document.activeElement.labels?.[0].textContent === "line 1", { timeout: 60_000, polling: 50 });
  for (const [line, text] of ["p sum(t) - t", "p - t"].entries()) {
    await type(page, `line ${line + 1}`, text);
    if ((await verdict(page, line + 1)).mark === "◐") await (await part(page, `line ${line + 1}`)).press("Enter"); // takes H1
    await marked(page, "✓", line + 1);
    await (await part(page, `line ${line + 1}`)).press("Enter");
    await page.waitForFunction((label) => document.activeElement.labels?.[0].textContent === label, { timeout: 30_000, polling: 50 }, `line ${line + 2}`);
  }
  check("Enter on a right line opens the next one, and closes it", await page.$$eval(".live-editor", (all) => all.length), 1);
  check("the result is found among the lines", await visible(page, "✓ line 2: that is what was to be shown"));
  await page.keyboard.press("Escape");
  await press(page, "judge all lines");
  await summary(page, "all 2 lines are right");
  check("what was found stands below the lines, before what can be done", await page.evaluate(() =>
    [...document.querySelectorAll(".live-toolbar > *")].slice(0, 3).map((x) => x.className || x.textContent)), ["live-summary", "live-help", "next line"]);
  const letters = "here z is your x, a is your p, y is your t";
  check("one sentence for the letters of the reader", await visible(page, letters));
  await press(page, "share");
  const ofOthers = await page.evaluate(() => location.hash);
  await press(page, "start another");
  await (await type(page, "What do you want to derive?", "dz = a −")).press("Enter");
  await page.waitForFunction(() => /nothing behind/.test(document.querySelector(".live-form .live-verdict").textContent),
    { timeout: 30_000, polling: 50 });
  const next = await type(page, "What do you want to derive?", "∂L/∂z_j");
  check("nothing is said of another text", await page.$eval(".live-form .live-verdict", (x) => x.textContent), "");
  await next.press("Enter");
  await page.waitForFunction(() => document.activeElement.labels?.[0].textContent === "line 1", { timeout: 30_000, polling: 50 });
  await page.waitForFunction(() => document.activeElement.parentElement.querySelector(".live-switch")?.textContent === "formula",
    { timeout: 30_000, polling: 50 }); // its button comes with the first touch
  await press(page, "formula");
  await fieldAt(page);
  await page.click("math-field");
  await page.keyboard.type("y");
  await page.waitForFunction(() => document.querySelector(".live li textarea").value === "y", { timeout: 30_000, polling: 50 });
  await press(page, "plain text");
  await type(page, "line 1", "");
  await press(page, "begin with the line above");
  check("the line above comes when it is asked for", await page.evaluate(() => document.activeElement.value), "∂L/∂z_j");
  await wait(1000); // longer than the pause in which a line is judged
  await page.evaluate(() => localStorage.clear());
  await press(page, "start another");
  await (await type(page, "What do you want to derive?", "da_i/dz_j = a_i (1 − a_i) if i = j")).press("Enter");
  await page.waitForSelector(".live-goal mjx-container", { timeout: 60_000 });
  await press(page, "write it as a line");
  await marked(page, "✓");
  check("its case", (await derivation(page)).holds, "What holds: softmax, i = j. Change");
  await close(page, name);
  const long = "\\sum_{i}\\frac{\\partial J}{\\partial a_{i}}\\frac{\\partial a_{i}}{\\partial z_{j}}";
  const typed = fragment({ v: 1, c: "own", s: long, w: [], k: null, l: [[long, "", []]] });
  const narrow = await open(browser, name, { fragment: typed, width: 390 });
  const early = await narrow.waitForFunction(() => document.querySelector("script[src*=tex-chtml]")
    && [...document.querySelectorAll(".live ol .formula")].map((x) => [x.latex ?? null, x.textContent, x.scrollWidth <= x.clientWidth]),
  { timeout: 30_000, polling: 20 });
  check("the typesetter comes before the engine has read a shared text, which stands whole, as it was typed",
    await early.jsonValue(), [[null, long, true], [null, `= ${long}`, true]]);
  await close(narrow, name);
  const again = await open(browser, name, { fragment: address });
  await again.waitForFunction(() => document.querySelectorAll(".live ol mjx-container").length === 2,
    { timeout: 60_000, polling: 50 });
  check("a shared one opens typeset, and no form above it", await derivation(again),
    { ...begun, holds: "What holds: softmax. Change" });
  check("it is not judged", [await visible(again, "A reader wrote this derivation."),
    await again.evaluate(() => document.querySelector(".live li.live-line").dataset.verdict)], [true, "none"]);
  await again.waitForSelector(".live-goal mjx-container", { timeout: 60_000 }); // what is to be shown comes with it
  await press(again, "judge all lines");
  await summary(again, "line 1");
  await again.evaluate((x) => { location.hash = x; }, ofOthers);
  await again.waitForFunction((x) => document.querySelector(".live-yours").textContent === x, { timeout: 60_000, polling: 50 }, letters);
  await close(again, name);
};

// That something is seen whole, perhaps after the page has scrolled.
const inView = (page, selector) => page.waitForFunction((selector) => {
  const { top, bottom, height } = document.querySelector(selector).getBoundingClientRect();
  return height && top >= -1 && bottom <= innerHeight + 1; // Firefox scrolls by whole pixels
}, { timeout: 5000, polling: 50 }, selector).then(() => true, () => false);

// Levels: one by the textbook's lines, one by another way with a wrong line between, one by hints alone.
const levels = async (browser) => {
  const name = "levels.html";
  let page = await open(browser, name);
  const linesOf = (level) => told.theorems[level].slice(1);
  const until = (seen, ...given) => page.waitForFunction(seen, { timeout: 60_000, polling: 50 }, ...given);
  const enter = async (line, text) => {
    await (await type(page, `line ${line}`, text)).press("Enter");
    return verdict(page, line);
  };
  const opened = (line) => until((label) => document.activeElement.labels?.[0].textContent === label, `line ${line}`);
  const reached = () => page.$eval(".levels-reached", (x) => x.textContent);
  const isReached = (line) => until((line) => document.querySelector(".levels-reached").textContent.startsWith(`✓ Line ${line} `), line);
  const shown = (selector) => page.$$eval(selector, (all) => all.filter((x) => x.checkVisibility()).length);
  const at = (place) => until((place) => document.querySelector(".levels-place").textContent === place, place);
  const go = (hash) => page.evaluate((hash) => { location.hash = hash; }, hash);

  const first = "softmax.case_unequal", lines = linesOf(first);
  await page.focus(`a[data-level="${first}"]`);
  await page.keyboard.press("Enter");
  await at("softmax, level 4 of 9");
  check("the heading of a level is heard", await page.evaluate(() => document.activeElement.textContent), "An output with respect to another logit, the case i ≠ j");
  await until(() => document.querySelector(".levels-play > .formula mjx-container"));
  check("the map is away, and the textbook is not there", [await shown(".levels-map"), await shown(".levels-textbook")], [0, 0]);
  await page.setViewport({ width: 1300, height: 400 });
  await press(page, "next line");
  for (const [k, text] of lines.entries()) {
    check(`line ${k + 1} is right`, (await enter(k + 1, text)).mark, "✓");
    if (k === lines.length - 1) break;
    check("nothing is reached yet", await reached(), "");
    await opened(k + 2);
  }
  await isReached(lines.length);
  check("what is reached is in view, and the way on", await inView(page, ".levels-reached") && await inView(page, ".levels-next"));
  check("no line is opened below the goal", await shown(".live-line"), lines.length);
  await page.setViewport({ width: 1300, height: 900 });
  check("the textbook stands beside, line by line", await shown(".levels-textbook li"), lines.length + 1);
  for (const theme of ["light", "dark"]) {
    await page.evaluate((theme) => { document.body.dataset.theme = theme; }, theme);
    const colours = () => page.$eval(".levels-next a", (x) => [getComputedStyle(x).color, getComputedStyle(x).backgroundColor]);
    await page.mouse.move(0, 0);
    const before = await colours();
    await page.hover(".levels-next a");
    check(`${theme}: the way on is read below the mouse, too`, await colours(), before);
  }
  check("no hint is offered any more", await shown(".levels-play .live-toolbar > button"), 1);

  check("nothing is said of its world, which is not finished", await reached(), `✓ Line ${lines.length} is what was to be shown. Compare it with the textbook's.`);
  await go("#cross_entropy.gradient");
  await at("cross-entropy, level 1 of 1");
  await press(page, "next line");
  await enter(1, linesOf("cross_entropy.gradient").at(-1));
  await isReached(1);
  check("a world is finished", (await reached()).endsWith(" The world “cross-entropy” is finished."));

  await go("#logits.gradient");
  await at("the chain, level 3 of 5");
  check("another level begins without lines", [await shown(".live-line"), await shown(".levels-textbook"), await reached()], [0, 0, ""]);
  await press(page, "next line");
  check("the chain rule", (await enter(1, "sum_i dL/da_i da_i/dz_j")).mark, "✓");
  await opened(2);
  check("a wrong line is refused", (await enter(2, "p_j + t_j")).mark, "✗");
  check("and nothing is reached", [await reached(), await shown(".levels-textbook")], ["", 0]);
  await enter(2, "p_j - t_j");
  await isReached(2);
  check("by another way, without a tick", (await verdict(page, 2)).words.includes("where the labels sum to 1"));

  await go("#batch.per_example");
  await at("batches, level 2 of 3");
  await press(page, "next line");
  check("a wrong line", (await enter(1, "A_js + Y_js")).mark, "✗");
  for (const what of ["a hint", "show the form of that line", "show the line"]) {
    await until((what) => [...document.querySelectorAll(".live button")].some((x) => x.checkVisibility() && x.textContent === what), what);
    await press(page, what);
  }
  await until(() => [...document.querySelectorAll(".live-help button")].length);
  await press(page, "write it as a line");
  await marked(page, "✓", 1);
  check("a hint takes the place of a wrong line", await page.$$eval(".live li.live-line", (all) => all.length), 1);
  await go("#batch.gradient");
  await at("batches, level 3 of 3");
  await go("#batch.per_example");
  await at("batches, level 2 of 3");
  await press(page, "delete line 1");
  await page.evaluate(() => { location.hash = "#softmax.case_equal"; });
  await at("softmax, level 3 of 9");
  await press(page, "next line");
  check("the goal multiplied out is right", (await enter(1, "a_i - a_i^2")).mark, "✓");
  await until(() => document.querySelector(".levels-reached").textContent.startsWith("Line 1 is the goal in another form"));
  await close(page, name);
  page = await open(browser, name, { fragment: "#softmax.case_equal" }); // as in a new tab
  check("the lines of a level are there again", await page.$$eval(".live-line", (all) => all.length), 1);
  await press(page, "delete line 1");
  await go("#batch.per_example");
  await at("batches, level 2 of 3");
  for (const [k, text] of linesOf("batch.per_example").entries()) {
    await press(page, "a hint");
    await until(() => document.querySelector(".live-help p")?.textContent.startsWith("The next line"));
    check("the first step tells the reason alone", await shown(".live-help p"), 1);
    await press(page, "show the form of that line");
    await press(page, "show the line");
    await press(page, "write it as a line");
    check(`hint ${k + 1} is the textbook's line`, await page.evaluate(() => document.activeElement.value), text);
    await marked(page, "✓", k + 1);
  }
  await isReached(2);
  check("the next level is offered", await page.$eval(".levels-next a", (x) => [x.checkVisibility(), new URL(x.href).hash]), [true, "#batch.gradient"]);
  await go("#batch.gradient");
  await at("batches, level 3 of 3");
  await press(page, "next line");
  check("a line of a level that is left", (await enter(1, "1/m sum_t dL_t/dZ_js")).mark, "✓");

  await page.reload({ waitUntil: "load" });
  check("it is there again, and not judged", await page.$$eval(".live-line", (all) => all.map((x) => [x.dataset.verdict, x.querySelector("code")?.textContent])),
    [["none", "= 1/m sum_t dL_t/dZ_js"]]);
  await press(page, "next line");
  check("that it is not judged is said beside a new line, too", await visible(page, "Your derivation, as you left it."));
  check("the goal below it", (await enter(2, linesOf("batch.gradient").at(-1))).mark, "✓");
  await isReached(2);
  check("the line that was left is judged with it", [(await verdict(page, 1)).mark, await visible(page, "Your derivation, as you left it.")], ["✓", false]);
  await go(`#${first}`);
  await at("softmax, level 4 of 9, derived ✓");
  check("the lines of a derived level are there again, beside the textbook's", [await shown(".live-line"),
    await shown(".levels-textbook li"), await shown(".levels-next")], [lines.length, lines.length + 1, 1]);
  await press(page, "judge all lines");
  await isReached(lines.length);
  await go("#batch.gradient");
  await at("batches, level 3 of 3, derived ✓");
  await page.click(".levels-back a");
  await page.waitForSelector(".levels-map", { visible: true });
  check("five levels have a tick", await page.$$eval(".levels-list .levels-won", (all) =>
    all.map((x) => x.parentElement.querySelector("a").dataset.level)), [first, "cross_entropy.gradient", "logits.gradient", "batch.per_example", "batch.gradient"]);
  check("and the focus is where one was", await page.evaluate(() => document.activeElement.dataset.level), "batch.gradient");
  check("their worlds count them", await page.$$eval(".levels-worlds span", (all) => all.slice(0, 4).map((x) => x.textContent.trim())),
    ["1 of 9", "1 of 1", "1 of 5", "2 of 3"]);
  check("the sidebar tells of them", await page.$$eval(".sidebar-tree .done", (all) => all.map((x) => x.title)), ["5 levels derived"]);
  for (const hash of ["#constructor", "#<img src=x onerror=window.hacked=1>", "#softmax.case_equal%00"]) {
    await go(hash);
    await until(() => document.querySelector(".live-refused"));
    check(`${hash}: a sentence and the map`, [await page.$eval(".live-refused", (x) => x.textContent), await shown(".levels-map"), await shown(".levels-play"),
      await page.evaluate(() => window.hacked ?? "safe")], ["There is no level of this name. Here are all of them.", 1, 0, "safe"]);
    await go("#world-2");
    await until(() => !document.querySelector(".live-refused"));
  }
  await close(page, name);

  const other = await open(browser, name, { fragment: fragment({ v: 1, c: "level softmax.derivative", l: [[EVIL[0], EVIL[1], []]] }) });
  check("lines of an address are another reader's, and not judged", [await visible(other, "A reader wrote this derivation."),
    await other.evaluate(() => [document.querySelector(".live-line").dataset.verdict, window.hacked ?? "safe"])], [true, ["none", "safe"]]);
  await other.evaluate((x, first) => {
    location.hash = x;
    window.firstLines = () => JSON.parse(localStorage.getItem("why-dz-is-a-minus-y")).parts.drafts[first]?.length;
  }, fragment({ v: 1, c: `level ${first}`, l: [["a_i", "", []]] }), first);
  await other.waitForFunction(() => document.querySelector(".levels-play h2").textContent.includes("i ≠ j"), { polling: 50 });
  check("they do not take the place of one's own", await other.evaluate(() => window.firstLines()), lines.length);
  await other.evaluate((x) => { location.hash = x; }, fragment({ v: 1, c: "level __proto__", l: [] }));
  await other.waitForSelector(".live-refused", { timeout: 10_000 });
  await close(other, name);
};

// What was not shared is there again after a reload, in the same tab.
const left = async (browser) => {
  const name = "own_derivation.html", page = await open(browser, name);
  const lines = () => page.$$eval(".live li.live-line .live-formula", (all) => all.map((x) => x.textContent));
  await page.evaluate(() => sessionStorage.setItem("live-choice-own", '{"v":1,"c":"own"}'));
  await page.reload({ waitUntil: "load" });
  check("what is not understood is dropped", (await derivation(page)).isAsking);
  await (await type(page, "What do you want to derive?", "dL/dx = p - t")).press("Enter");
  await page.waitForFunction(() => document.activeElement.labels?.[0].textContent === "line 1", { timeout: 60_000, polling: 50 });
  await type(page, "line 1", "p sum(t) - t"); // nobody asks about it
  await page.reload({ waitUntil: "load" });
  check("it stands as it was left, and is not judged", [await page.$eval(".live-banner p", (x) => x.textContent), await lines(),
    await page.evaluate(() => document.querySelector(".live li.live-line").dataset.verdict), (await derivation(page)).isAsking],
  ["Your derivation, as you left it. Not judged yet:", ["= p sum(t) - t"], "none", false]);
  await page.waitForSelector(".live-goal mjx-container", { timeout: 60_000 });
  await press(page, "judge all lines");
  await summary(page, "the line is right");
  await press(page, "start another");
  check("another may be started", (await derivation(page)).isAsking);
  const other = { v: 1, c: "own", s: "dz", w: [], k: null, l: [["a_j", "", []]] };
  await page.goto("about:blank");
  await page.goto(`${site.address}/${name}${fragment(other)}`);
  check("an address goes before it", [await visible(page, "A reader wrote this derivation."), await lines()], [true, ["= a_j"]]);
  await page.goto("about:blank");
  await page.goto(`${site.address}/${name}`);
  check("and what another wrote is not kept", await lines(), ["= p sum(t) - t"]);
  await close(page, name);
};

// Verdicts come in a pause; that of an older text is marked, and an unfinished text gets none.
const pauses = async (browser) => {
  const name = theorem("logits.gradient"), page = await open(browser, name);
  await edit(page);
  await press(page, "change line 7");
  await page.evaluate(() => {
    const region = document.querySelector(".live li.live-line:last-child .live-verdict");
    window.spoken = []; // what a reader of the screen hears
    let isNew = false;
    new MutationObserver((all) => {
      isNew ||= all.some(({ type }) => type === "childList");
      if (isNew && region.ariaBusy !== "true") window.spoken.push(region.innerText.replace(/\s+/g, " ").slice(0, 15));
      isNew &&= region.ariaBusy === "true";
    }).observe(region, { childList: true, attributes: true, attributeFilter: ["aria-busy"] });
  });
  const isOld = () => page.evaluate(() =>
    document.querySelector(".live li.live-line:last-child .live-verdict").ariaBusy === "true");
  await type(page, "line 7", "a_j + y_j");
  check("a verdict comes in a pause", (await verdict(page, 7)).mark, "✗");
  check("it is of this text", await isOld(), false);
  await type(page, "line 7", "a_j −");
  check("an older verdict is marked", await isOld());
  await page.waitForFunction(() => /nothing behind/.test(document.querySelector(".live-preview").textContent),
    { timeout: 30_000, polling: 50 });
  await wait(1500);
  check("an unfinished text has no verdict", [await isOld(), await visible(page, "this cannot be read")], [true, false]);
  check("why is heard", await heard(page), "cannot be read yet: nothing behind `−`: a name, a number or a parenthesis is expected");
  await (await type(page, "line 7", "y_j − a_j")).press("Enter");
  await verdict(page, 7);
  await wait(1500); // the pause after what Enter has asked
  for (const again of ["line 7: still ✗", "line 7: again ✗"]) {
    await (await part(page, "line 7")).press("Enter");
    await page.waitForFunction((again) => window.spoken.at(-1).startsWith(again), { timeout: 30_000, polling: 50 }, again);
  }
  check("each verdict is spoken once", await page.evaluate(() => window.spoken),
    ["line 7: ✗ wrong", "line 7: ✗ wrong", "line 7: still ✗", "line 7: again ✗"]);
  await press(page, "undo");
  check("one undo for all that was typed with pauses", await page.evaluate(() =>
    document.querySelector(".live li:last-child").dataset.verdict), "right");
  await type(page, "line 7", "q_j − y_j");
  await marked(page, "✓", 7);
  check("how a text was read is heard with its verdict", (await verdict(page, 7)).words.includes("read this way: q read as a"));
  await press(page, "change line 3");
  await page.evaluate(() => {
    window.spoken = [];
    new MutationObserver((all) => {
      for (const region of new Set(all.map(({ target }) => target).filter((x) => x.matches?.(".live-line .live-verdict")))) {
        if (region.ariaLive === "polite") window.spoken.push(region.textContent.slice(0, 7));
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  await (await type(page, "line 3", "a_j + y_j")).press("Enter");
  await verdict(page, 3);
  await verdict(page, 4);
  check("that two lines are judged is heard once, and both verdicts", (await page.evaluate(() => window.spoken)).sort(),
    ["judging", "line 3:", "line 4:"]);
  await close(page, name);
};

// The source for each library, chosen by keys; the next loss comes with the same.
const libraries = async (page, titles) => {
  const shown = () => page.evaluate(() => {
    const chosen = document.querySelector(".live-result input[type=radio]:checked");
    const boxes = [...document.querySelectorAll(".live-result pre")].slice(-3); // to install, in short, to copy
    return [chosen.labels[0].textContent, ...boxes.map((x) => x.textContent.split("\n").find((line) => !line.startsWith("#")))];
  });
  const generalised = "def loss_and_gradient(Z, Y, *, rho):"; // the last of the losses to start from
  check("NumPy comes first", await shown(), ["NumPy", "pip install numpy", generalised, "import numpy as np"]);
  await page.focus(".live-result input[type=radio]:checked");
  await page.keyboard.press("ArrowRight");
  check("PyTorch by a key", await shown(), ["PyTorch", "pip install torch", generalised, "import torch"]);
  const said = () => page.$eval(".live-result fieldset [role=status]", (x) => x.textContent);
  check("and heard", await said(), "now for PyTorch, examples × classes (m, n), batch first");
  await page.keyboard.press("ArrowRight");
  check("JAX by a key", await shown(), ["JAX", "pip install jax", generalised, "import jax"]);
  const layout = () => page.evaluate(() => [...document.querySelectorAll(".live-result input[type=radio]:checked")].at(-1).value);
  check("JAX is batch first", await layout(), "examples × classes (m, n), batch first");
  await page.focus(".live-result fieldset + fieldset input[type=radio]:checked");
  await page.keyboard.press("ArrowRight");
  check("classes first by a key", await layout(), "classes × examples (n, m), as in the course");
  check("and heard", await said(), "now for JAX, classes × examples (n, m), as in the course");
  await page.evaluate(() => { navigator.clipboard.writeText = () => Promise.reject(new Error("denied")); });
  await press(page, "copy the Python source");
  await page.waitForFunction(() => document.activeElement.matches("details[open] > pre"), { timeout: 10_000, polling: 50 });
  check("where copying is denied, the focus and what is selected are the box", [await said(), await page.evaluate(() =>
    [document.activeElement.ariaLabel, String(getSelection()).includes("import jax")])], ["take it from the box", ["Python source", true]]);
  await press(page, "copy the gradient as text");
  await page.waitForFunction(() => document.activeElement.matches(".live-result .live-out input"), { timeout: 10_000, polling: 50 });
  await page.focus(".live-result fieldset + fieldset input[type=radio]:checked");
  await page.keyboard.press("ArrowRight");
  const rows = () => page.evaluate(() => [...document.querySelectorAll(".live-result pre")].slice(-2).map((x) => /Z\.T|Z\)\.T/.test(x.textContent)));
  check("classes last by a key", await rows(), [true, true]);
  await page.evaluate(() => [...document.querySelectorAll(".live-result pre")].at(-1).replaceChildren());
  await press(page, titles[0]);
  await page.waitForFunction(() => [...document.querySelectorAll(".live-result pre")].at(-1)?.textContent, { timeout: 60_000 });
  check("classes stay last", await rows(), [true, true]);
  check("the choice is kept", await shown(), ["JAX", "pip install jax", "def loss_and_gradient(Z, Y):", "import jax"]);
};

// A loss of a reader's own: its letters declare themselves, a tap takes what it lacks.
const ownLetters = async (browser) => {
  const name = "own_loss.html", page = await open(browser, name);
  const letters = () => page.evaluate(() => [...document.querySelectorAll(".live-row")].map((row) =>
    [row.querySelector("select").getAttribute("aria-label"), row.querySelector("select").value, row.querySelector("input").value]));
  const soon = (test, ...given) => page.waitForFunction(test, { timeout: 60_000, polling: 50 }, ...given);
  const rows = (count) => soon((count) => document.querySelectorAll(".live-row").length === count, count);
  await (await part(page, "loss L")).click();
  await soon(() => {
    const { selectionStart, selectionEnd, value } = document.querySelector(".live textarea");
    return value && selectionEnd - selectionStart === value.length; // typing replaces the example
  });
  await type(page, "loss L", "-Sum_k w_k y_k log(a_k)/T");
  await rows(2);
  check("letters declare themselves", await letters(),
    [["w_k: which numbers", "nonnegative", "1, 2, 0.5"], ["T: which numbers", "positive", "2"]]);
  check("what they are is said", await visible(page, "read with: w_k, one nonnegative number a class; T, a positive number"));
  await press(page, "derive the gradient");
  check("derived with them, and the gradient heard", /^✓ right, .*: ∂L\/∂z_j = .*w_j/.test(await summary(page, "^[✓✗?]")));
  await page.waitForSelector(".live-result svg", { timeout: 30_000 });
  check("drawn with them", await page.$eval(".live-plot figcaption", (x) => x.textContent.includes("w = (1, 2, 0.5), T = 2")));
  check("how exact it is", await visible(page, "off by at most 1e-"));
  await type(page, "logits z", "1, -2, 800");
  await (await type(page, "labels y, or the true class", "2")).press("Enter");
  await soon(() => document.querySelectorAll(".live-check tbody tr").length === 3);
  check("checked here", await page.$$eval(".live-check td:last-child", (all) => all.map((x) => x.textContent)), ["✓", "✓", "✓"]);
  check("what it is off by is named", await visible(page, "off by, relative to the largest entry or 0.001"));
  await (await type(page, "w", "1, x")).press("Enter");
  await soon(() => /w needs numbers/.test(document.querySelector(".live").textContent));
  await (await type(page, "w", "1, 3")).press("Enter");
  await soon(() => /w has 2 numbers and z has 3/.test(document.querySelector(".live").textContent));
  await (await type(page, "w", "1, 3, 0.25")).press("Enter");
  await soon(() => /with w = \(1, 3, 0.25\), T = 2/.test(document.querySelector(".live").textContent));
  await (await type(page, "labels y, or the true class", "1, 1")).press("Enter");
  await soon(() => /z has 3 numbers and y has 2/.test(document.querySelector(".live").textContent));
  await press(page, "random");
  await soon(() => document.querySelectorAll(".live-check tbody tr").length === 3);
  const given = (line) => soon((line) => [...document.querySelectorAll(".live-result .live-out :is(textarea, input)")].some((x) => x.value.startsWith(line)), line);
  await press(page, "copy the derivation as LaTeX");
  await given("\\begin");
  await press(page, "copy the gradient as text");
  await given("∂L/∂z_j = (a_j");
  await press(page, "copy the gradient as LaTeX");
  await given("\\frac{\\partial");
  await press(page, "to the code");
  await soon(() => document.activeElement.matches("h3"));
  check("the code is seen", await page.evaluate(() => {
    const { top, bottom } = document.activeElement.getBoundingClientRect();
    return [document.activeElement.textContent, top >= 0 && bottom <= innerHeight];
  }), ["Code", true]);
  await page.select(".live-row:nth-child(2) select", "0..1");
  await soon(() => document.querySelectorAll(".live-row input")[1].value === "0.5");
  await soon(() => /T = 0.5/.test(document.querySelector(".live-plot figcaption")?.textContent));
  check("its new numbers are heard", await page.$$eval(".live [role=status]", (all) => all.filter((x) => x.textContent.includes("T = 0.5")).length), 1);
  check("its lines are counted", await page.$eval(".live-result li:nth-child(2) .line-place", (x) => /^line 1 of \d, proved:$/.test(x.textContent)));
  check("its parts have headings", await page.$$eval(".live :is(h2, h3)", (all) => all.map((x) => `${x.tagName} ${x.textContent}`)),
    ["H2 Result", "H3 Check here", "H3 Line by line", "H3 Code"]);
  check("the gradient comes first", await page.$eval(".live-result", ({ children: [first, second] }) =>
    [first.matches(".formula"), second.textContent.startsWith("holds for"), first.getBoundingClientRect().bottom <= innerHeight]), [true, true, true]);
  await press(page, "share");
  await soon(() => /address/.test(document.querySelector(".live-form").textContent));
  check("the verdict stays", (await summary(page, "^[✓✗?]")).slice(0, 8), "✓ right,");
  const address = await page.evaluate(() => location.hash);
  const isOld = () => page.evaluate(() => [".live-summary", ".live-result"].map((x) => document.querySelector(x).matches(".live-old")));
  check("what was derived is of this loss", [await isOld(), await visible(page, "of the loss before")], [[false, false], false]);
  await type(page, "loss L", "Sum_k y_k log(y_k/a_k");
  check("it is of the loss before", [await isOld(), await visible(page, "of the loss before")], [[true, true], true]);
  check("letters go with their loss", await letters(), []);
  await type(page, "loss L", "-T^2 Sum_k q_k log(e^(z_k/T)/Sum_i e^(z_i/T))");
  await press(page, "derive the gradient");
  check("q is asked about", await summary(page, "ways"), "this can be read in three ways");
  await press(page, "take -T^2 Sum_k y_k log(e^(z_k/T)/Sum_i e^(z_i/T))");
  check("a meaning is derived at once", (await summary(page, "^[✓✗?]")).slice(0, 8), "✓ right,");
  check("the button goes, and the focus is in the box", await focused(page), "loss L");
  check("and of this loss", [await isOld(), await visible(page, "of the loss before")], [[false, false], false]);
  await type(page, "loss L", "-Sum_k q_k log p_k");
  await press(page, "derive the gradient");
  check("a teacher's output is asked about", await summary(page, "ways"), "this can be read in three ways");
  await press(page, "q_k, one nonnegative number a class");
  check("it is given, with one tap", (await summary(page, "^[✓✗?]")).slice(0, 8), "✓ right,");
  check("the focus is in the box, too", await focused(page), "loss L");
  check("as it was typed", await letters(), [["q_k: which numbers", "nonnegative", "1, 2, 0.5"]]);
  check("whose letter it is", await visible(page, "here a is your p"));
  await type(page, "loss L", "-Sum_k y_k log p_k");
  await press(page, "derive the gradient");
  await soon(() => /read this way: p read as a/.test(document.querySelector(".live-result").textContent));
  await type(page, "loss L", "Sum_k y_k log(y_k/a_k)");
  await rows(0);
  await press(page, "derive the gradient");
  await soon(() => [...document.querySelectorAll(".live-result button")].some((x) => x.textContent === "use: no label is negative"));
  await press(page, "use: no label is negative");
  check("derived with one tap", (await summary(page, "^[✓✗?]")).slice(0, 8), "✓ right,");
  check("the focus is where all is derived", await focused(page), "derive the gradient");
  await type(page, "loss L", "-(w*y*log(a)).sum()");
  await rows(1);
  await page.select(".live-row select[aria-label='w: how many numbers']", "w[k]");
  await soon(() => /read with: w_k, one nonnegative number a class/.test(document.querySelector(".live").textContent));
  await press(page, "derive the gradient");
  check("a weight of each class, where it was one number", /∂L\/∂z_j = .*w_j/.test(await summary(page, "^[✓✗?]")));
  await page.select(".live-row select[aria-label='w: how many numbers']", "w");
  await soon(() => /read with: w, a nonnegative number/.test(document.querySelector(".live").textContent));
  await type(page, "loss L", "-Sum_k y_k log a_k + b Sum_k a_k^2");
  await soon(() => document.querySelector(".live-preview button")?.title.includes("beta"));
  await press(page, "take -Sum_k y_k log a_k + beta Sum_k a_k^2");
  check("a line that is taken while it is typed has the focus in its box", await focused(page), "loss L");
  await type(page, "loss L", "-Sum_k y_k lg a_k");
  await press(page, "derive the gradient");
  check("why a loss cannot be read is heard", await summary(page, "^\\? this"), "? this cannot be read: `lg`: write log(x)/log(10)");
  await type(page, "loss L", "");
  await press(page, "derive the gradient");
  check("an empty box says so", await summary(page, "^Nothing"), "Nothing to derive yet: type a loss, or take an example.");
  check("the old result goes", await page.$eval(".live-result", (x) => x.childNodes.length), 0);
  await close(page, name);
  const again = await open(browser, name, { fragment: address });
  await again.waitForSelector(".live-row:nth-child(2)", { timeout: 30_000 });
  check("it is not derived", await visible(again, "A shared loss."));
  check("a shared one keeps its letters", await again.evaluate(() => [...document.querySelectorAll(".live-row")].map((row) =>
    [row.querySelector("select").value, row.querySelector("input").value])), [["nonnegative", "1, 2, 0.5"], ["0..1", "0.5"]]);
  await press(again, "derive it");
  check("where a shared one is derived, the focus stays in the form", await focused(again), "derive the gradient");
  await summary(again, "^[✓✗?]");
  await close(again, name);
};

// The losses to start from: each is derived, drawn, and written in Python.
const losses = async (browser) => {
  const name = "own_loss.html", page = await open(browser, name);
  const titles = await page.evaluate(() => [...document.querySelectorAll(".live-examples button")]
    .map((x) => x.getAttribute("aria-label") ?? x.textContent.trim()));
  check("losses to start from", titles.length, 10);
  for (const title of titles) {
    await press(page, title);
    await page.waitForFunction(() => /^deriving/.test(document.querySelector(".live-summary").textContent),
      { timeout: 5000, polling: 10 }).catch(() => null); // it may be over already
    const words = await summary(page, "^[✓✗?]|cannot|refused");
    check(`${title} is derived`, words.slice(0, 8), "✓ right,");
    await page.waitForSelector(".live-result svg", { timeout: 20_000 });
    check(`${title} in Python`, await page.evaluate(() =>
      [...document.querySelectorAll(".live-result pre")].at(-1).textContent.includes("def loss_and_gradient(Z, Y")));
  }
  await libraries(page, titles);
  await close(page, name);
};

// The words in which a question is asked lead to its page first, in another order too; wrong answers
// and theorems come after it and the notebooks.
const RANKED = {
  "why is the softmax derivative a matrix": ["questions/why-is-the-softmax-jacobian-n-by-n"],
  "matrix of the softmax derivative?": ["questions/why-is-the-softmax-jacobian-n-by-n"],
  "softmax derivative": ["notebooks/02_softmax_derivative", "questions/why-is-the-softmax-jacobian-n-by-n"],
  "divide by m": ["questions/where-does-1-over-m-belong", "questions/gradient-divided-by-the-batch-size"],
  "why cross entropy instead of MSE": ["questions/why-not-squared-error"],
  lesson: ["index"],
  teach: ["index"],
  "cross entropy softmax derivative p - t": ["questions/how-y-over-a-becomes-a-minus-y", "notebooks/04_chain_rule"],
  "derivative of softmax cross entropy wrt logits proof": ["notebooks/04_chain_rule"], // it has no proof in its text
  "softmax cross entropy derivative with respect to logits": ["notebooks/04_chain_rule"],
  "\\frac{\\partial L}{\\partial o_j} = \\hat{y}_j - y_j": ["questions/how-y-over-a-becomes-a-minus-y"],
  "why p - t": ["notebooks/04_chain_rule"], // −Y/A has the same letters
  "why is dL/dx = p - t": ["questions/how-y-over-a-becomes-a-minus-y"],
};
const searched = async (browser) => {
  const name = "search.html", page = await open(browser, name, { fragment: "?q=softmax" });
  await page.waitForSelector("#search-results li", { timeout: 30_000 });
  check("the heading says what is there while the list grows", await page.$eval("#search-results h2", (x) => x.textContent), "Search Results");
  check("it has the focus, for no reader was led away", await page.evaluate(() => document.activeElement === document.querySelector("#search-results h2")));
  await page.waitForFunction(() => /^Search finished, found \d+ pages/.test(document.querySelector("#search-results [role=status]").textContent), { timeout: 30_000, polling: 50 });
  for (const width of [390, 1300]) {
    await page.setViewport({ width, height: 900 });
    check(`${width}: how many were found moves no result`, await page.evaluate(() => {
      const top = () => document.querySelector("#search-results li").getBoundingClientRect().top, before = top();
      const words = Search.status.textContent;
      Search.status.textContent = "";
      const moved = before - top();
      Search.status.textContent = words;
      return moved;
    }), 0);
  }
  const came = () => page.evaluate(() => [performance.getEntriesByType("resource").filter((x) => x.initiatorType === "fetch").length,
    document.querySelectorAll("#search-results li").length]);
  await page.waitForFunction(() => document.querySelector("#search-results li .context"), { timeout: 30_000, polling: 50 });
  await wait(500);
  const [pages, listed] = await came();
  check("pages come for the excerpts in sight, and not for those below", pages < 20 && listed > 40, true);
  await page.$eval("#search-results li:last-child", (x) => x.scrollIntoView());
  await page.waitForFunction(() => document.querySelector("#search-results li:last-child .context"), { timeout: 30_000, polling: 50 });
  await page.evaluate(() => scrollTo(0, 0));
  const first = await page.evaluate((all) => Object.fromEntries(all.map((words) =>
    [words, Search._performSearch(...Search._parseQuery(words)).at(-1)?.[0]])), Object.keys(told.searches));
  check("what a search finds first", first, told.searches);
  const cards = await page.evaluate(async (all) => {
    const gallery = new DOMParser().parseFromString(await (await fetch("wrong_answers.html")).text(), "text/html");
    return Object.fromEntries(all.map((words) => {
      const found = Search._performSearch(...Search._parseQuery(words)), [place, title, anchor] = found.at(-1) ?? [];
      const heading = place === "wrong_answers" && anchor && gallery.querySelector(`${anchor} > h3`)?.firstChild.textContent;
      const isOnce = found.filter(([page, , at]) => page === place && at === anchor).length === 1;
      return [words, heading && isOnce && title === `Wrong answers > ${heading}` ? heading : [place, title, isOnce]];
    }));
  }, Object.keys(told.cards));
  check("words of a wrong answer lead to its card, which comes once, titled by its heading", cards, told.cards);
  const ranked = await page.evaluate((all) => Object.fromEntries(Object.entries(all).map(([words, { length }]) =>
    [words, Search._performSearch(...Search._parseQuery(words)).reverse().slice(0, length).map(([place]) => place)])), RANKED);
  check("what a search ranks first", ranked, RANKED);
  const counts = await page.evaluate(() => ["softmax cross entropy derivation", "softmax cross entropy derivation dV u_k v"]
    .map((words) => Search._performSearch(...Search._parseQuery(words)).length));
  check("letters throw no page out", counts[0] > 0 && counts[0] === counts[1]);
  const places = await page.evaluate(() => Search._performSearch(...Search._parseQuery("own loss")).reverse().map(([place]) => place));
  const explaining = places.findLastIndex((place) => /^(questions|notebooks)\//.test(place));
  check("a form to fill in comes after every explanation", places.indexOf("own_loss") > explaining);
  const excerpts = await page.evaluate(() => ["softmax", "slope", "nowhere"].map((word) => {
    const excerpt = Search.makeSearchSummary(`<main role="main"><h1>The softmax</h1><p>Words first. Then the softmax is
      <math display="block"><msub><mi>a</mi><mi>i</mi></msub></math>, as it was. More.</p><table><td>no</td><td>slopes here</td></table>
      <noscript>The softmax needs JavaScript.</noscript></main>`, new Set([word]), "");
    return [excerpt.textContent, excerpt.querySelectorAll("math:not([display]) > msub").length];
  }));
  check("an excerpt is the sentence of the word or the first, with its formulas", excerpts,
    [["Then the softmax is ai, as it was.", 1], ["slopes here", 0], ["Words first.", 0]]);
  const inNoIndex = ["javascript", "default_rng"]; // the second stands in code alone
  check("words for readers without scripts, and code, are in no index", await page.evaluate((words) =>
    words.flatMap((word) => Search._index.terms[word] ?? []), inNoIndex), []);
  await page.waitForFunction(() => [...CSS.highlights.get("searched") ?? []].some((x) =>
    x.startContainer.isConnected && String(x).toLowerCase() === "softmax"), { timeout: 30_000 }); // in an excerpt
  await close(page, name);
  // What was searched for is marked, in words only, and the page stays as it was.
  for (const place of ["index.html", "theorems/index.html", "notebooks/06_batches.html"]) {
    const from = await open(browser, "search.html");
    await from.evaluate(() => Search._parseQuery("y, the gradient of a batch, sum"));
    await from.goto(`${site.address}/${place}`, { waitUntil: "load" });
    await wait(100); // Sphinx marks after 10 ms
    const marks = await from.evaluate(() => ({
      words: [...new Set([...CSS.highlights.get("searched") ?? []].map((x) => String(x).toLowerCase()))].sort(),
      inFormulas: [...CSS.highlights.get("searched") ?? []].filter((x) =>
        x.startContainer.parentElement.closest("svg, math, mjx-container")).length,
      put: document.querySelectorAll(".highlighted").length,
    }));
    check(`${place}: the words marked`, marks.words.length > 0 && marks.words.every((x) => ["batch", "gradient", "sum"].includes(x)));
    check(`${place}: nothing marked in a formula, nothing put into the page`, [marks.inFormulas, marks.put], [0, 0]);
    await close(from, place);
  }
};

// A question is answered on its page, where nothing else is to be found out first.
const question = async (browser) => {
  const name = "questions/why-is-the-softmax-jacobian-n-by-n.html", page = await open(browser, name);
  for (const [answer, verdict] of [["a_j", "wrong"], ["0", "right"]]) {
    await (await type(page, "your answer to this question", answer)).press("Enter");
    await page.waitForSelector(`.live-form[data-verdict=${verdict}] .live-mark`, { timeout: 60_000 });
  }
  await close(page, name);
};

// The exercises of a notebook are answered on its page.
const exercises = async (browser) => {
  for (const { notebook, number, answers } of told.exercises) {
    const name = `notebooks/${notebook}.html`, page = await open(browser, name);
    for (const [answer, mark] of answers) {
      const box = await type(page, `your answer to exercise ${number}`, answer);
      if (mark === "✗") await box.press("Enter"); // else it is judged in the pause
      const words = await page.waitForFunction((number, mark) => {
        const part = [...document.querySelectorAll(".live[data-live=exercise]")].find((x) =>
          x.textContent.includes(`your answer to exercise ${number}`));
        const words = part.querySelector(".live-verdict").textContent;
        return words.startsWith(mark) && words;
      }, { timeout: 30_000, polling: 50 }, number, mark);
      check(`${notebook}, exercise ${number}: ${answer}`, (await words.jsonValue())[0], mark);
    }
    await close(page, name);
  }
  // An answer that is right with a hypothesis, which a button takes.
  const name = "notebooks/04_chain_rule.html", page = await open(browser, name);
  await (await type(page, "your answer to exercise 2",
    "Sum((a[i] - y[i])*a[i]*(delta - a[j]), (i, 1, n))*Sum(y[k], (k, 1, n))")).press("Enter");
  await page.waitForSelector("[data-verdict=conditional] .live-mark[aria-label='with a condition']", { timeout: 60_000 });
  await press(page, "Use H1");
  await page.waitForSelector(".live-verdict[data-verdict=right]", { timeout: 30_000 });
  check("its button goes, and the focus is in the box", await focused(page), "your answer to exercise 2");
  check("a right one says with what", await page.$eval(".live-verdict[data-verdict=right]", (x) =>
    x.textContent.startsWith("✓ right where the labels sum to 1 (H1), for every n")));
  await type(page, "your answer to exercise 1", "q_j - (1 - alpha)*y_j - alpha/n");
  await page.waitForFunction(() => /^✓.*here a is your q$/.test(document.querySelector(".live-verdict[data-verdict=right]").textContent),
    { timeout: 30_000, polling: 50 });
  await close(page, name);
};

// The path of small questions: every choice says at once whether it is right, and nothing else is loaded.
const path = async (browser) => {
  const name = "path.html";
  site.asked.length = 0;
  const page = await open(browser, name, { width: 390 });
  await page.setViewport({ width: 390, height: 600 });
  const shown = () => page.$$eval("article h2", (all) => all.filter((x) => x.checkVisibility()).map((x) => x.firstChild.textContent));
  const here = "section section:not([hidden])", on = `${here} .path-on`;
  const open_ = async (k) => { // by the keyboard: a summary opens by Enter
    await page.evaluate((here, k) => {
      document.querySelector("article > section > [role=status]").textContent = "";
      document.querySelectorAll(`${here} summary`)[k].focus();
    }, here, k);
    await page.keyboard.press("Enter");
    await page.waitForFunction((here, k) => document.querySelectorAll(`${here} details`)[k].open, { polling: 50 }, here, k);
    return page.waitForFunction((here, k) => {
      const words = document.querySelector("article > section > [role=status]").textContent;
      return words && [words, document.querySelectorAll(`${here} details p`)[k].textContent];
    }, { polling: 50 }, here, k).then((x) => x.jsonValue());
  };
  const drag = async (to) => {
    for (const [k, number] of to.entries()) {
      await page.evaluate((here, k) => document.querySelectorAll(`${here} input`)[k].focus(), here, k);
      await page.keyboard.press("Home"); // z = -4
      for (let step = 0; step < Math.round((number + 4) * 10); step++) await page.keyboard.press("ArrowRight");
      if (await page.$eval(on, (x) => x.matches(".is-done"))) return;
    }
  };
  const goals = [[3, 1, 0.5], [1, 0.5, 0]];
  let number = 0, titles = new Set();
  for (;;) {
    number += 1;
    const [title, ...others] = await shown();
    titles.add(title);
    check(`path: ${title} stands alone`, others, []);
    if (!await page.$(`${here} .path-question`)) break;
    check(`path: ${title} is question ${number}`, (await page.$eval(".path-place", (x) => x.textContent)).startsWith(`question ${number} of `));
    check(`path: ${title} is not answered yet`, await page.$eval(on, (x) => x.textContent), "skip this question");
    const rights = await page.$$eval(`${here} details`, (all) => all.map((x) => "right" in x.dataset));
    check(`path: ${title}: each choice has a name that is heard`, await page.$$eval(`${here} summary`, (all) =>
      all.filter((x) => !(x.ariaLabel ?? x.textContent).trim() || (x.querySelector("mjx-container") && !x.ariaLabel)).length), 0);
    if (rights.length === 1) {
      await page.$eval(`${here} summary`, (x) => x.click());
      await page.waitForFunction((here) => document.querySelector(`${here} details`).open, { timeout: 5000, polling: 50 }, here);
      check(`path: ${title}: to look is not to reach`, await page.$eval(on, (x) => x.textContent), "skip this question");
      await drag(goals.shift());
    } else {
      for (const [k, isRight] of rights.entries()) {
        if (isRight) continue;
        const [heard, seen] = await open_(k);
        check(`path: ${title}, choice ${k + 1} is wrong, and why is said`, [/^wrong: .{15}/.test(heard), seen.startsWith("✗ ")], [true, true]);
      }
      check(`path: ${title} stays open with a wrong one`, await page.$eval(on, (x) => x.textContent), "skip this question");
      const [heard, seen] = await open_(rights.indexOf(true));
      check(`path: ${title}, the right one`, [heard.startsWith("right: "), seen.startsWith("✓ ")], [true, true]);
    }
    await page.waitForFunction((on) => document.querySelector(on).textContent === "on →", { timeout: 5000, polling: 50 }, on);
    check(`path: ${title}: the way on is in view`, await inView(page, on));
    check(`path: ${title}: nothing to scroll sideways`, await page.evaluate(() => document.documentElement.scrollWidth <= 390));
    check(`path: ${title}: what it revealed is seen`, await page.$$eval(`${here} [data-revealed]`, (all) => all.every((x) => x.checkVisibility())));
    const before = title;
    await page.click(on);
    await page.waitForFunction((before) => [...document.querySelectorAll("article h2")].find((x) => x.checkVisibility()).firstChild.textContent !== before, { polling: 50 }, before);
    check("path: the next heading has the focus", await page.evaluate(() => document.activeElement.tagName), "H2");
  }
  check("path: nothing is open", await page.$eval(".path-open", (x) => x.textContent), "");
  check("path: as many questions as its places", titles.size - 1, await page.$$eval(".path-places a.is-done", (all) => all.length));
  check("path: nothing but the page was loaded", late(site.asked), []);
  await page.goBack();
  await page.waitForFunction(() => /^question/.test(document.querySelector(".path-place").textContent), { polling: 50 });
  check("path: the browser's back leads to the question before", (await shown()).length, 1);
  await page.goForward();
  await page.evaluate(() => history.replaceState(null, "", location.pathname));
  await page.reload();
  check("path: a reload keeps the place", await shown(), ["That is all of it"]);
  check("path: and the ticks", await page.$$eval(".path-places a.is-done", (all) => all.length), titles.size - 1);
  await page.waitForFunction(() => [...document.querySelectorAll(".sidebar-tree .done")].some((x) => x.title === "all questions answered"), { polling: 50 });
  await close(page, name);

  for (const [what, before] of [
    ["of another version", () => localStorage.setItem("why-dz-is-a-minus-y", '{"version":9,"parts":{"path":{"at":"put-together"}}}')],
    ["with a place that is none", () => localStorage.setItem("why-dz-is-a-minus-y", '{"version":1,"parts":{"path":{"at":"<img src=x>","answered":"all"}}}')],
    ["that is no JSON", () => localStorage.setItem("why-dz-is-a-minus-y", "{")],
  ]) {
    const page = await open(browser, name, { before });
    check(`path: a store ${what} is as good as none`, await page.$eval(".path-place", (x) => x.textContent.startsWith("question 1 of")));
    await close(page, name);
  }
  const some = await open(browser, name, { fragment: "#that-is-all-of-it" });
  check("path: what is open is said at the end", [await some.$$eval(".path-open a", (all) => all.length), await some.$$eval(".path-places a", (all) => all.length)]
    .every((x, _, [first]) => x === first && x > 11));
  await close(some, name);
  const refusing = await open(browser, name, { before: () => {
    Storage.prototype.setItem = () => { throw new Error("full"); };
    localStorage.clear();
  } });
  await refusing.click(".path-on");
  await refusing.waitForFunction(() => document.querySelector(".path-trouble").textContent.startsWith("This browser keeps nothing"), { polling: 50 });
  await close(refusing, name);
  const solving = await open(browser, "notebooks/02_softmax_derivative.html", { before: () => {
    Storage.prototype.setItem = () => { throw new Error("full"); };
  } });
  await (await type(solving, "your answer to exercise 1", "delta_ij - a_j")).press("Enter");
  await solving.waitForFunction(() => /^✓.*This browser keeps nothing/s.test(document.querySelector(".live[data-live=exercise] .live-verdict").textContent),
    { timeout: 60_000, polling: 50 });
  await close(solving, "notebooks/02_softmax_derivative.html");
  const strange = await open(browser, name, { fragment: "#%3Cimg%20src=x%20onerror=alert(1)%3E", before: () => localStorage.clear() });
  check("path: an address that is none leads to the first question", await strange.$eval(".path-place", (x) => x.textContent.startsWith("question 1 of")));
  await close(strange, name);
};

// What a reader has done: counted, saved to a file, brought back, deleted.
const progress = async (browser) => {
  const name = "progress.html", store = '{"version":1,"parts":{"path":{"answered":["a","b"],"of":15},"answers":{"02_softmax_derivative/1":"delta - a_j"}}}';
  const page = await open(browser, name, { before: () => {
    if (!sessionStorage.begun) localStorage.clear();
    sessionStorage.begun = "yes";
    URL.createObjectURL = (blob) => { blob.text().then((text) => { globalThis.saved = text; }); return "#"; };
  } });
  const press = (words) => page.evaluate((words) => [...document.querySelectorAll("#progress button")].find((x) => x.textContent === words).click(), words);
  const listed = () => page.$$eval("#progress li", (all) => all.map((x) => x.textContent));
  check("progress: nothing at first", await listed(), ["Nothing yet."]);
  await page.evaluate((store) => { localStorage.setItem("why-dz-is-a-minus-y", store); }, store);
  await page.reload();
  const found = await listed();
  check("progress: what was done", [found.length, found.some((x) => x.endsWith(": 2 of 15 questions answered")), found.some((x) => x.endsWith(": 1 exercise solved"))], [2, true, true]);
  check("progress: ticks in the sidebar", await page.$$eval(".sidebar-tree .done", (all) => all.length), 2);
  await press("save to a file");
  await page.waitForFunction(() => globalThis.saved, { polling: 50 });
  const saved = await page.evaluate(() => globalThis.saved);
  check("progress: the file has all of it", JSON.parse(saved), JSON.parse(store));
  const remove = await page.$("#progress button:last-of-type");
  const says = () => page.evaluate((x) => [x.textContent, document.querySelector("#progress [role=status]").textContent], remove);
  const leaving = { "the focus": () => page.keyboard.press("Tab"), "the mouse": () => page.mouse.move(0, 0) };
  for (const [what, leave] of Object.entries(leaving)) {
    if (what === "the mouse") await remove.click();
    else await remove.press("Enter");
    check("progress: it asks before it deletes", await says(), ["really delete all?", "Press once more to delete all. Leave the button to keep it."]);
    await leave();
    check(`progress: it is kept where ${what} leaves`, [await says(), (await listed()).length], [["delete all", "Nothing is deleted."], 2]);
  }
  await press("delete all");
  await press("really delete all?");
  check("progress: then all is gone", [await listed(), await page.evaluate(() => localStorage.length)], [["Nothing yet."], 0]);
  const give = async (text, said) => {
    await page.evaluate((text) => {
      const input = document.querySelector("#progress input"), files = new DataTransfer();
      files.items.add(new File([text], "progress.json"));
      input.files = files.files;
      input.dispatchEvent(new Event("change"));
    }, text);
    await page.waitForFunction((said) => document.querySelector("#progress [role=status]").textContent.includes(said), { polling: 50 }, said);
  };
  await give("<script>alert(1)</script>", "nothing was changed");
  await give("x".repeat(500_000), "too large");
  check("progress: a file that is none changes nothing", await listed(), ["Nothing yet."]);
  await give(saved, "Brought back");
  check("progress: a file brings it back", (await listed()).length, 2);
  await close(page, name);
  const exercise = await open(browser, "notebooks/02_softmax_derivative.html");
  const box = await part(exercise, "your answer to exercise 1");
  check("progress: a solved exercise stands in its box", await box.evaluate((x) => x.value), "delta - a_j");
  check("progress: and says so", await exercise.$eval(".live[data-live=exercise] .live-verdict", (x) => x.textContent.startsWith("✓ you have solved it")));
  await close(exercise, "notebooks/02_softmax_derivative.html");
};

// A worksheet: the start and the goal, blanks between them, and the solution on a sheet of its own.
const worksheets = async (browser) => {
  const name = theorem("logits.gradient"), page = await open(browser, name);
  await page.evaluate(() => { window.print = () => { globalThis.printed = true; }; });
  await page.emulateMediaType("print").catch(() => {}); // Firefox's driver has no paper
  const isPaper = await page.evaluate(() => matchMedia("print").matches);
  const lines = await page.$$eval(".live ol.chain-lines > li", (all) => all.map((x) => [...x.querySelectorAll(".formula")].find((y) => !y.hidden).textContent));
  for (const [blanks, formulas, reasons, empty] of [["lines", 2, 7, 6], ["reasons", 8, 0, 7]]) {
    await page.evaluate((blanks) => [...document.querySelectorAll(".live button")].find((x) => x.textContent === `worksheet with blank ${blanks}`).click(), blanks);
    await page.waitForFunction(() => globalThis.printed, { timeout: 10_000, polling: 50 });
    const [sheet, solution] = await page.$$eval(".worksheet ol", (all) => all.map((x) => [x.querySelectorAll(".formula").length,
      x.querySelectorAll(".reason").length, x.querySelectorAll(".worksheet-blank").length]));
    check(`worksheet with blank ${blanks}`, sheet, [formulas, reasons, empty]);
    check(`worksheet with blank ${blanks}: its solution`, solution, [8, 7, 0]);
    check("the solution has the lines of the page", await page.$$eval(".worksheet-solution .formula", (all) => all.map((x) => x.textContent)), lines);
    check("the solution is a sheet of its own, and nothing of the page is printed", await page.evaluate((isPaper) => !isPaper || [
      getComputedStyle(document.querySelector(".worksheet-solution")).breakBefore === "page",
      [...document.querySelectorAll("article > section > :not(.worksheet)")].every((x) => !x.checkVisibility())].every(Boolean), isPaper));
    if (isPaper) check("a worksheet has two sheets", await sheets(page), 2);
    await page.evaluate(() => {
      globalThis.printed = false;
      dispatchEvent(new Event("afterprint"));
    });
    check("afterwards the page is as it was", await page.$$eval(".worksheet", (all) => all.length), 0);
  }
  await close(page, name);

  const level = await open(browser, "levels.html", { fragment: "#softmax.case_unequal" });
  await level.evaluate(() => { window.print = () => { globalThis.printed = true; }; });
  await press(level, "worksheet with blank lines");
  await level.waitForFunction(() => globalThis.printed, { timeout: 20_000, polling: 50 });
  check("a level's worksheet has the textbook's lines", await level.evaluate(() => [document.querySelector(".worksheet h2").textContent,
    document.querySelectorAll(".worksheet-blank").length, document.querySelectorAll(".worksheet-solution .formula mjx-container").length]),
  ["An output with respect to another logit, the case i ≠ j", 3, 5]);
  await close(level, "levels.html");
};

// An exercise link: the address asks for a start and a goal, and has the hints; nothing is shown before it is asked for.
const exerciseLinks = async (browser) => {
  const name = "own_derivation.html", page = await open(browser, name);
  await press(page, "dz = a − y");
  await page.waitForSelector(".live-goal mjx-container", { timeout: 60_000 });
  for (const [line, text] of [[1, "sum_i dL/da_i da_i/dz_j"], [2, "a_j sum_i y_i - y_j"]]) {
    await (await type(page, `line ${line}`, text)).press("Enter");
    await marked(page, "✓", line);
    if (line === 1) await page.waitForFunction(() => document.activeElement.labels?.[0].textContent === "line 2", { timeout: 20_000, polling: 50 });
  }
  await press(page, "exercise link");
  const shared = await page.waitForSelector(".live-out input", { timeout: 20_000 });
  const fragment = new URL(await shared.evaluate((x) => x.value)).hash;
  check("whoever sets an exercise stays with the own derivation", await page.evaluate(() => location.hash), "");
  await close(page, name);

  const given = await open(browser, name, { fragment });
  await given.waitForFunction(() => document.querySelector(".live-goal")?.checkVisibility(), { timeout: 60_000, polling: 50 });
  const words = () => given.$$eval(".live-help p", (all) => all.map((x) => x.textContent));
  check("an exercise shows its start and its goal, and no line", await given.evaluate(() => [
    document.querySelectorAll(".live li.live-line").length, document.querySelector(".live-goal").textContent.startsWith("to show:"),
    document.querySelector(".live-goal button").checkVisibility()]), [0, true, false]);
  await press(given, "a hint");
  await given.waitForFunction(() => document.querySelector(".live-help p")?.textContent.startsWith("Whoever"), { timeout: 60_000, polling: 50 });
  check("its first hint is a reason, where one was written", (await words()).length, 1);
  await press(given, "show the form of that line");
  await press(given, "show the line");
  check("then the form and the line", (await words()).length, 3);
  await press(given, "write it as a line");
  await marked(given, "✓", 1);
  await press(given, "a hint");
  await given.waitForFunction(() => document.querySelector(".live-help p")?.textContent.startsWith("Whoever"), { timeout: 60_000, polling: 50 });
  await press(given, "show the form of that line");
  await press(given, "show the line");
  await press(given, "write it as a line");
  await marked(given, "✓", 2);
  await close(given, name);

  const state = JSON.parse(Buffer.from(fragment.slice(3), "base64url"));
  for (const wrong of [{ x: 2 }, { x: 1, l: [] }, { x: true }, { x: 1, g: "" }]) {
    const hostile = `#1=${Buffer.from(JSON.stringify({ ...state, ...wrong })).toString("base64url")}`;
    const page = await open(browser, name, { fragment: hostile });
    await page.waitForFunction(() => document.querySelector(".live-refused")?.textContent.startsWith("The address was not understood"), { timeout: 20_000, polling: 50 });
    await close(page, name);
  }
  const evil = `#1=${Buffer.from(JSON.stringify({ ...state, l: [["a_j", "$\\href{javascript:alert(1)}{x}$", []]] })).toString("base64url")}`;
  const bad = await open(browser, name, { fragment: evil });
  await press(bad, "a hint");
  await bad.waitForFunction(() => /not read/.test(document.querySelector(".live-help")?.textContent), { timeout: 60_000, polling: 50 });
  check("a hint of foreign signs is refused", await bad.$$eval(".live a[href^=javascript]", (all) => all.length), 0);
  await close(bad, name);
};

// The wrong answers as a question to a class: nothing says what is wrong until it is asked; as a sheet, too.
const gallery = async (browser) => {
  const page = await open(browser, "wrong_answers.html");
  const told = () => page.evaluate(() => [...document.querySelectorAll(
    "article :is(h2, h3), article h1 ~ ul, .diagnosis > :not(summary), .toc-drawer, .toc-overlay-icon")].filter((x) => x.checkVisibility()).length);
  const all = await told();
  check("at first each says what is wrong", all > 100);
  await page.click(".hide-diagnoses");
  check("hidden, none does", await told(), 0);
  const numbers = await page.evaluate(() => [...document.querySelectorAll(".wrong-answer")].filter((x) =>
    getComputedStyle(x, "::before").content.startsWith('"Line ')).length);
  check("each line has its number", numbers, await page.$$eval(".wrong-answer", (x) => x.length));
  await page.emulateMediaType("print");
  check("a sheet to hand out has lines to write on, and no diagnosis", [await told(), await page.evaluate(() =>
    [...document.querySelectorAll("section:has(> .wrong-answer)")].every((x) => parseFloat(getComputedStyle(x, "::after").height) > 20)),
    await sheets(page) <= 2], [0, true, true]);
  await page.emulateMediaType(null);
  await page.click(".diagnosis > summary");
  check("one is told when it is asked for", await told() > 3 && await told() < 20);
  await page.reload({ waitUntil: "load" });
  check("loaded again, and by its address, it is a question still", [await told(), new URL(page.url()).search], [0, "?question"]);
  await page.click(".hide-diagnoses");
  check("shown again", [await told(), new URL(page.url()).search], [all, ""]);
  await page.mouse.move(0, 0);
  const copy = await page.$(".copy-link"), opacity = () => copy.evaluate((x) => getComputedStyle(x).opacity);
  check("a link to an answer is there where the mouse or the focus is; with fingers always",
    await opacity(), await page.evaluate(() => (matchMedia("(hover: hover)").matches ? "0" : "1")));
  await copy.focus();
  check("so it is seen there", await opacity(), "1");
  await copy.click();
  check("the address leads to the answer", await page.evaluate(() =>
    document.querySelector(decodeURIComponent(location.hash).replace(/[^#\w-]/g, "\\$&")) === document.querySelector(".copy-link").closest("section")));
  await page.click(".hide-diagnoses");
  await copy.focus();
  await copy.click();
  check("the address of a question has no word of its heading", await page.evaluate(() => [location.search + location.hash,
    document.querySelector(":target") === document.querySelector(".wrong-answer")]), ["?question#line-1", true]);
  await page.click(".hide-diagnoses");
  await page.emulateMediaType("print");
  check("and all on five sheets", await sheets(page) <= 5);
  await close(page, "wrong_answers.html");
};

const accessible = async (browser) => {
  for (const [name, prepare, within] of [
    [theorem("logits.gradient"), async (page) => {
      await edit(page);
      await press(page, "change line 7");
      await press(page, "line 7 uses H1: the labels sum to 1");
      check("◐ has a button", (await verdict(page, 7)).words.includes("Use H1"));
      await press(page, "change line 3");
      await (await type(page, "line 3", "a[j] + y[j]")).press("Enter");
      check("✗ has a link", (await verdict(page, 3)).words.includes("notebook"));
    }],
    [theorem("blocks.inputs"), async (page) => {
      for (const one of await page.$$(".certificate summary")) await one.click();
    }, ".certificate"],
    ["certificates.html", async () => {}],
    ["own_derivation.html", async () => {}],
    ["levels.html", async () => {}],
    ["levels.html", async (page) => {
      await page.evaluate(() => { // as one who has not derived it
        localStorage.clear();
        location.hash = "#logits.gradient";
      });
      await page.waitForSelector(".levels-play > .formula mjx-container", { timeout: 30_000 });
      await press(page, "a hint");
      await page.waitForFunction(() => document.querySelector(".live-help p")?.textContent.startsWith("The next line"), { timeout: 60_000, polling: 50 });
      await press(page, "next line");
      await (await type(page, "line 1", "a_j - y_j")).press("Enter");
      await page.waitForSelector(".levels-textbook mjx-container", { visible: true, timeout: 60_000 });
    }],
    ["own_loss.html", async () => {}],
    ["wrong_answers.html", (page) => page.click(".hide-diagnoses")],
    ["index.html", async () => {}],
    ["path.html", (page) => page.click("section section:not([hidden]) summary")],
    ["progress.html", async () => {}],
  ]) for (const dark of [false, true]) {
    const page = await open(browser, name);
    await page.evaluate((dark) => { document.body.dataset.theme = dark ? "dark" : "light"; }, dark);
    await prepare(page);
    await wait(300);
    check(`${name} ${dark ? "dark" : "light"}: axe finds nothing serious`, await serious(page, within ?? (/own_|theorems|index/.test(name) ? ".live" : "article")), []);
    await close(page, name);
  }
};

// Without scripts the page is whole, and says what is missing.
const plain = async (browser) => {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(`${site.address}/${theorem("logits.gradient")}`);
  const seen = await page.evaluate(() => [
    document.querySelectorAll("ol.chain-lines li").length,
    document.querySelectorAll("ol.chain-lines mjx-container").length >= 8,
    [...document.querySelectorAll(".live-missing")].some((x) => x.checkVisibility()),
  ]);
  check("without scripts the chain is there, and a line that says what is missing", seen, [8, true, true]);
  const isSeen = () => page.evaluate((statement) => document.querySelector("article").innerText.includes(statement), told.statements["logits.gradient"]);
  const before = await isSeen();
  await page.focus(".certificate > summary");
  await page.keyboard.press("Enter");
  check("a key opens what Rocq accepts, without scripts", [before, await isSeen()], [false, true]);
  await page.close();
};

// A browser without WebAssembly has the book, and is told what it lacks.
const lacking = async (browser) => {
  const page = await browser.newPage();
  await page.evaluateOnNewDocument(() => { delete globalThis.WebAssembly; });
  await page.goto(`${site.address}/${theorem("logits.gradient")}`);
  check("without WebAssembly a line says so", await page.evaluate(() =>
    document.querySelector(".live-trouble")?.textContent.includes("no WebAssembly")));
  await page.close();
};

// From a disk browsers run no modules and no workers: the page says so.
const fromDisk = async (browser) => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(book, theorem("logits.gradient"))).href);
  check("a page from a disk says what to do", await page.evaluate(() =>
    document.querySelector(".live-trouble")?.textContent.includes("make book-serve")));
  await page.close();
};

for (const [kind, { name }] of Object.entries(BROWSERS)) {
  const browser = await launch(kind), isChrome = kind === "chrome";
  console.log(`${name}: ${await browser.version()}`);
  const run = async (what, ...words) => {
    if (parts.length && !parts.includes(what.name)) return;
    const began = Date.now();
    await what(browser, ...words);
    console.log(`  ${what.name} ${((Date.now() - began) / 1000).toFixed(0)} s`);
  };
  site.asked.length = 0;
  await run(everyPage);
  if (isChrome) await run(plain);
  if (isChrome) await run(printed); // Firefox's driver has no paper
  if (isChrome) await run(keyboardComes); // nor fingers
  if (isChrome) await run(gallery);
  if (isChrome) await run(phone);
  if (isChrome) await run(steady); // Firefox waits for what is held before it says that a page is loaded
  await run(fromDisk);
  await run(lacking);
  await run(theorems, Object.keys(told.theorems).filter((_, k) => k % 8 === 0));
  for (const what of [loading, restored, ahead, everyAnswer, broken, withoutH1, stopped, shared, edited, hostile, policy, frontPicture, linked,
    keyboard, drawers, reader, preview, pauses, choices, formulaField, withoutField, own, levels, left, pasted, ownLetters, losses, exercises, searched,
    question, path, progress, worksheets, exerciseLinks, accessible]) await run(what);
  await browser.close();
}
site.stop();
elsewhere.stop();
slow.stop();
slowToo.stop();
finish();
