// Levels: a map of theorems to derive oneself, and the one that is played: its goal, what may be
// used, the lines of the reader, help in three steps, and at the end the textbook's lines beside.

import { make, reveal, scrolls } from "../elements/dom.js";
import { Chain } from "./chain.js";
import { Help } from "./help.js";
import { KINDS } from "./kinds.js";
import { NotUnderstood, unpackTheorem } from "../state/address.js";
import { behind, isWorldDone, levelAt, placeIn, withDraft } from "../state/levels.js";
import { read, write } from "../state/memory.js";
import { inReason, typeset } from "../elements/typeset.js";
import { Status } from "../elements/status.js";

const TITLE = "level "; // of a state in an address
const EARLIER = "from an earlier level";

class LevelsPart {
  constructor(part, data, engine) {
    Object.assign(this, { part, engine, all: data.levels, one: null, chain: null });
    this.levels = new Map(data.levels.map((one) => [one.name, one]));
    this.map = part.querySelector(".levels-map");
    this.links = [...this.map.querySelectorAll("a[data-level]")];
    for (const link of this.links) link.href = `#${link.dataset.level}`;
    this.build();
    part.append(this.play);
    this.tick();
    for (const name of ["progress", "storage"]) addEventListener(name, () => this.tick());
    addEventListener("pagehide", () => this.leave());
  }

  build() {
    this.place = make("p", { class: "levels-place" });
    this.title = make("h2", { tabindex: -1 });
    this.goal = make("div", { class: "formula" });
    const measure = scrolls(this.goal, "what is to be shown");
    this.showGoal = (latex) => typeset(this.goal, latex).then(measure);
    this.usable = make("ul", { class: "levels-usable" });
    this.formula = make("div", { class: "formula live-formula" });
    const start = make("li", { class: "chain-start" }, make("div", {}, this.formula));
    this.list = make("ol", { class: "chain-lines", role: "list" }, start);
    this.reached = make("p", { class: "levels-reached", role: "status" });
    this.kept = make("p", { class: "live-hint" });
    this.work = make("div", {}, make("h3", {}, "Your derivation"), this.list);
    this.textbook = make("div", { class: "levels-textbook", hidden: true });
    this.status = new Status(this.engine, this.part);
    this.help = new Help((lines) => this.hint(lines), (text) => this.chain.nextToWrite()?.take(text));
    this.next = make("p", { class: "levels-next", hidden: true });
    this.end = make("div", {}, this.reached, this.next);
    this.play = make("section", { class: "levels-play", hidden: true },
      make("nav", { class: "levels-back", "aria-label": "levels" }, make("a", { href: "#all-levels" }, "← all levels"), this.place),
      this.title, make("p", { class: "levels-ask" }, "Show that"), this.goal,
      make("details", { open: true }, make("summary", {}, "What you may use"), this.usable),
      make("div", { class: "levels-both" }, this.work, this.textbook));
  }

  /** What the address asks for: a level, or the map; of any other name a sentence is said. */
  reopen() {
    const name = levelAt(location.hash, this.levels, (id) => document.getElementById(id));
    if (name) {
      this.begin(this.levels.get(name));
      return;
    }
    this.showMap();
    if (name === null) return;
    const words = "There is no level of this name. Here are all of them.";
    this.part.prepend(make("p", { class: "live-refused", role: "status" }, words));
  }

  takes({ c }) {
    return c.startsWith(TITLE) && this.levels.has(c.slice(TITLE.length));
  }

  /** The lines that another reader wrote in a level. */
  open(state) {
    const lines = unpackTheorem(state, [], []);
    this.begin(this.levels.get(state.c.slice(TITLE.length)), { lines });
  }

  showMap() {
    this.leave();
    const wasPlayed = this.one;
    this.one = null;
    this.play.hidden = true;
    this.map.hidden = false;
    if (!wasPlayed) return;
    const link = this.links.find((x) => x.dataset.level === wasPlayed.name);
    link.focus({ preventScroll: true });
    link.scrollIntoView({ block: "center", behavior: "instant" });
  }

