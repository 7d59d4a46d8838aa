import { messageOf } from '@codex-orchestrator/core';
import type { RunLayout, UnreadableRun } from '@codex-orchestrator/manifest';

/** A run that something went wrong with, as answers name it. */
export interface FailedRun {
  /** Null when it is the folder of a task that cannot be read. */
  readonly run_id: string | null;
  readonly task_id: string;
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** What was thrown about a run, with the code by which a program can tell it from others. */
export function describeFailedRun(
  { runId, taskId, runDir }: Pick<RunLayout, 'runDir' | 'runId' | 'taskId'>,
  error: unknown,
): FailedRun {
  return { run_id: runId, task_id: taskId, path: runDir, ...describeReason(error) };
}

/** What was met while looking for runs. */
export function describeUnreadable({ path, taskId, runId, error }: UnreadableRun): FailedRun {
  return { run_id: runId ?? null, task_id: taskId, path, ...describeReason(error) };
}

function describeReason(error: unknown): Pick<FailedRun, 'code' | 'message'> {
  const message = messageOf(error);
  const hasCode = error instanceof Error && 'code' in error;
  return { code: hasCode ? String(error.code) : 'INTERNAL', message };
}
