import { resolve } from 'node:path';

import { quoteArgv } from '@codex-orchestrator/exec';
import { isFinalStatus } from '@codex-orchestrator/manifest';
import type { Manifest, StageRecord } from '@codex-orchestrator/manifest';

import { criticalPath } from './critical-path.js';
import type { CriticalPath } from './critical-path.js';
import { exitCodeOfStatus } from './exit-codes.js';
import type { CancelSignal } from './exit-codes.js';
import { readLogTail } from './log-tail.js';
import { exitCodeOfLoop } from './loop-exit-codes.js';
import { findRootCause } from './render/root-cause.js';
import { commandsAfterLoop, describeLoop } from './rlm/loop-answer.js';
import type { LoopAnswer } from './rlm/loop-answer.js';

const quotedLines = 20;

/** What `start --format json` prints. The first five members are as other tools know them. */
export interface RunAnswer {
  readonly run_id: string;
  readonly status: string;
  /** Paths are relative to the root. */
  readonly artifact_root: string;
  readonly manifest: string;
  readonly log_path: string;
  readonly task_id: string;
  readonly pipeline_id: string;
  readonly status_detail: string | null;
  readonly exit_code: number;
  readonly duration_ms: number | null;
  readonly counts: StageCounts;
  /** The stage to look at first; null when nothing went wrong. */
  readonly failed_stage: FailedStage | null;
  /** The line of that stage's output that says best what went wrong; null when none does. */
  readonly root_cause: string | null;
  readonly summary: string | null;
  /** Absent for a run without an agent loop that has come to a verdict. */
  readonly loop?: LoopAnswer;
  /** Absent for a run of one stage or of several attempts: those have no common clock. */
  readonly critical_path?: CriticalPath;
  /** Commands that show more, most useful first, for the folder of the call. */
  readonly next: readonly string[];
}

export interface StageCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cancelled: number;
}

export interface FailedStage {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly reason: string | null;
  readonly duration_ms: number | null;
  readonly log_path: string | null;
  readonly last_lines: readonly string[];
}

export interface RunAnswerOptions {
  readonly root: string;
  /** Folder of the call. */
  readonly cwd: string;
  /** The signal that cancelled the run. */
  readonly cancelledBy?: CancelSignal | undefined;
}

/** The answer for a run that has ended. Reads the end of one log; everything else is in the manifest. */
export function describeRun(manifest: Manifest, options: RunAnswerOptions): RunAnswer {
  const stage = stageToLookAt(manifest);
  const failure = stage === undefined ? undefined : describeFailure(stage, options.root);
  const loop = describeLoop(manifest);
  const path =
    manifest.attempt === 1 ? criticalPath(manifest.commands, manifest.duration_ms) : undefined;
  return {
    run_id: manifest.run_id,
    status: manifest.status,
    artifact_root: manifest.artifact_root,
    manifest: `${manifest.artifact_root}/manifest.json`,
    log_path: manifest.log_path,
    task_id: manifest.task_id,
    pipeline_id: manifest.pipeline_id,
    status_detail: manifest.status_detail,
    exit_code: exitCodeOfRun(manifest, options.cancelledBy),
    duration_ms: manifest.duration_ms,
    counts: countStages(manifest.commands),
    failed_stage: failure?.stage ?? null,
    root_cause: failure?.rootCause ?? null,
    summary: manifest.summary,
    ...(loop && { loop }),
    ...(path && { critical_path: path }),
    next: nextCommands(manifest, stage, options.root),
  };
}

/** What the process of a run exits with: a run that failed at its agent loop says the loop's verdict. */
export function exitCodeOfRun(manifest: Manifest, cancelledBy?: CancelSignal): number {
  const { status } = manifest;
  const failed = status === 'failed' ? stageToLookAt(manifest) : undefined;
  if (failed?.kind === 'rlm') return exitCodeOfLoop(failed.exit_code);
  return exitCodeOfStatus(status, cancelledBy);
}

/** The stage that failed first, else the one that was stopped first. */
function stageToLookAt({ status, commands }: Manifest): StageRecord | undefined {
  if (status === 'succeeded') return undefined;
  const ended = commands
    .filter((stage) => stage.completed_at !== null && stage.started_at !== null)
    .sort((a, b) => (a.completed_at ?? '').localeCompare(b.completed_at ?? ''));
  return (
    ended.find((stage) => stage.status === 'failed') ??
    ended.find((stage) => stage.status === 'cancelled')
  );
}

function countStages(stages: readonly StageRecord[]): StageCounts {
  const count = (status: StageRecord['status']): number =>
    stages.filter((stage) => stage.status === status).length;
  return {
    total: stages.length,
    succeeded: count('succeeded'),
    failed: count('failed'),
    skipped: count('skipped'),
    cancelled: count('cancelled'),
  };
}

/** A stage that did not succeed, and why. */
export interface StageFailure {
  readonly stage: FailedStage;
  readonly rootCause: string | null;
}

/**
 * Reads the end of the stage's log. The cause may stand far above the lines that are quoted: after it
 * come traces, diffs and counts.
 */
export function describeFailure(stage: StageRecord, root: string): StageFailure {
  const { id, title, status, outcome, exit_code, signal, reason, duration_ms, log_path } = stage;
  const facts = { id, title, status, outcome, exit_code, signal, reason, duration_ms, log_path };
  const lines = log_path === null ? [] : readLogTail(resolve(root, log_path), Infinity);
  return {
    stage: { ...facts, last_lines: lines.slice(-quotedLines) },
    rootCause: isToldByRecord(stage) ? stage.summary : findRootCause(lines),
  };
}

/** Never started, or a pipeline of its own: only the record can say why. Of a loop and a gate it says it best. */
function isToldByRecord({ kind, log_path: logPath, outcome }: StageRecord): boolean {
  const saysItBest = kind === 'gate' || kind === 'rlm';
  return logPath === null || saysItBest || outcome === 'spawn-failed' || outcome === 'error';
}

/** For a shell in any folder of the repository. */
function nextCommands(manifest: Manifest, stage: StageRecord | undefined, root: string): string[] {
  const { run_id: runId, status } = manifest;
  const command = (...argv: string[]): string => quoteArgv(['codex-orchestrator', ...argv]);
  const show = command('show', '--run', runId);
  if (status === 'succeeded' || !isFinalStatus(status)) return [show];
  const goOn =
    status !== 'failed'
      ? [command('resume', '--run', runId)]
      : stage?.kind === 'rlm'
        ? commandsAfterLoop(manifest, stage, root)
        : [command('retry', '--failed', '--run', runId)];
  if (stage?.log_path == null) return [...goOn, show];
  const logs = stage.id.startsWith('--') ? [`--stage=${stage.id}`] : ['--stage', stage.id];
  return [command('logs', '--run', runId, ...logs), ...goOn, show];
}
