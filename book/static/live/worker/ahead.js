// What is done before a reader asks: the engine's files are fetched while one reads, on a good line
// only; the formula field at a phone's first touch of the page; an engine that this browser has kept
// is woken where a live part is looked at.

import { isFieldFirst } from "../state/typing.js";
import { addresses, settings } from "./settings.js";
import { isThere } from "./snapshots.js";

const STAYS = 5000; // milliseconds after the page is there: a reader, and no passer-by
const LOOKS = 1000; // milliseconds that a live part is in view
const QUICK = 2500; // a page that took longer came by a slow line, or to a slow device
const PAID_BY_BYTES = new Set(["cellular", "bluetooth", "wimax"]);

/**
 * Whether 7 MB may be fetched that nobody has asked for.  `loaded`: milliseconds that the page
 * took; `connection`: what the browser tells of the line, if it tells; `isLaptop`: it has a
 * pointer that hovers, as no phone has; `savesData`: less data is preferred.
 */
export function isGood({ loaded, connection = null, isLaptop = false, savesData = false }) {
  if (savesData || connection?.saveData || !(loaded > 0 && loaded <= QUICK)) return false;
  if (!connection?.effectiveType) return isLaptop;
  return connection.effectiveType === "4g" && !PAID_BY_BYTES.has(connection.type);
}

/** Whether the formula field's 230 kB may be fetched before a box is touched: not by a line known as slow or dear. */
export function takesField({ connection = null, savesData = false }) {
  const { saveData, effectiveType = "4g", type } = connection ?? {};
  return !savesData && !saveData && effectiveType === "4g" && !PAID_BY_BYTES.has(type);
}

/** The line of this page, as `isGood` takes it. */
function line() {
  return {
    loaded: performance.getEntriesByType("navigation")[0]?.loadEventEnd,
    connection: navigator.connection,
    isLaptop: matchMedia("(hover: hover) and (pointer: fine)").matches,
    savesData: matchMedia("(prefers-reduced-data: reduce)").matches,
  };
}

/** Fetches one file after another; ends at one that is not there or may not be kept. */
export async function fetchAll(files, get = fetch) {
  for (const file of files) {
    const { ok, headers, body } = await get(file, { priority: "low" });
    if (!ok || /no-store/.test(headers.get("Cache-Control"))) {
      await body?.cancel();
      return;
    }
    await body.pipeTo(new WritableStream());
  }
}

/** Whether the file lies in the browser's cache; nothing is fetched. */
async function isCached(address) {
  const { ok, body } = await fetch(address, { cache: "only-if-cached", mode: "same-origin" });
  await body?.cancel();
  return ok;
}

/**
 * Starts the engine that this browser has kept, where one of these parts is in view for a second:
 * no byte is loaded for it.  A machine with little memory waits until it is asked.
 */
export function wakeAhead(engine, places) {
  const viewed = new Set();
  let looks = 0;
  const wake = async () => {
    const { connection, savesData } = line();
    if (savesData || connection?.saveData || engine.memory < 2 || !(await isThere())) return;
    const largest = (await addresses()).find((file) => file.includes(".wasm"));
    if (await isCached(largest)) engine.start();
  };
  const observer = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) viewed[isIntersecting ? "add" : "delete"](target);
    clearTimeout(looks);
    if (viewed.size === 0) return;
    looks = setTimeout(() => {
      observer.disconnect();
      wake().catch(() => {}); // it was not asked for
    }, LOOKS);
  });
  for (const place of places) observer.observe(place);
}

/** Some seconds after the page is there, when nothing else is to do: unless the engine loads. */
export function loadAhead(engine) {
  const idle = globalThis.requestIdleCallback ?? setTimeout;
  const begin = async () => {
    const isRead = document.visibilityState === "visible" && engine.state === "idle";
    if (isRead && isGood(line())) await addresses().then(fetchAll).catch(() => {}); // it was not asked for
  };
  const wait = () => setTimeout(() => idle(begin), STAYS);
  if (document.readyState === "complete") wait();
  else addEventListener("load", wait, { once: true });
}

/** At the first touch of a page with boxes, where a field comes first; it runs only when a box is touched. */
export function loadFieldAhead() {
  const begin = async () => {
    if (!isFieldFirst() || !takesField(line())) return;
    const { field } = await settings();
    const modules = [new URL("../elements/formula_field.js", import.meta.url).href, `${field}mathlive.min.mjs`];
    for (const href of modules) document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
  };
  addEventListener("pointerdown", () => begin().catch(() => {}), { once: true, passive: true });
}
