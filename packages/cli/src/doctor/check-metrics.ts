import { readdirSync } from 'node:fs';

import { messageOf } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';
import { createMetricsLayout } from '@codex-orchestrator/metrics';
import type { MetricsLayout } from '@codex-orchestrator/metrics';

import { isCurrent, modifiedMs } from '../commands/metrics/currency.js';
import type { Check } from '../doctor-checks.js';
import { countOf } from '../render/metrics-numbers.js';
import { taskFoldersIn } from '../task-folders.js';
import type { Workspace } from '../workspace.js';

const id = 'metrics';

/** A live holder of the lock gives signs of life far more often. */
const silentMs = 300_000;

/** Tasks that are named; more of them say nothing new. */
const namedTasks = 3;

interface Complaint {
  readonly taskId: string;
  readonly words: string;
  readonly command: 'doctor' | 'update';
}

/** Looks at the files of each task's history, and reads none of them. */
export function checkMetrics(
  { runsDir, outDir }: Pick<Workspace, 'outDir' | 'runsDir'>,
  clock: Clock,
): Check {
  try {
    const layouts = taskFoldersIn(runsDir).map((taskId) =>
      createMetricsLayout({ taskId, runsDir, outDir }),
    );
    const counted = layouts.filter(hasHistory);
    return judge(
      counted.length,
      counted.flatMap((layout) => complaintAbout(layout, clock) ?? []),
    );
  } catch (error) {
    const message = messageOf(error);
    return { id, status: 'warning', message };
  }
}

function judge(tasks: number, complaints: readonly Complaint[]): Check {
  const [first] = complaints;
  if (first === undefined) {
    const message = tasks === 0 ? 'no history yet' : `${countOf(tasks, 'task')} with a history`;
    return { id, status: 'ok', message };
  }
  const named = complaints.slice(0, namedTasks).map(({ taskId, words }) => `${taskId}: ${words}`);
  const more = complaints.length - named.length;
  return {
    id,
    status: 'warning',
    message: [...named, ...(more > 0 ? [`and ${countOf(more, 'more task')}`] : [])].join('; '),
    hint: `codex-orchestrator metrics ${first.command} --task ${first.taskId}`,
  };
}

function hasHistory({ historyPath, pendingDir }: MetricsLayout): boolean {
  return modifiedMs(historyPath) !== undefined || namesIn(pendingDir).length > 0;
}

function complaintAbout(layout: MetricsLayout, clock: Clock): Complaint | undefined {
  const { taskId } = layout;
  const complain = (words: string, command: Complaint['command']): Complaint => ({
    taskId,
    words,
    command,
  });
  const lockedMs = modifiedMs(layout.lockPath);
  if (lockedMs !== undefined && clock.nowMs() - lockedMs < silentMs) return undefined;
  if (lockedMs !== undefined) return complain('locked by somebody who is silent', 'doctor');
  const pending = namesIn(layout.pendingDir);
  if (pending.some((name) => name.endsWith('.rejected'))) {
    return complain('pending entries that are damaged', 'doctor');
  }
  if (pending.length > 0) return complain('pending entries', 'update');
  if (modifiedMs(layout.checkpointPath) === undefined) {
    return complain('nothing is counted yet', 'update');
  }
  return isCurrent(layout) ? undefined : complain('lines that are not counted yet', 'update');
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
