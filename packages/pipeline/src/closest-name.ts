import { countEdits } from '@codex-orchestrator/core';

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
