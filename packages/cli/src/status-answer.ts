import { isFinalStatus } from '@codex-orchestrator/manifest';
import type { ChildRun, Manifest, RunStatus, StageRecord } from '@codex-orchestrator/manifest';

import type { CancelSignal } from './exit-codes.js';
import type { Interruption } from './interruption.js';
import { describeRun, exitCodeOfRun } from './run-answer.js';
import type { RunAnswer, RunAnswerOptions } from './run-answer.js';
import type { RunView } from './run-view.js';

/** What `status --format json` prints. */
export interface StatusAnswer extends Omit<RunAnswer, 'exit_code' | 'status'> {
  /** As it is now: a run that nobody runs any more is `interrupted`, whatever its record says. */
  readonly status: RunStatus;
  readonly recorded_status: RunStatus;
  /** What the status rests on. */
  readonly status_reason: string;
  /** What is known of a run that ended without its owner; null for every other one. */
  readonly interruption: Interruption | null;
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
  const { manifest, status, recordedStatus, statusReason, interruption, remarks } = view;
  const { started_at, completed_at, heartbeat_at, commands, child_runs } = manifest;
  const described = describeRun({ ...manifest, status }, options);
  return {
    ...described,
    next: isUnsealed(view) ? [recoverCommand(manifest), ...described.next] : described.next,
    status,
    recorded_status: recordedStatus,
    status_reason: statusReason,
    interruption: interruption ?? null,
    exit_code: isFinalStatus(status)
      ? exitCodeOfRun({ ...manifest, status }, signalOf(manifest.status_detail))
      : null,
    started_at,
    completed_at,
    heartbeat_at,
    commands,
    child_runs,
    remarks,
  };
}

/** Whether the run is over and its record does not say so. */
function isUnsealed({ status, recordedStatus }: RunView): boolean {
  return isFinalStatus(status) && !isFinalStatus(recordedStatus);
}

function recoverCommand({ run_id: runId }: Manifest): string {
  return `codex-orchestrator recover --run ${runId}`;
}

/** The record of a cancelled run names its signal: `cancelled:SIGTERM`. */
export function signalOf(statusDetail: string | null): CancelSignal | undefined {
  const signals: readonly CancelSignal[] = ['SIGHUP', 'SIGINT', 'SIGTERM'];
  return signals.find((signal) => statusDetail === `cancelled:${signal}`);
}
