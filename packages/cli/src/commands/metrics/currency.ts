import { statSync } from 'node:fs';

import type { MetricsLayout } from '@codex-orchestrator/metrics';

/**
 * Whether everything in the history is counted, as the times of the files tell: what is counted is
 * written after the lines that it counts.
 */
export function isCurrent({ historyPath, checkpointPath }: MetricsLayout): boolean {
  const writtenMs = modifiedMs(historyPath);
  return writtenMs === undefined || writtenMs <= (modifiedMs(checkpointPath) ?? -Infinity);
}

/** Undefined where there is no such file. */
export function modifiedMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
