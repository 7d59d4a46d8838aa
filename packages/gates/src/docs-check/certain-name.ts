import { countEdits } from '@codex-orchestrator/core';

/**
 * The one candidate that a misspelt name most likely meant: the one with the fewest edits (insert, delete,
 * replace, swap of neighbours), if that is at most a quarter of the name and no other has as few. Case does
 * not count. Undefined where that is not certain, and where there is too much to compare with.
 */
export function certainName(name: string, candidates: Iterable<string>): string | undefined {
  const meant = name.toLowerCase();
  if (meant.length < minLength || meant.length > maxLength) return undefined;
  const limit = Math.max(1, Math.floor(meant.length / 4));
  let best: string | undefined;
  let least = limit + 1;
  let compared = 0;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - meant.length) > limit) continue;
    if ((compared += 1) > maxCandidates) return undefined;
    const edits = countEdits(meant, candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
    else if (edits === least) best = undefined;
  }
  return best;
}

/** Of shorter ones everything is close to everything. */
const minLength = 3;
const maxLength = 128;
const maxCandidates = 2000;
