// The levels in their order, and what an address asks for: nothing here touches the page.

/** The name of the level that is after "#"; null for the map or another place of the page, undefined for no name that is known. */
export function levelAt(hash, levels, find) {
  const name = hash.slice(1);
  if (levels.has(name)) return name;
  return name === "" || find(name) ? null : undefined;
}

/** "softmax, level 3 of 9". */
export function placeIn(all, one) {
  const world = all.filter((other) => other.world === one.world);
  return `${one.world}, level ${world.indexOf(one) + 1} of ${world.length}`;
}

/** Whether all other levels of its world are derived, too. */
export function isWorldDone(all, one, derived) {
  return all.every((other) => other === one || other.world !== one.world || Object.hasOwn(derived, other.name));
}

/** The level behind one; undefined behind the last. */
export function behind(all, one) {
  return all[all.indexOf(one) + 1];
}

/** The lines kept of all levels, with those of one; where they take too much room, those of other derived levels go, the oldest first. */
export function withDraft(drafts, name, lines, derived, most = 60_000) {
  const { [name]: _, ...others } = drafts, own = lines.length ? { [name]: lines } : {};
  const isTooLong = () => JSON.stringify({ ...others, ...own }).length > most;
  for (const other of Object.keys(others).filter((x) => Object.hasOwn(derived, x))) {
    if (isTooLong()) delete others[other];
  }
  return { ...others, ...own };
}
