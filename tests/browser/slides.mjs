// The slides from a disk, in Chromium and in Firefox: `make test-book`.
//
//     node tests/browser/slides.mjs SLIDES [PICTURES]
//
// Presses a key until the end of each page: whatever comes fits its slide, and a chain comes
// line by line. With a folder for PICTURES, Chromium leaves one of each slide there.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { BROWSERS, check, finish, launch } from "./driver.mjs";

const [folder, pictures] = process.argv.slice(2);
const names = readdirSync(folder).filter((x) => x.endsWith(".html"));
check("four notebooks have slides", names.length, 4);

// What is seen on the slide: what leaves it, how many lines of a chain are there, what is next.
const seen = () => {
  const slide = Reveal.getCurrentSlide(), edge = slide.getBoundingClientRect(), room = 12 * Reveal.getScale();
  const parts = [...slide.querySelectorAll("*")].filter((x) => !x.closest("mjx-container > *, .visually-hidden"));
  const words = parts.filter((x) => x.textContent.trim() && x.matches("p, li, td, pre, .formula, h2"));
  return {
    outside: parts.filter((x) => {
      const { left, right, top, bottom } = x.getBoundingClientRect();
      return left < edge.left || top < edge.top || right > edge.right - room || bottom > edge.bottom - room;
    }).map((x) => `${x.tagName} ${x.textContent.slice(0, 60)}`),
    smallest: Math.min(...words.map((x) => parseFloat(getComputedStyle(x).fontSize))),
    pictures: [...slide.querySelectorAll("img")].every((x) => x.complete && x.naturalWidth && x.getBoundingClientRect().height > 250 * Reveal.getScale()),
    lines: [...slide.querySelectorAll(".chain-lines .fragment")].filter((x) => x.checkVisibility({ visibilityProperty: true })).length,
    of: slide.querySelectorAll(".chain-lines li:not(.chain-start)").length,
    place: Object.values(Reveal.getIndices()),
    isLast: Reveal.isLastSlide() && !Reveal.availableFragments().next,
    isWhole: !Reveal.availableFragments().next,
  };
};

const shown = async (browser, name, width, height) => {
  const page = await browser.newPage(), said = [];
  await page.setViewport({ width, height });
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("requestfailed", (request) => said.push(`missing: ${request.url()}`));
  page.on("request", (request) => {
    if (!/^(data|file):/.test(request.url())) said.push(`asks ${request.url()}`);
  });
  await page.goto(pathToFileURL(join(folder, name)).href);
  await page.waitForFunction(() => Reveal.isReady());
  let now, before = { lines: 0 }, slides = 0;
  do {
    await page.evaluate(() => document.fonts.ready);
    now = await page.evaluate(seen);
    const what = `${name} ${width} x ${height}, ${now.place}`;
    const isNew = before.isWhole ?? true;
    check(`${what}: all is on the slide`, now.outside, []);
    check(`${what}: no letter is too small`, now.smallest >= 22);
    check(`${what}: its pictures are large`, now.pictures);
    check(`${what}: at most one line of a chain has come`, now.lines <= (isNew ? 0 : before.lines + 1));
    if (now.isWhole) {
      slides += 1;
      check(`${what}: the whole chain is there`, now.lines, now.of);
      if (pictures && width === 1280) await page.screenshot({ path: join(pictures, `${name.slice(0, 2)}-${String(slides).padStart(2, "0")}.png`) });
    }
    before = now;
    await page.keyboard.press("ArrowRight");
  } while (!now.isLast);
  check(`${name}: slides`, slides >= 8 && slides, await page.evaluate(() => Reveal.getTotalSlides()));
  check(`${name}: the fonts of its formulas came`, await page.evaluate(() =>
    [...document.fonts].filter((x) => x.status === "error").map((x) => x.family)), []);
  check(`${name}: a quiet console, and no other host`, said, []);
  await page.close();
};

for (const [kind, { name: called }] of Object.entries(BROWSERS)) {
  const browser = await launch(kind);
  console.log(`${called}: ${await browser.version()}`);
  for (const name of names) {
    await shown(browser, name, 1280, 720);
    if (kind === "chrome") await shown(browser, name, 1920, 1080);
  }
  await browser.close();
}
finish();
