// How a chain goes on from the line that is typed: Enter, the next line, several lines at once.

import { sameLine } from "../state/address.js";
import { asQuestion, lineOf, unique } from "../state/chain_state.js";

/** Enter asks about a line: whether it is right, with or without a condition. */
export async function entered(chain, id, draft) {
  const { state } = chain, k = state.place(id), known = state.verdict(k);
  const isKnown = isRight(known) && sameLine(state.lines[k], draft);
  const [verdict] = isKnown ? [known] : await chain.askLine(id, draft);
  return isRight(verdict);
}

function isRight(verdict) {
  return ["right", "conditional"].includes(verdict?.verdict);
}

/** Opens the next line: with a text a new one, else the one below, if there is one. */
export function next(chain, id, text) {
  const below = chain.state.lines[chain.state.place(id) + 1];
  if (!text && below) chain.views.get(below.id).open();
  else if (text) chain.add(id)?.take(text);
  else chain.add(id);
}

/** The answer about lines that are pasted: they go on from the start. */
export function rowsOf({ engine, state, context: { where = null, case: given = null } }, pasted) {
  const text = asQuestion(state.start.text, pasted);
  return engine.ask({ ask: "question", context: { where, case: given }, text }, "rows");
}

/** Several lines in place of one; the last of them is open. */
export function spread(chain, id, lines, letters) {
  const { state } = chain, k = state.place(id);
  if (!state.spread(id, lines.map(lineOf))) {
    chain.sayFull();
    return;
  }
  state.pasted = unique([...state.pasted, ...letters]);
  chain.refilled();
  chain.judge(chain.open([...lines.keys(), lines.length].map((row) => k + row)));
  chain.views.get(state.lines[k + lines.length - 1].id).open();
}