  begin(one, { lines = null } = {}) {
    if (one === this.one && !lines) return;
    this.leave();
    this.one = null; // until its lines are there
    this.map.hidden = true;
    this.play.hidden = false;
    this.title.textContent = one.title;
    this.place.textContent = placeIn(this.all, one) + (Object.hasOwn(read("levels"), one.name) ? ", derived ✓" : "");
    this.goal.replaceChildren(`${one.start.text} = ${one.goal.text}`);
    this.showGoal(`${one.start.latex} = ${one.goal.latex}`);
    this.showUsable(one);
    this.showNext(one);
    this.formula.replaceChildren(make("code", {}, one.start.text));
    typeset(this.formula, one.start.latex);
    this.textbook.hidden = true;
    this.kept.textContent = "";
    this.help.begin();
    this.chain ??= this.buildChain(one);
    this.chain.names = one.names;
    this.chain.begin({ level: one.name }, one.start, [], []);
    this.one = one;
    this.load(lines ?? this.left(), !lines);
    this.title.focus({ preventScroll: true });
    this.part.scrollIntoView({ block: "start", behavior: "instant" });
  }

  buildChain(one) {
    const chain = new Chain({
      part: this.work, engine: this.engine, list: this.list, context: { level: one.name }, start: one.start,
      status: this.status, original: [], hypotheses: [], names: one.names, editing: true,
      shown: () => this.changed(),
      pack: (lines) => this.packed(lines),
      sheet: () => this.sheet(),
    });
    this.list.after(this.end, this.kept);
    chain.toolbar.adding.before(this.help.said);
    chain.toolbar.adding.after(this.help.asking);
    return chain;
  }

  packed(lines) {
    return { c: TITLE + this.one.name, l: lines };
  }

  /** Lines of an address, or those that were left; of a derived level these stand beside the textbook's. */
  load(lines, isLeft) {
    this.isOthers = !isLeft;
    if (isLeft && lines.length && Object.hasOwn(read("levels"), this.one.name)) this.compare();
    this.chain.load(lines, isLeft);
    this.chain.typesetLines();
  }

  left() {
    try {
      return unpackTheorem({ v: 1, ...this.packed(read("drafts")[this.one.name] ?? []) }, [], []);
    } catch (error) {
      if (!(error instanceof NotUnderstood)) throw error;
      return [];
    }
  }

  /** What stands in an open box counts, too. */
  leave() {
    if (!this.one || !this.chain) return;
    this.chain.settleAll();
    this.keepDraft();
  }

  /** The browser keeps the lines of a level, derived or not; those of another reader once they are changed. */
  keepDraft() {
    if (this.isOthers && !this.chain.state.history.length) return;
    const lines = this.chain.state.packed().filter(([text]) => text.trim()), drafts = read("drafts");
    if (JSON.stringify(lines) === JSON.stringify(drafts[this.one.name] ?? [])) return;
    this.kept.textContent = write("drafts", withDraft(drafts, this.one.name, lines, read("levels")));
  }

  showUsable({ where, facts }) {
    const formula = (latex) => {
      const shown = make("span", { class: "levels-formula" }, latex);
      typeset(shown, `\\displaystyle ${latex}`, false);
      return shown;
    };
    const given = where.map((latex) => make("li", {}, formula(latex)));
    const won = facts.map(({ latex, name, case: held }) => make("li", {}, formula(latex),
      ...(held ? [" where ", formula(held)] : []), " ",
      make("a", { href: `theorems/${name}.html`, class: "levels-from", "aria-label": `${EARLIER}: ${this.levels.get(name).title}` }, EARLIER)));
    this.usable.replaceChildren(...given, ...won);
  }

