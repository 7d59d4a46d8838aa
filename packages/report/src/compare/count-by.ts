export interface Group<Item> {
  /** The first of them. */
  readonly first: Item;
  readonly runs: number;
}

/** The items by key, with how many there are of each, the most frequent first. */
export function countBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Group<Item>[] {
  const groups = new Map<string, { readonly first: Item; runs: number }>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { first: item, runs: 1 });
    else known.runs += 1;
  }
  return [...groups.values()].sort((a, b) => b.runs - a.runs);
}
