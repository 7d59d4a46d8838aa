import type { CriticalPath, PathStage } from '../critical-path.js';
import { formatDuration } from './duration.js';
import { printableLine } from './printable.js';

/** Stages that are named: of a longer chain those that took longest. */
const maxStages = 6;
const maxIdColumns = 40;

/**
 * The critical path in one line, such as `build 12.0s → test 40.0s (52.0s of 55.0s wall); 3.0s recoverable`.
 * Undefined for stages that ran in the order of the plan: there is no choice to tell of.
 */
export function criticalPathWords(path: CriticalPath | undefined): string | undefined {
  if (path?.recoverable_ms == null) return undefined;
  const wall = `${formatDuration(path.critical_ms)} of ${formatDuration(path.wall_ms)} wall`;
  const isNothing = path.recoverable_ms < 50;
  const recoverable = isNothing ? 'nothing' : formatDuration(path.recoverable_ms);
  return `${stageWords(path.path)} (${wall}); ${recoverable} recoverable`;
}

function stageWords(stages: readonly PathStage[]): string {
  const longest = new Set([...stages].sort((a, b) => b.ms - a.ms).slice(0, maxStages));
  const words: string[] = [];
  for (const stage of stages) {
    if (longest.has(stage)) {
      words.push(`${printableLine(stage.id, maxIdColumns)} ${formatDuration(stage.ms)}`);
    } else if (words.at(-1) !== '…') words.push('…');
  }
  return words.join(' → ');
}
