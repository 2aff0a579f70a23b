// How a chain goes on from the line that is typed: Enter, the next line, several lines at once.

import { sameLine } from "../state/address.js";
import { lineOf, unique } from "../state/chain_state.js";
import { besides, hypothesesOf } from "../state/verdict_words.js";

/** Enter asks about a line: whether it is right, and lacks nothing that could be taken. */
export async function entered(chain, id, draft) {
  const known = knownOf(chain, id, draft);
  const [verdict] = isRight(known) ? [known] : await chain.askLine(id, draft);
  return isRight(verdict) && !lackedBy(chain, verdict).length;
}

/** The hypotheses that Enter takes: those without which the line that is shown is not right. */
export function taken(chain, id, draft) {
  return lackedBy(chain, knownOf(chain, id, draft));
}

function knownOf({ state }, id, draft) {
  const k = state.place(id);
  return sameLine(state.lines[k], draft) ? state.verdict(k) : null;
}

function lackedBy({ hypotheses }, verdict) {
  const names = verdict ? hypothesesOf(verdict) : [];
  return names.every((name) => hypotheses.includes(name)) ? names : [];
}

function isRight(verdict) {
  return ["right", "conditional"].includes(verdict?.verdict);
}

/** Opens the next line: with a text a new one, else the one below, if there is one; at the goal of a level the line is closed. */
export function next(chain, id, text) {
  const isGoal = chain.state.verdict(chain.state.place(id))?.is_goal;
  const below = chain.state.lines[chain.state.place(id) + 1];
  if (!text && isGoal) chain.views.get(id).close();
  else if (!text && below) chain.views.get(below.id).open();
  else if (text) chain.add(id)?.take(text);
  else chain.add(id);
}

/** The answer about lines that are pasted below the start of a chain. */
export function rowsOf({ engine, context }, text) {
  return engine.ask({ ask: "question", context, text }, "rows");
}

/** Several lines in place of one; the last of them is open. */
export function spread(chain, id, { lines, letters, beside }) {
  const { state } = chain, k = state.place(id);
  if (!state.spread(id, lines.map(lineOf))) {
    chain.sayFull();
    return;
  }
  state.pasted = unique([...state.pasted, ...letters]);
  chain.refilled();
  chain.judge(chain.open());
  chain.views.get(state.lines[k + lines.length - 1].id).open();
  chain.toolbar.say(besides(beside, true));
}
