import { countEdits } from '@codex-orchestrator/core';

/**
 * The candidate closest to what was typed, or `undefined` when none is close enough to be what was
 * meant: a third of its letters may differ, at least one and at most three.
 */
export function suggest(typed: string, candidates: Iterable<string>): string | undefined {
  let best: { readonly candidate: string; readonly distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = countEdits(typed.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.min(3, Math.max(1, Math.floor(candidate.length / 3)));
    const close = distance <= allowed || isPrefix(typed, candidate);
    if (close && distance < (best?.distance ?? Infinity)) best = { candidate, distance };
  }
  return best?.candidate;
}

function isPrefix(typed: string, candidate: string): boolean {
  return typed.length >= 3 && candidate.startsWith(typed.toLowerCase());
}
