// The engine's files, fetched while one reads: into the browser's cache, on a good line only.

import { addresses } from "./settings.js";

const STAYS = 5000; // milliseconds after the page is there: a reader, and no passer-by
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
