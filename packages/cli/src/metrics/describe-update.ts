import { join, resolve } from 'node:path';

import type { TaskLayout } from '@codex-orchestrator/manifest';
import type { MetricsLayout, RebuildReason, UpdateReport } from '@codex-orchestrator/metrics';

/** Damaged lines that are named, at most. */
const maxNamed = 3;

/** Why a history had to be counted anew, where somebody should know. */
const losses: Partial<Record<RebuildReason, string>> = {
  'checkpoint-unusable': 'the checkpoint could not be used',
  edited: 'lines that were counted have changed',
  'index-unusable': 'the index of runs could not be used',
  'segments-changed': 'segments have come or gone',
  truncated: 'lines that were counted are gone',
};

export type UpdatedTask = Pick<TaskLayout, 'relative'> &
  Pick<MetricsLayout, 'pendingDir' | 'taskDir' | 'taskId'>;

/** What somebody should know of an update, one sentence each; nothing of an ordinary one. */
export function describeUpdate(
  { rebuiltBecause, damaged, damagedLines, pending }: UpdateReport,
  task: UpdatedTask,
): string[] {
  const loss = rebuiltBecause === null ? undefined : losses[rebuiltBecause];
  const rebuilt = loss && `the metrics of task '${task.taskId}' were counted anew: ${loss}`;
  return [
    ...(rebuilt ? [rebuilt] : []),
    ...(damagedLines > 0 ? [describeDamage(damaged, damagedLines, task)] : []),
    ...pending.quarantined.map((name) => {
      const path = task.relative(resolve(task.pendingDir, name));
      return `${path} holds lines that are no entries of the metrics`;
    }),
  ];
}

function describeDamage(
  damaged: UpdateReport['damaged'],
  damagedLines: number,
  { relative, taskDir }: UpdatedTask,
): string {
  const named = damaged.slice(0, maxNamed).map(({ segment, offset, reason }) => {
    return `${relative(join(taskDir, segment))} at byte ${offset} (${reason})`;
  });
  const others = damagedLines - named.length;
  const rest = others > 0 ? [`${others} more`] : [];
  const lines = damagedLines === 1 ? '1 line is no entry' : `${damagedLines} lines are no entries`;
  return `${lines} of the metrics: ${[...named, ...rest].join(', ')}`;
}
