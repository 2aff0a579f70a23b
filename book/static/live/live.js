// Makes the live parts of a page live.  The engine is loaded when a reader touches a box or
// asks; what is done before, worker/ahead.js says.  What the page shows without this file
// stays as it is.

import { Chain } from "./parts/chain.js";
import { make } from "./elements/dom.js";
import { loadAhead, loadFieldAhead, wakeAhead } from "./worker/ahead.js";
import { Engine } from "./worker/engine_queue.js";
import { Exercise } from "./parts/exercise.js";
import { NotUnderstood, decode, insist, unpackTheorem } from "./state/address.js";
import { KINDS } from "./parts/kinds.js";
import { LossPart } from "./parts/own_loss.js";
import { OwnPart } from "./parts/own_derivation.js";
import { missing } from "./worker/settings.js";

/** A theorem's chain. */
class TheoremPart {
  constructor(part, data, engine) {
    this.theorem = data.theorem;
    this.chain = new Chain({
      part,
      engine,
      list: part.querySelector("ol.chain-lines"),
      context: { theorem: data.theorem },
      start: data.start,
      original: data.lines,
      hypotheses: data.hypotheses ?? [],
      facts: data.facts,
      copied: data.copied,
      names: data.names,
      pack: (lines) => ({ c: data.theorem, l: lines }),
    });
  }

  takes(state) {
    return state.c === this.theorem;
  }

  open(state) {
    const { originals } = this.chain.state;
    this.chain.load(unpackTheorem(state, originals, this.chain.hypotheses));
  }
}

Object.assign(KINDS, { chain: TheoremPart, derivation: OwnPart, loss: LossPart, exercise: Exercise });

function start() {
  if (location.protocol === "file:") return; // no_modules.js says what to do
  const places = [...document.querySelectorAll(".live[data-live]")];
  const lack = missing();
  if (lack) {
    for (const place of places) place.append(make("p", { class: "live-trouble" }, lack));
    return;
  }
  const engine = new Engine();
  const parts = places.map((place) => {
    const data = JSON.parse(place.querySelector("script[type='application/json']").textContent);
    place.classList.add("live-on");
    return { place, part: new KINDS[place.dataset.live](place, data, engine) };
  });
  loadAhead(engine);
  wakeAhead(engine, places);
  loadFieldAhead();
  const follow = () => readAddress(parts);
  addEventListener("hashchange", follow);
  follow();
  if (document.querySelector("script.linked-terms")) whenIdle(() => import("./terms/linked_terms.js"));
}

const whenIdle = window.requestIdleCallback ?? setTimeout; // Safari has none

/** A shared address changes the part it is about; one that says nothing clear changes none. */
function readAddress(parts) {
  for (const { place } of parts) place.querySelector(".live-refused")?.remove();
  try {
    const state = decode(location.hash);
    if (state === null) {
      for (const { part } of parts) part.reopen?.();
      return;
    }
    const found = parts.find(({ part }) => part.takes?.(state));
    insist(found, "it is about something that is not on this page");
    found.part.open(state);
    const banner = found.place.querySelector(".live-banner:not([hidden])");
    (banner ?? found.place).scrollIntoView({ behavior: "instant" }); // a smooth one ends where the page is loaded
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    const words = `The address was not understood: ${error.message}. This is the original.`;
    parts[0]?.place.prepend(make("p", { class: "live-refused", role: "status" }, words));
  }
}

start();
