// The key Backspace of a formula field takes away one thing at a time, and leaves a place to be
// seen where an index or a fraction is emptied.  MathLive alone only steps into what stands before
// the caret, goes from an emptied place below a sum to the left of the sum, where the key has
// nothing to take away, and shows nothing where an emptied index is.

const PLACE = "\\placeholder{}";
const stateOf = (field) => ({ latex: field.getValue("latex"), at: field.position, last: field.lastOffset,
  depth: depthAt(field, field.position) });
const depthAt = (field, place) => field.getElementInfo(place)?.depth;
const emptied = (latex) => latex.replaceAll(PLACE, "□").split("{}").length;

/** To be called before MathLive deletes what stands before the caret. */
export function takeOneAway(field) {
  if (field.getValue(field.selection, "latex") === PLACE) field.insert("", { insertionMode: "replaceSelection" });
  const before = stateOf(field);
  queueMicrotask(() => { // MathLive has deleted
    const now = stateOf(field);
    if (now.latex === before.latex) {
      if (now.at < before.at) field.executeCommand("deleteBackward"); // it has stepped into something
    } else if (now.depth < before.depth && now.last === before.last - 1 && depthAt(field, now.at + 1) === now.depth) {
      field.position += 1; // the place below a sum is gone, and the sum stands behind the caret
    } else if (emptied(now.latex) > emptied(before.latex)) {
      field.insert(PLACE, { selectionMode: "item" }); // what is typed next takes it
    }
  });
}
