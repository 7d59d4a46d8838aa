import type { FileSystem } from '@codex-orchestrator/core';

import { detectionRules } from './detection-rules.js';
import { viewRoot } from './root-view.js';
import type { RootView } from './root-view.js';
import type { Candidate, Detection } from './validator.js';

/**
 * Finds the command that judges a repository by the files in its root, nothing below it. In each
 * ecosystem the first of its `detectionRules` that finds something speaks; candidates with the same
 * command are one, with their reasons joined by `; `. Exactly one is `found`.
 *
 * It reads a few small files and never throws: what cannot be read, a damaged `package.json` included,
 * counts as not there.
 */
export function detectValidators(root: string, fs: FileSystem): Detection {
  const candidates = groupByCommand(findCandidates(viewRoot(root, fs)));
  const [first] = candidates;
  if (first === undefined) return { kind: 'missing' };
  return candidates.length === 1 ? { kind: 'found', ...first } : { kind: 'ambiguous', candidates };
}

function findCandidates(root: RootView): readonly Candidate[] {
  const spoken = new Set<string>();
  return detectionRules.flatMap(({ ecosystem, find }) => {
    if (spoken.has(ecosystem)) return [];
    const found = find(root);
    if (found.length > 0) spoken.add(ecosystem);
    return found;
  });
}

function groupByCommand(candidates: readonly Candidate[]): readonly Candidate[] {
  const reasons = new Map<string, readonly string[]>();
  for (const { command, reason } of candidates) {
    reasons.set(command, [...(reasons.get(command) ?? []), reason]);
  }
  return [...reasons].map(([command, all]) => ({ command, reason: [...new Set(all)].join('; ') }));
}
