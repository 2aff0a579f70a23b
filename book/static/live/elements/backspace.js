// The key Backspace of a formula field takes away one thing at a time.  MathLive alone only steps
// into an index or a fraction that stands before the caret, and goes from an emptied place below
// a sum to the left of the sum, where the key has nothing to take away.

const stateOf = (field) => ({ latex: field.getValue("latex"), at: field.position, last: field.lastOffset,
  depth: depthAt(field, field.position) });
const depthAt = (field, place) => field.getElementInfo(place)?.depth;

/** To be called before MathLive deletes what stands before the caret. */
export function takeOneAway(field) {
  const before = stateOf(field);
  queueMicrotask(() => { // MathLive has deleted
    const now = stateOf(field);
    if (now.latex === before.latex) {
      if (now.at < before.at) field.executeCommand("deleteBackward"); // it has stepped into something
    } else if (now.depth < before.depth && now.last === before.last - 1 && depthAt(field, now.at + 1) === now.depth) {
      field.position += 1; // the place below a sum is gone, and the sum stands behind the caret
    }
  });
}
