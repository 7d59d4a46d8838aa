import { countEdits } from './count-edits.js';

/** More than these nobody mistypes, however long the name is. */
const maxEdits = 3;

/**
 * The candidate that a misspelt name most likely meant: the one with the fewest edits (insert, delete,
 * replace, swap of neighbours), if those are at most a third of the name and at most three, else one that
 * the name is the beginning of, as `timeout` is of `timeoutMs`. Of equally close ones the first. Case does
 * not count.
 */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  const meant = name.toLowerCase();
  const limit = Math.min(maxEdits, Math.max(1, Math.floor(name.length / 3)));
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
