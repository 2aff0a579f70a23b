// The explorers in Chromium and in Firefox: `make test-browser`.
//
//     node tests/browser/explorers.mjs PYTHON
//
// Carries out the cases of tests/browser/pages.py and compares the text that is there with
// the text that has to be there; then what no number tells. Exit status 1 if anything differs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BROWSERS, check, finish, launch, wait } from "./driver.mjs";

const folder = mkdtempSync(join(tmpdir(), "explorers-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
execFileSync(process.argv[2], ["-m", "tests.browser.pages", folder], { stdio: "inherit" });
const told = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8"));

// What is to be read in every explorer of a page, in the words of pages.py.
const read = () => [...document.querySelectorAll("[data-explorer]")].map((root) => {
  const { shadowRoot } = root;
  const texts = (within, which) => [...within.querySelectorAll(which)].map((x) =>
    x.textContent.replace(/\s+/g, " ").trim());
  return {
    lines: [...texts(shadowRoot, ".lines p"), ...texts(root, "output")],
    bars: [...shadowRoot.querySelectorAll("svg:not([aria-label*=triangle])")].map((picture) =>
      texts(picture, "text:not(.tick)")),
    spoken: [...shadowRoot.querySelectorAll("svg [role=slider]")].map((x) => x.ariaValueText),
    table: [...shadowRoot.querySelectorAll("tr")].slice(1).map((tr) => texts(tr, "td")),
  };
});
const part = async (page, k, name) => (await page.evaluateHandle((k, name) => {
  const { shadowRoot } = document.querySelectorAll("[data-explorer]")[k];
  return [...shadowRoot.querySelectorAll("button, input, [role=slider]")].find((x) =>
    [x.getAttribute("aria-label"), x.name, x.textContent].includes(name));
}, k, name)).asElement();

const take = async (page, k, step) => {
  const element = await part(page, k, step.click ?? step.focus ?? step.drag);
  if (!element) throw new Error(`there is no ${JSON.stringify(step)} in explorer ${k}`);
  if (step.click) return element.click();
  if (step.focus) {
    await element.evaluate((x) => x.focus());
    for (const key of step.keys) await page.keyboard.press(key);
    return;
  }
  await element.evaluate((x) => x.scrollIntoView({ block: "center", behavior: "instant" }));
  await wait(50); // Firefox may scroll on by the rest of a pixel
  const [x, y] = await element.evaluate((handle) => {
    const { left, top, width, height } = handle.querySelector(".grip").getBoundingClientRect();
    return [left + width / 2, top + height / 2].map(Math.round); // Firefox rounds, too
  });
  const moves = [0.3, 0.7, 1].map((share) => [x + Math.round(share * step.right), y + Math.round(share * step.down)]);
  if (step.touch) {
    const finger = await page.touchscreen.touchStart(x, y);
    await wait(250); // it rests
    for (const to of moves) {
      await finger.move(...to);
      await wait(50);
    }
    return finger.end();
  }
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (const to of moves) await page.mouse.move(...to);
  return page.mouse.up();
};

const open = async (browser, name, width = 1300) => {
  const page = await browser.newPage();
  await page.setViewport({ width, height: 900 });
  page.on("console", (message) => check("a quiet console", `${message.type()}: ${message.text()}`, ""));
  page.on("pageerror", (error) => check("no error on the page", String(error), ""));
  page.on("request", (request) => check("no request leaves", request.url().split(":")[0], "file"));
  await page.goto(`file://${join(folder, name)}.html`);
  return page;
};

const cases = async (browser, kind) => {
  const page = await open(browser, "light");
  for (const [k, { steps }] of told.cases.entries()) {
    for (const step of steps) await take(page, k, step);
  }
  const after = await page.evaluate(read);
  told.cases.forEach(({ name, steps, expected }, k) => {
    for (const key of ["lines", "bars", "table", "spoken"]) {
      check(`${key} of ${name} after ${JSON.stringify(steps)}`, after[k][key], expected[key]);
    }
  });
  const names = () => Object.getOwnPropertyNames(window).sort();
  const empty = await open(browser, "empty");
  check("no name of the page is taken", await page.evaluate(names), await empty.evaluate(names));
  check("no id", await page.evaluate(() => [...document.querySelectorAll("[data-explorer]")].flatMap(
    ({ shadowRoot }) => [...shadowRoot.querySelectorAll("[id]")].map((x) => x.id))), []);
  await page.close();
};

// Every control has a name, every slider its value and range, every picture a description.
const unnamed = () => [...document.querySelectorAll("[data-explorer]")].flatMap(({ shadowRoot }) => [
  ...[...shadowRoot.querySelectorAll("button, svg, [role=group], [role=slider]")].filter((x) =>
    !(x.getAttribute("aria-label") ?? x.textContent.trim())),
  ...[...shadowRoot.querySelectorAll("[role=slider]")].filter((x) =>
    !["now", "min", "max", "text"].every((key) => x.hasAttribute(`aria-value${key}`))),
  ...[...shadowRoot.querySelectorAll("input")].filter((x) => !x.labels.length),
]).map((x) => x.outerHTML.slice(0, 100));

// The least contrast of a text with what is painted behind it, by the rule of WCAG.
const leastContrast = () => {
  const rgba = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((x, i) => a * x + (1 - a) * below[i]);
  const linear = (x) => (x <= 10.31475 ? x / 3294.6 : ((x / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const page = rgba(getComputedStyle(document.body).backgroundColor);
  let least = Infinity;
  for (const { shadowRoot } of document.querySelectorAll("[data-explorer]")) {
    for (const element of shadowRoot.querySelectorAll("*")) {
      if (element.tagName === "STYLE") continue;
      if (![...element.childNodes].some((x) => x.nodeType === 3 && x.data.trim())) continue;
      const style = getComputedStyle(element), above = [];
      let opacity = 1;
      for (let x = element; x; x = x.parentElement) {
        above.unshift(rgba(getComputedStyle(x).backgroundColor));
        opacity *= getComputedStyle(x).opacity;
      }
      const behind = above.reduce((below, colour) => over(colour, below), page);
      const [r, g, b, a] = rgba(element.tagName === "text" ? style.fill : style.color);
      const [low, high] = [light(over([r, g, b, a * opacity], behind)), light(behind)].sort((x, y) => x - y);
      least = Math.min(least, (high + 0.05) / (low + 0.05));
    }
  }
  return least;
};

// Texts of a picture, or of cells beside each other, that cover each other or leave the page.
const covered = () => [...document.querySelectorAll("[data-explorer]")].flatMap(({ dataset, shadowRoot }) =>
  [...shadowRoot.querySelectorAll("svg, tr, .panels")].flatMap((within) => {
    const texts = [...within.querySelectorAll(within.matches(".panels") ? "figcaption" : "text, td, th")]
      .filter((x) => x.textContent.trim()).map((x) => {
        const range = document.createRange();
        range.selectNodeContents(x);
        const { left, right, top, bottom } = (x.tagName === "text" ? x : range).getBoundingClientRect();
        // Firefox rounds the box of a text in a picture up, by a pixel on each side.
        const wide = x.getComputedTextLength ? x.getComputedTextLength() * x.getScreenCTM().a : right - left;
        const middle = (left + right) / 2;
        return [x.textContent.trim(), { left: middle - wide / 2, right: middle + wide / 2, top, bottom }];
      });
    const meet = (p, q) => Math.min(p.right, q.right) - Math.max(p.left, q.left) > 0.5
      && Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top) > 0.3 * (p.bottom - p.top); // lines of text stand close
    return texts.flatMap(([name, box], k) => [
      ...texts.slice(k + 1).filter(([, other]) => meet(box, other)).map(([other]) => `${dataset.explorer}: ${name} on ${other}`),
      ...(box.left < 0 || box.right > innerWidth ? [`${dataset.explorer}: ${name} leaves the page`] : []),
    ]);
  }));
// Bars as long as they can be, up and down, for one class after the other.
const stretched = (k) => document.querySelectorAll("[data-explorer]").forEach(({ shadowRoot }) => {
  const classes = shadowRoot.querySelectorAll("[name=true_class]");
  classes[Math.floor(k / 2) % (classes.length || 1)]?.click();
  shadowRoot.querySelectorAll("[aria-label^=logit][role=slider]").forEach((handle, i) =>
    handle.dispatchEvent(new KeyboardEvent("keydown", { key: (i + k) % 2 ? "Home" : "End", bubbles: true })));
});
// What a screen reader hears of numbers: a minus is a minus, and no hyphen.
const hyphens = () => [...document.querySelectorAll("[data-explorer]")].flatMap((root) =>
  [root.textContent, ...[...root.shadowRoot.querySelectorAll("*:not(style)")].flatMap((x) =>
    [x.ariaLabel, x.ariaValueText, x.textContent])].filter((x) => /-\d/.test(x ?? "")));

const looks = async (browser) => {
  for (const name of ["narrow", "dark"]) {
    const page = await open(browser, name, 390);
    check(`${name}: nothing to scroll sideways at 390 pixels`,
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    check(`${name}: everything has a name`, await page.evaluate(unnamed), []);
    const contrast = await page.evaluate(leastContrast);
    console.log(`  ${name}: least contrast of a text ${contrast.toFixed(1)}`);
    check(`${name}: contrast of at least 4.5`, contrast >= 4.5);
    check(`${name}: numbers with a minus`, await page.evaluate(hyphens), []);
    const seen = await page.evaluate(() => {
      const { shadowRoot } = document.querySelector("[data-explorer=both_cases]");
      const boxes = (which) => [...shadowRoot.querySelectorAll(which)].map((x) => x.getBoundingClientRect());
      const tall = (all) => Math.max(...all.map((x) => x.bottom)) - Math.min(...all.map((x) => x.top));
      return [tall(boxes("label, figure")), tall(boxes("label, .bars, table"))];
    });
    console.log(`  ${name}: the switch, the triangle, z, a and dz take ${seen[0].toFixed(0)} pixels, the switch, z, a, dz and the table ${seen[1].toFixed(0)}`);
    check(`${name}: each of both is on one screen of 844 pixels, below a head of 72`, seen.map((x) => x < 844 - 72), [true, true]);
    check(`${name}: no text of a picture is smaller than 11 pixels`, await page.evaluate(() => [...document.querySelectorAll("[data-explorer]")]
      .flatMap(({ shadowRoot }) => [...shadowRoot.querySelectorAll(".bars text, .three text, .lines td")].filter((x) => x.checkVisibility()))
      .map((x) => parseFloat(getComputedStyle(x).fontSize) * (x.getScreenCTM?.().a ?? 1)).filter((size) => size < 10.95)), []);
    for (const width of [320, 390, 1280]) {
      await page.setViewport({ width, height: 844 });
      for (let k = -1; k < 4; k++) {
        if (k >= 0) await page.evaluate(stretched, k);
        check(`${name}: no text on another at ${width} pixels, ${k}`, await page.evaluate(covered), []);
      }
    }
    await page.close();
  }
};

const redraws = async (browser) => {
  const page = await open(browser, "narrow");
  const times = await page.evaluate(() => [...document.querySelectorAll("[data-explorer]")].slice(0, 11)
    .map(({ dataset, shadowRoot }) => {
      const handle = shadowRoot.querySelector("[role=slider]"), taken = [];
      for (let k = 0; k < 200; k++) {
        const key = k % 2 ? "ArrowUp" : "ArrowDown", before = performance.now();
        for (let i = 0; i < 5; i++) { // Firefox tells no less than a millisecond
          handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
          shadowRoot.host.getBoundingClientRect(); // waits for the layout
        }
        taken.push((performance.now() - before) / 5);
      }
      const median = taken.sort((x, y) => x - y)[100].toFixed(1);
      return `${dataset.explorer} ${shadowRoot.querySelectorAll("svg g[role=slider]").length} handles ${median}`;
    }));
  console.log(`  ms for a redraw, median: ${times.join(", ")}`);
  await page.close();
};

const status = (page) => page.evaluate(() => [...document.querySelector("[data-explorer=gradient]")
  .querySelectorAll("output")].at(-1).textContent.replace(/\s+/g, " ").trim());
const steps = (text) => Number(/(\d+) steps? of/.exec(text)[1]);

const descent = async (browser) => {
  const page = await open(browser, "narrow");
  await take(page, 2, { click: "play" });
  while (steps(await status(page)) < 3) await wait(50);
  await take(page, 2, { click: "pause" });
  const paused = await status(page);
  check("descent as it plays", paused, told.descent[steps(paused)]);
  await wait(400);
  check("descent that is paused", await status(page), paused);
  await page.close();
};

// The switch: the bars of i ≠ j go, and descent ends where notebook 5 derives, told in words.
const astray = async (browser) => {
  const page = await open(browser, "narrow");
  const seen = () => page.evaluate(() => {
    const { shadowRoot, textContent } = document.querySelector("[data-explorer=both_cases]");
    const all = (which) => [...shadowRoot.querySelectorAll(which)];
    return {
      bars: all("rect.unequal").filter((x) => Number(x.getAttribute("height")) > 0).length,
      own: all("rect.equal").length, ends: all(".end").length,
      playing: all("button[value=pause]").length === 1,
      place: all("button[value=play], button[value=pause]")[0].getBoundingClientRect().top
        - shadowRoot.host.getBoundingClientRect().top,
      text: textContent.replace(/\s+/g, " ").trim(),
    };
  });
  const before = await seen();
  check("bars of i = j and i ≠ j, no other end", [before.own, before.bars, before.ends], [3, 3, 0]);
  await take(page, 5, { click: "without" });
  const after = await seen();
  check("no button moves", after.place.toFixed(1), before.place.toFixed(1));
  check("without i ≠ j", [after.own, after.bars, after.ends], [3, 0, 1]);
  await take(page, 5, { click: "play" });
  while ((await seen()).playing) await wait(100);
  const { text } = await seen(), taken = Number(/after (\d+) steps/.exec(text)[1]);
  check("it goes astray", text, told.astray[taken]);
  check("and ends at (19, 11, 1)/31", text.split("(0.61, 0.35, 0.03)").length, 3);
  check("the cross lies above the point", await page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-explorer=both_cases]");
    const place = (which) => shadowRoot.querySelector(which).compareDocumentPosition(shadowRoot.querySelector(".end"));
    return place("circle.grip") === Node.DOCUMENT_POSITION_FOLLOWING;
  }));
  for (const name of ["without", "true class 1"]) await take(page, 5, { click: name });
  await page.setViewport({ width: 390, height: 844 });
  check("no number on another with one true class", await page.evaluate(covered), []);
  await page.setViewport({ width: 1280, height: 800 });
  await take(page, 5, { click: "without" }); // its words are the most
  await take(page, 5, { click: "large" });
  check("large: all is on one screen, which is full; its numbers as large as is read from afar", await page.evaluate(async () => {
    const root = document.querySelector("[data-explorer=both_cases]"), { shadowRoot } = root;
    for (let k = 0; k < 100 && !root.style.background; k++) await new Promise((done) => setTimeout(done, 20));
    const text = shadowRoot.querySelector("text"), { a } = text.getScreenCTM();
    const ends = shadowRoot.querySelector(".lines").parentElement.getBoundingClientRect().bottom;
    return [root.scrollHeight <= innerHeight, ends > 0.9 * innerHeight, (800 / innerHeight) * a * parseFloat(getComputedStyle(text).fontSize) >= 24,
      root.matches(":fullscreen"), root.style.background];
  }), [true, true, true, true, "rgb(255, 255, 255)"]);
  check("large: the table is read from afar, and no number is on another", [await page.evaluate(() => {
    const { shadowRoot } = document.querySelector("[data-explorer=both_cases]");
    const sizes = [...shadowRoot.querySelectorAll("td, th, caption")].map((x) => parseFloat(getComputedStyle(x).fontSize));
    return Math.min(...sizes) >= 28 * Math.min(innerHeight / 1080, innerWidth / 1920) - 1;
  }), await page.evaluate(covered)], [true, []]);
  await page.keyboard.press("Escape");
  check("and small again", await page.evaluate(async () => {
    for (let k = 0; k < 50 && document.fullscreenElement; k++) await new Promise((done) => setTimeout(done, 20));
    return document.fullscreenElement;
  }), null);
  await page.close();
};

// What is heard: after a key what is asked for, and no more than is new; of a play its end.
const heard = async (browser) => {
  const page = await open(browser, "narrow"), said = [];
  const hear = async (k, step) => {
    await take(page, k, step);
    said.push(await page.evaluate((k) => document.querySelectorAll("[data-explorer]")[k].shadowRoot.querySelector("[role=status]").textContent, k));
  };
  for (let k = 0; k < 6; k++) await hear(k, { focus: "logit z 1", keys: ["ArrowUp"] });
  await hear(0, { click: "all z + 1" });
  await hear(5, { click: "without" });
  check("what is heard of a picture", said, told.heard);
  check("what is seen is not heard, too", await page.$$eval("[data-explorer] output", (all) => all.filter((x) => x.ariaLive !== "off").length), 0);
  await take(page, 5, { click: "play" });
  await page.waitForFunction(() => /after [1-9]/.test(document.querySelector("[data-explorer=both_cases] output").textContent));
  await hear(5, { click: "pause" });
  check("where a play stands when it stops", /^dz = .*, i = j .*, L = .*, \d+ steps?$/.test(said.at(-1)));
  await page.close();
};

// A finger that swipes upwards from anywhere on a picture scrolls the page; one that has rested on a handle drags it.
const swipes = async (browser) => {
  const page = await open(browser, "narrow");
  await page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
  const now = () => page.evaluate(() => [scrollY, document.querySelector("[data-explorer=both_cases]").dataset.now]);
  const swipe = async (selector, across, down, rest = 0) => {
    const [x, y] = await page.evaluate((selector, across, down) => {
      const part = document.querySelector("[data-explorer=both_cases]").shadowRoot.querySelector(selector);
      part.scrollIntoView({ block: "center", behavior: "instant" });
      const { left, top, width, height } = part.getBoundingClientRect();
      return [left + across * width, top + down * height];
    }, selector, across, down);
    const [top, values] = await now(), finger = await page.touchscreen.touchStart(x, y);
    await wait(rest);
    for (let k = 1; k <= 6; k++) {
      await finger.move(x, y - 15 * k);
      await wait(16);
    }
    await finger.end();
    await wait(200);
    const [scrolled, after] = await now();
    return [scrolled - top > 40, after !== values];
  };
  await take(page, 5, { focus: "logit z 1", keys: ["Home"] }); // a long bar, downwards
  for (const [name, ...place] of [["a bar", ".whole", 0.5, 0.2], ["the triangle", "svg", 0.5, 0.3],
    ["the picture of z", "svg[aria-label=logits]", 0.9, 0.9]]) {
    check(`a swipe from ${name} scrolls, and moves nothing else`, await swipe(...place), [true, false]);
  }
  for (const [name, handle] of [["a bar's end", "svg[aria-label=logits] .grip"], ["the point", "circle.grip"]]) {
    check(`a swipe from ${name} scrolls`, await swipe(handle, 0.5, 0.5), [true, false]);
    check(`after a rest on ${name} it drags, and does not scroll`, await swipe(handle, 0.5, 0.5, 250), [false, true]);
  }
  await page.close();
};

const still = async (kind) => {
  const browser = await launch(kind, true);
  const page = await open(browser, "narrow");
  await take(page, 2, { click: "play" });
  const at = await status(page);
  check("with reduced motion descent is there at once", steps(at) > 20 && at, told.descent[steps(at)]);
  await browser.close();
};

// How JupyterLab and VS Code run the script of an output that they have put on the page.
const hosts = async (browser) => {
  const page = await open(browser, "empty");
  const shown = await page.evaluate((html) => {
    const run = (script) => {
      const copy = document.createElement("script");
      copy.textContent = script.textContent;
      return copy;
    };
    const host = () => {
      const made = document.body.appendChild(document.createElement("div"));
      made.innerHTML = html;
      return [made, made.querySelector("script")];
    };
    const [lab, first] = host();
    const picture = document.body.insertBefore(document.createElement("div"), lab);
    picture.innerHTML = "<img>";
    lab.className = picture.className = "jp-OutputArea-child";
    first.replaceWith(run(first));
    const [code, second] = host();
    code.appendChild(run(second)).remove();
    code.appendChild(run(second)).remove(); // a second time changes nothing
    return [lab, code].map((x) => x.firstElementChild.shadowRoot?.querySelectorAll("[role=slider]").length)
      .concat(picture.checkVisibility());
  }, told.html);
  check("in JupyterLab, in place of the picture, and in VS Code", shown, [4, 4, false]);
  await page.close();
};

const typeset = async (browser, name, width) => {
  const page = await browser.newPage();
  await page.setViewport({ width, height: 900 });
  await page.goto(pathToFileURL(join(folder, `${name}.html`)));
  await page.waitForFunction(() => window.MathJax?.isReady);
  await page.evaluate(() => new Promise((done) => MathJax.Hub.Queue(done)));
  return page;
};

// A reason that a narrow page cuts off is read by nobody.
const narrow = async (browser) => {
  for (const name of told.core) for (const width of [390, 590]) {
    const page = await typeset(browser, name, width);
    const reasons = await page.evaluate(() => [...document.querySelectorAll(".jp-OutputArea-output p")]
      .filter((p) => p.textContent.startsWith("✓"))
      .map((p) => Math.max(...[p, ...p.querySelectorAll("*")].map((x) => x.getBoundingClientRect().right))));
    check(`${name} has its reasons`, reasons.length >= 5);
    check(`${name} at ${width} px, reasons cut off`, reasons.filter((right) => right > width).length, 0);
    await page.close();
  }
};

const sheets = async (browser) => {
  const page = await typeset(browser, "summary", 1000);
  check("the summary is typeset", await page.evaluate(() => MathJax.Hub.getAllJax().length > 20));
  const printed = await page.pdf({ format: "A4", scale: 0.58 });
  const count = Buffer.from(printed).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  check(`the summary on two sheets`, count, 2);
  await page.close();
};

for (const [kind, { name }] of Object.entries(BROWSERS)) {
  const browser = await launch(kind), began = Date.now();
  console.log(`${name}: ${await browser.version()}`);
  await cases(browser, kind);
  await looks(browser);
  await redraws(browser);
  await descent(browser);
  await astray(browser);
  await heard(browser);
  await hosts(browser);
  await narrow(browser);
  if (kind === "chrome") await sheets(browser);
  if (kind === "chrome") await swipes(browser); // Firefox's driver scrolls by no finger
  await browser.close();
  await still(kind);
  console.log(`  ${((Date.now() - began) / 1000).toFixed(0)} s`);
}
finish();
