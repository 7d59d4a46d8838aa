import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import { isFinalStatus } from '@codex-orchestrator/manifest';
import type { Manifest, RunLayout, RunStatus, StageRecord } from '@codex-orchestrator/manifest';

import type { CriticalPath } from '../critical-path.js';
import type { LoopAnswer } from '../rlm/loop-answer.js';
import { describeRun } from '../run-answer.js';
import type { FailedStage, RunAnswer, RunAnswerOptions, StageCounts } from '../run-answer.js';
import type { RunView } from '../run-view.js';
import { signalOf } from '../status-answer.js';
import { readCancelRequest } from './cancel-request.js';
import type { CancelRequest } from './cancel-request.js';

/** What `show --format json` prints: the manifest, and what follows from it. */
export interface ShowAnswer extends Manifest {
  /** As it is now: a run that nobody runs any more is `interrupted`, whatever its record says. */
  readonly status: RunStatus;
  readonly recorded_status: RunStatus;
  /** What the status rests on. */
  readonly status_reason: string;
  /** Whether the record says how the run ended. */
  readonly is_sealed: boolean;
  /** What the process of the run exited with, or would have; null while it goes on. */
  readonly exit_code: number | null;
  /** Path of this manifest, relative to the root. */
  readonly manifest: string;
  readonly counts: StageCounts;
  readonly failed_stage: FailedStage | null;
  readonly root_cause: string | null;
  /** Absent for a run without an agent loop that has come to a verdict. */
  readonly loop?: LoopAnswer;
  /** Absent for a run of one stage or of several attempts. */
  readonly critical_path?: CriticalPath;
  /** Why somebody cancelled it; null when nobody said so. */
  readonly cancel_request: CancelRequest | null;
  /** The log of each stage that has one. */
  readonly stage_logs: readonly StageLogFile[];
  readonly next: readonly string[];
  /** What was strange about the record. */
  readonly remarks: readonly string[];
}

export interface StageLogFile {
  readonly id: string;
  readonly path: string;
  /** Null when the file is not there. */
  readonly bytes: number | null;
}

export function describeShow(
  view: RunView,
  layout: Pick<RunLayout, 'root' | 'runDir'>,
  options: RunAnswerOptions,
): ShowAnswer {
  const { manifest, status, statusReason, remarks } = view;
  const cancelledBy = signalOf(manifest.status_detail);
  const run = describeRun({ ...manifest, status }, { ...options, cancelledBy });
  return {
    ...manifest,
    status,
    recorded_status: manifest.status,
    status_reason: statusReason,
    is_sealed: isFinalStatus(manifest.status),
    exit_code: isFinalStatus(status) ? run.exit_code : null,
    manifest: run.manifest,
    counts: run.counts,
    failed_stage: run.failed_stage,
    root_cause: run.root_cause,
    ...(run.loop && { loop: run.loop }),
    ...(run.critical_path && { critical_path: run.critical_path }),
    cancel_request: readCancelRequest(layout.runDir),
    stage_logs: manifest.commands.flatMap((stage) => describeLog(stage, layout.root)),
    next: nextCommands(run),
    remarks,
  };
}

/** Who looks at this needs no way to it, and may want to know whether to believe it. */
function nextCommands({ run_id: runId, next }: RunAnswer): string[] {
  const others = next.filter((command) => !command.startsWith('codex-orchestrator show '));
  return [...others, `codex-orchestrator verify --run ${runId}`];
}

function describeLog({ id, log_path: path }: StageRecord, root: string): StageLogFile[] {
  if (path === null) return [];
  return [{ id, path, bytes: sizeOf(resolve(root, path)) }];
}

function sizeOf(path: string): number | null {
  try {
    return statSync(path).size;
  } catch {
    return null;
  }
}
