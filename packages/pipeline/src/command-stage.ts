import { resolveInside, sleep } from '@codex-orchestrator/core';
import type { CommandResult, RunCommandOptions } from '@codex-orchestrator/exec';
import { resolve } from 'node:path';

import { commandFailure, noErrorFile, tryErrorFile } from './error-file.js';
import type { PlannedCommand } from './plan.js';
import { recordProcess } from './record-process.js';
import { retryDelayMs } from './retry-policy.js';
import { StageRedaction } from './run-redactor.js';
import { stopKindOf } from './run-stop.js';
import type { StageContext } from './stage-context.js';
import { allowedFailure, bareEnd, elapsedMs, roundMs } from './stage-end.js';
import type { StageEnd } from './stage-end.js';
import { createStageEnvironment } from './stage-environment.js';
import { keepLog, logArtifacts } from './stage-files.js';
import { describeOutcome, summariseCommand } from './summaries.js';

/**
 * Runs a command stage to its end, attempts and all. Rejects where the stage cannot run as
 * configured, such as in a folder outside of the root, or where the journal refuses a fact.
 */
export async function runCommandStage(
  stage: PlannedCommand,
  context: StageContext,
): Promise<StageEnd> {
  const { clock, runCommand, redactor } = context.settings;
  const startMs = clock.monotonicMs();
  const redaction = redactor && new StageRedaction(redactor);
  const options = commandOptions(stage, redaction, context);
  const run = (attempt: number): Promise<CommandResult> =>
    runCommand(stage.command, {
      ...options,
      onStarted: (started) => {
        recordProcess(stage, attempt, started, context);
      },
    });
  let attempt = 1;
  let result = await run(attempt);
  while (await waitsForRetry(stage, attempt, result, context)) {
    attempt++;
    result = await run(attempt);
  }
  const durationMs = elapsedMs(clock, startMs);
  const end = await endStage(
    { stage, attempts: attempt, durationMs, result: asStopped(result, context) },
    context,
  );
  return { ...end, privacy: redaction?.total() ?? null };
}

function commandOptions(
  stage: PlannedCommand,
  redaction: StageRedaction | undefined,
  context: StageContext,
): RunCommandOptions {
  const { settings, layout, onOutput } = context;
  const { graceMs, logMaxBytes, containment, clock, fs } = settings;
  const timeoutMs = stage.timeoutMs ?? settings.stageTimeoutMs;
  return {
    cwd: resolveFolder(stage, context),
    env: createStageEnvironment(context.environment, stage.env),
    logPath: layout.stageLogPath(stage.index, stage.id),
    signal: context.signal,
    guard: context.guard,
    clock,
    fs,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(stage.silenceTimeoutMs === undefined ? {} : { silenceTimeoutMs: stage.silenceTimeoutMs }),
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(logMaxBytes === undefined ? {} : { logMaxBytes }),
    ...(containment === undefined ? {} : { containment }),
    ...(redaction === undefined ? {} : { createFilter: redaction.createFilter }),
    ...(onOutput && {
      onOutput: (output) => {
        onOutput(stage.index, output);
      },
    }),
  };
}

/** Looked at now and not when planning: an earlier stage may have put a symlink there. */
function resolveFolder({ workingFolder }: PlannedCommand, { settings }: StageContext): string {
  const { root, fs } = settings;
  if (workingFolder.kind === 'anywhere') return resolve(root, workingFolder.path);
  return workingFolder.path === '.' ? root : resolveInside(root, workingFolder.path, { fs });
}

/** Whether there is to be another attempt, after its wait. The journal knows before the wait. */
async function waitsForRetry(
  stage: PlannedCommand,
  attempt: number,
  result: CommandResult,
  context: StageContext,
): Promise<boolean> {
  const { outcome } = result;
  if (isSuccess(result) || context.signal.aborted) return false;
  const { kind, exitCode } = outcome;
  const delayMs = retryDelayMs(stage.retries, { attempt, kind, exitCode });
  if (delayMs === undefined) return false;
  const artifacts = keepLog(stage, { attempt, log: result.log }, context);
  context.append({
    type: 'stage.retried',
    index: stage.index,
    id: stage.id,
    attempt,
    outcome: kind,
    exit_code: exitCode,
    signal: outcome.kind === 'signalled' ? outcome.signal : null,
    duration_ms: roundMs(result.durationMs),
    delay_ms: delayMs,
    reason: describeOutcome(outcome),
    artifacts,
  });
  await sleep(context.settings.clock, delayMs, context.signal).catch(() => undefined);
  return !context.signal.aborted;
}

/** A run that is stopped between two attempts has cancelled its stage. */
function asStopped(result: CommandResult, { signal }: StageContext): CommandResult {
  if (!signal.aborted || isSuccess(result)) return result;
  return { ...result, outcome: { kind: 'cancelled', reason: signal.reason, exitCode: 130 } };
}

interface EndedCommand {
  readonly stage: PlannedCommand;
  readonly attempts: number;
  readonly durationMs: number;
  readonly result: CommandResult;
}

async function endStage(
  ended: EndedCommand,
  context: StageContext,
): Promise<Omit<StageEnd, 'privacy'>> {
  const { stage, result, attempts, durationMs } = ended;
  const { outcome, log } = result;
  const verdict = judge(ended, context);
  const failed = verdict.status === 'failed' || verdict.status === 'skipped';
  const error = failed
    ? await tryErrorFile(stage, commandFailure(stage, result, attempts), context)
    : noErrorFile;
  return {
    ...bareEnd,
    ...verdict,
    outcome: outcome.kind,
    exit_code: outcome.exitCode,
    signal: outcome.kind === 'signalled' ? outcome.signal : null,
    duration_ms: durationMs,
    summary: summariseCommand(result, stage.summaryHint),
    log_path: log ? context.layout.relative(log.path) : null,
    log_bytes: log?.bytes ?? null,
    log_omitted_bytes: log?.omittedBytes ?? null,
    error_file: error.path,
    artifacts: [...logArtifacts(log, context.layout), ...error.artifacts],
    notes: [...describeLosses(stage, result), ...error.notes],
  };
}

function judge(
  { stage, result }: EndedCommand,
  { signal }: StageContext,
): Pick<StageEnd, 'reason' | 'status'> {
  if (isSuccess(result)) return { status: 'succeeded', reason: null };
  if (result.outcome.kind === 'cancelled') {
    return { status: 'cancelled', reason: stopKindOf(signal) };
  }
  return stage.allowFailure
    ? { status: 'skipped', reason: allowedFailure }
    : { status: 'failed', reason: null };
}

function isSuccess({ outcome }: CommandResult): boolean {
  return outcome.kind === 'exited' && outcome.exitCode === 0;
}

/** What a reader of the evidence has to know beyond the verdict. */
function describeLosses({ title }: PlannedCommand, result: CommandResult): string[] {
  const { log, leftovers, groupEnd, problems } = result;
  return [
    ...(log?.error ? [`Log of stage '${title}' is incomplete: ${log.error.message}.`] : []),
    ...(groupEnd === 'survived'
      ? [`Stage '${title}' left a process that could not be ended.`]
      : []),
    ...(leftovers && groupEnd !== 'survived'
      ? [`Stage '${title}' left processes behind, which were ended.`]
      : []),
    ...problems
      .filter(({ where }) => where === 'filter')
      .map(() => `Output of stage '${title}' is incomplete: it could not be redacted.`),
  ];
}
