import type { ChildRun, RunStatus, StageRecord } from '@codex-orchestrator/manifest';

import { exitCodeOfStatus } from './exit-codes.js';
import type { CancelSignal } from './exit-codes.js';
import { describeRun } from './run-answer.js';
import type { RunAnswer, RunAnswerOptions } from './run-answer.js';
import type { RunView } from './run-view.js';

/** What `status --format json` prints. */
export interface StatusAnswer extends Omit<RunAnswer, 'exit_code' | 'status'> {
  /** As it is now: a run that nobody runs any more is `interrupted`, whatever its record says. */
  readonly status: RunStatus;
  readonly recorded_status: RunStatus;
  /** What the status rests on. */
  readonly status_reason: string;
  /** What the process of the run exited with, or would have; null while it goes on. */
  readonly exit_code: number | null;
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly heartbeat_at: string | null;
  readonly commands: readonly StageRecord[];
  readonly child_runs: readonly ChildRun[];
  /** What was strange about the record. */
  readonly remarks: readonly string[];
}

export function describeStatus(view: RunView, options: RunAnswerOptions): StatusAnswer {
  const { manifest, status, statusReason, remarks } = view;
  const { started_at, completed_at, heartbeat_at, commands, child_runs } = manifest;
  const isOver = status !== 'in_progress' && status !== 'queued';
  return {
    ...describeRun(manifest, options),
    status,
    recorded_status: manifest.status,
    status_reason: statusReason,
    exit_code: isOver ? exitCodeOfStatus(status, signalOf(manifest.status_detail)) : null,
    started_at,
    completed_at,
    heartbeat_at,
    commands,
    child_runs,
    remarks,
  };
}

/** The record of a cancelled run names its signal: `cancelled:SIGTERM`. */
function signalOf(statusDetail: string | null): CancelSignal | undefined {
  const signals: readonly CancelSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];
  return signals.find((signal) => statusDetail === `cancelled:${signal}`);
}
