import type { PrunedSegment, PruningAnswer, RotationAnswer } from '../commands/metrics/answers.js';
import { formatBytes } from './bytes.js';
import { renderUpdate } from './metrics-update.js';
import type { Line } from './styled-line.js';

/** What `metrics rotate` did, for people. */
export function renderRotation({ segment, compressed, update }: RotationAnswer): Line[] {
  return [
    segment === null ? 'Nothing to rotate: the history has no entries' : `Rotated: ${segment}`,
    ...compressed.map((name) => `Compressed: ${name}`),
    // What was rotated has been said.
    ...renderUpdate({ ...update, rotated: null }),
  ];
}

/** What `metrics prune` did or would do, for people. */
export function renderPruning({ pruned, kept, dry_run: isDry }: PruningAnswer): Line[] {
  const verb = isDry ? 'Would shorten' : 'Shortened';
  const saved = pruned.reduce((sum, each) => sum + each.bytes_before - each.bytes_after, 0);
  return [
    ...pruned.map((each) => `${verb}: ${pruneWords(each)}`),
    ...kept.map((name) => `Kept: ${name}`),
    pruned.length === 0
      ? 'Nothing to shorten'
      : `${isDry ? 'Would save' : 'Saved'}: ${formatBytes(Math.max(0, saved))}`,
  ];
}

function pruneWords({ name, bytes_before: before, bytes_after: after }: PrunedSegment): string {
  return `${name}, ${formatBytes(before)} to ${formatBytes(after)}`;
}
