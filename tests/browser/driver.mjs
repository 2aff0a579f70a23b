// What the browser tests share: which browsers there are, and what was right and wrong.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import puppeteer from "puppeteer-core";

export const BROWSERS = {
  chrome: { name: "Chromium", commands: ["chromium", "chromium-browser", "google-chrome"] },
  firefox: { name: "Firefox", commands: ["firefox-esr", "firefox"] },
};
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const found = (commands) => {
  const places = process.env.PATH.split(delimiter);
  return commands.flatMap((x) => places.map((place) => join(place, x))).find((path) => {
    try { accessSync(path, constants.X_OK); return true; } catch { return false; }
  });
};
for (const browser of Object.values(BROWSERS)) {
  browser.path = found(browser.commands);
  if (!browser.path) {
    console.error(`${browser.name} is needed, and none of ${browser.commands.join(", ")} is on PATH`
      + ` (on Debian: apt-get install ${browser.commands[0]})`);
    process.exit(1);
  }
}

let wrong = 0, right = 0;
export const check = (what, seen, expected = true) => {
  if (isDeepStrictEqual(seen, expected)) return (right += 1);
  wrong += 1;
  console.error(`differs: ${what}\n  seen     ${JSON.stringify(seen)}\n  expected ${JSON.stringify(expected)}`);
};

export const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export const launch = (kind, reduced = false) => puppeteer.launch({
  browser: kind,
  executablePath: BROWSERS[kind].path,
  args: kind === "chrome" ? [...QUIET, ...(reduced ? ["--force-prefers-reduced-motion"] : [])] : [],
  extraPrefsFirefox: { "ui.prefersReducedMotion": Number(reduced) },
});

// How many were right and wrong; the status is 1 if anything differs.
export const finish = () => {
  console.log(`${right} right, ${wrong} wrong`);
  process.exit(wrong ? 1 : 0);
};
