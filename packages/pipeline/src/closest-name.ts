/**
 * The candidate that a misspelt name most likely meant: the one with the fewest edits, if that is at
 * most a third of the name, else one that the name is the beginning of, as `timeout` is of
 * `timeoutMs`. Case does not count.
 */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  const meant = name.toLowerCase();
  const limit = Math.max(1, Math.floor(name.length / 3));
  let best: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const edits = distance(meant, candidate.toLowerCase(), limit);
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** Infinite where nobody would mistake one for the other; a beginning ranks behind all near misses. */
function distance(name: string, candidate: string, limit: number): number {
  if (Math.abs(candidate.length - name.length) <= limit) {
    const edits = countEdits(name, candidate);
    if (edits <= limit) return edits;
  }
  return name.length > 2 && candidate.startsWith(name) ? limit + 1 : Infinity;
}

/** Edits of one character (insert, delete, replace, swap of neighbours) from one text to the other. */
function countEdits(from: string, to: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped =
        row > 1 &&
        column > 1 &&
        from[row - 1] === to[column - 2] &&
        from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + (same ? 0 : 1),
        swapped ? at(twoAbove, column - 2) + 1 : Infinity,
      );
    }
    twoAbove = above;
    above = current;
  }
  return at(above, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