  showNext(one) {
    const next = behind(this.all, one);
    this.next.hidden = true;
    this.next.replaceChildren(next
      ? make("a", { href: `#${next.name}` }, `next level: ${next.title} →`)
      : make("a", { href: "#all-levels" }, "that was the last level: all levels →"));
  }

  /** The lines or their verdicts are others: perhaps the goal is reached. */
  changed() {
    if (!this.chain || !this.one) return; // an answer may come when the map is there again
    const { state } = this.chain, k = state.placeOfRight((verdict) => verdict.is_goal);
    this.help.follow(k < 0 ? state.rightTexts() : null);
    const near = k < 0 ? state.placeOfRight((verdict) => verdict.is_near) : -1;
    const words = k >= 0 ? `✓ Line ${k + 1} is what was to be shown. Compare it with the textbook's.${this.worldsEnd()}`
      : near < 0 ? "" : `Line ${near + 1} is the goal in another form. Write it as it stands above.`;
    if (k >= 0 && this.textbook.hidden) this.finish(k + 1);
    this.keepDraft();
    if (this.reached.textContent === words) return;
    this.reached.textContent = words;
    if (k >= 0) reveal(this.work, this.end);
  }

  /** The level is won, in so many lines. */
  finish(count) {
    const before = read("levels"), { name } = this.one;
    this.kept.textContent = write("levels", { ...before, [name]: Math.min(count, before[name] ?? count) });
    this.compare();
  }

  /** What is said where with this level its world is finished. */
  worldsEnd() {
    const { world } = this.one;
    return isWorldDone(this.all, this.one, read("levels")) ? ` The world “${world}” is finished.` : "";
  }

  /** The textbook's lines beside the reader's, and the way on. */
  compare() {
    this.textbook.replaceChildren(make("h3", {}, "The textbook's"), textbook(this.one).list);
    this.textbook.hidden = false;
    this.next.hidden = false;
  }

  /** A worksheet of a level is one of the textbook's lines. */
  async sheet() {
    const { list, isSet } = textbook(this.one);
    await isSet;
    const formulas = [...this.usable.children].map((one) => one.cloneNode(true));
    for (const one of formulas) one.querySelector(".levels-from")?.remove();
    const usable = formulas.flatMap((one, k) => [k ? ", " : "You may use ", ...one.childNodes]);
    return { title: this.title, conditions: [make("p", {}, ...usable, ".")], list };
  }

  hint(lines) {
    this.status.attend();
    return this.engine.ask({ ask: "hint", level: this.one.name, lines }, "hint");
  }

  /** The levels that were won, on the map, and how many of each world. */
  tick() {
    const won = read("levels");
    for (const { dataset: { world }, lastElementChild: count } of this.map.querySelectorAll("a[data-world]")) {
      const names = this.all.filter((one) => one.world === world).map(({ name }) => name);
      count.textContent = ` ${names.filter((name) => Object.hasOwn(won, name)).length} of ${names.length}`;
    }
    for (const link of this.links) {
      const item = link.closest("li"), isWon = Object.hasOwn(won, link.dataset.level);
      item.querySelector(".levels-won")?.remove();
      item.classList.toggle("is-won", isWon);
      if (isWon) link.after(make("span", { class: "levels-won" }, " ✓", make("span", { class: "visually-hidden" }, " derived")));
    }
  }
}

/** The textbook's lines as a list, and when they are typeset. */
function textbook({ start, lines }) {
  const set = [];
  const line = (latex, reason = "") => {
    const formula = make("div", { class: "formula" }, latex);
    set.push(typeset(formula, latex).then(scrolls(formula, "formula")));
    return make("li", {}, formula, ...(reason ? [make("p", { class: "reason" }, "✓ ", ...inReason(reason))] : []));
  };
  const list = make("ol", { class: "chain-lines", role: "list" }, line(start.latex),
    ...lines.map(({ latex, reason }) => line(`= ${latex}`, reason)));
  return { list, isSet: Promise.all(set) };
}

KINDS.levels = LevelsPart;
