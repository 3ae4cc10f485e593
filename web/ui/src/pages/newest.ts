/** How a list of newest things takes in an update. */
export interface Identified {
  id: string;
}

/** The ids of `next` that `shown` does not have; none on the first showing. */
export function freshIds(
  shown: readonly Identified[] | null,
  next: readonly Identified[],
): Set<string> {
  if (shown === null) return new Set();
  const known = new Set(shown.map((entry) => entry.id));
  return new Set(next.filter((entry) => !known.has(entry.id)).map((entry) => entry.id));
}

/** While a reader is at the list its order stays: rows already shown are updated where they are. */
export function updateInPlace<Entry extends Identified>(
  shown: readonly Entry[],
  next: readonly Entry[],
): Entry[] {
  const newest = new Map(next.map((entry) => [entry.id, entry]));
  return shown.map((entry) => newest.get(entry.id) ?? entry);
}
