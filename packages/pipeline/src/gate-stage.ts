import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';
import type { CommandLine, CommandResult, RunCommandOptions } from '@codex-orchestrator/exec';
import type { Artifact, GateRecord, RunLayout } from '@codex-orchestrator/manifest';

import { noErrorFile, tryErrorFile } from './error-file.js';
import { PipelineError } from './errors.js';
import type { GateName } from './gate-config.js';
import { messageOf } from './message-of.js';
import type { PlannedGate } from './plan.js';
import { stopKindOf } from './run-stop.js';
import type { StageContext } from './stage-context.js';
import { allowedFailure, bareEnd, elapsedMs } from './stage-end.js';
import type { StageEnd } from './stage-end.js';
import { createStageEnvironment } from './stage-environment.js';
import { logArtifacts } from './stage-files.js';
import { StageLog } from './stage-log.js';
import { StageProcesses } from './stage-processes.js';
import type { StageProcessOptions } from './stage-processes.js';

/** All that the runner of a gate is given. */
export interface GateStage {
  readonly gate: GateName;
  /** Whether what it finds is only reported. */
  readonly dryRun: boolean;
  /** The repository root, absolute. */
  readonly root: string;
  readonly layout: RunLayout;
  /** Where the gate leaves what it found, absolute; there is nothing yet. */
  readonly findingsPath: string;
  /** Other files of the gate have paths that begin so, absolute; a further attempt moves them away. */
  readonly filesPrefix: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted when the run is stopped. */
  readonly signal: AbortSignal;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Takes secrets out of a text; the same text where nobody looks for them. */
  redact(text: string): string;
  /** Starts a process as one of the run, as loops do: recorded, contained, and without secrets in what it leaves. */
  run(command: CommandLine, options: StageProcessOptions): Promise<CommandResult>;
  /** Asks a short process something; it is ended with the run, and what it prints is recorded nowhere. */
  query(command: CommandLine, options: RunCommandOptions): Promise<CommandResult>;
  /** One line for the stage's log and for whoever watches; secrets are taken out. */
  tell(line: string): void;
}

/** What a gate came to. */
export interface GateEnd {
  readonly passes: boolean;
  /** 0 where what follows may go on, 1 for a verdict, 2 where it came to none. */
  readonly exitCode: number;
  /** One sentence. */
  readonly summary: string;
  /** What the run's summary should mention besides, one sentence each. */
  readonly notes: readonly string[];
  /** Files that it left in the run's folder. */
  readonly artifacts: readonly Artifact[];
  /** Null where it came to no verdict. */
  readonly record: GateRecord | null;
}

/** Runs a gate to its verdict. What it throws is an end of the stage, which has failed then. */
export type RunGate = (stage: GateStage) => Promise<GateEnd>;

/** Runs a gate stage to its end. Rejects where nobody is there to run gates. */
export async function runGateStage(stage: PlannedGate, context: StageContext): Promise<StageEnd> {
  const { settings, layout } = context;
  const { clock, fs, logMaxBytes, runGate } = settings;
  if (!runGate) {
    const message = `Stage '${stage.id}' is a gate, and the option \`runGate\` names nobody to run it`;
    throw new PipelineError('INVALID_OPTION', message);
  }
  const startMs = clock.monotonicMs();
  const environment = createStageEnvironment(context.environment, stage.env);
  const processes = new StageProcesses(stage, context, environment);
  const path = layout.stageLogPath(stage.index, stage.id);
  const log = new StageLog(path, { fs, maxBytes: logMaxBytes });
  let ended: EndedGate;
  try {
    const end = await runGate(describeGateStage(stage, context, { environment, processes, log }));
    ended = judge(stage, end, context);
  } catch (error) {
    ended = judgeError(error, context);
  } finally {
    await processes.close();
  }
  const report = log.finish();
  const failed = ended.status === 'failed' || ended.status === 'skipped';
  const error = failed ? await tryErrorFile(stage, failureOf(stage, ended), context) : noErrorFile;
  const { end, exitCode, status, outcome, reason, summary } = ended;
  return {
    ...bareEnd,
    status,
    outcome,
    reason,
    summary,
    exit_code: exitCode,
    duration_ms: elapsedMs(clock, startMs),
    log_path: layout.relative(path),
    log_bytes: report.bytes,
    log_omitted_bytes: report.omittedBytes,
    error_file: error.path,
    artifacts: [...logArtifacts(report, layout), ...(end?.artifacts ?? []), ...error.artifacts],
    privacy: processes.privacy,
    gate: end?.record ?? null,
    notes: [
      ...(end?.notes ?? []),
      ...(report.error
        ? [`Log of stage '${stage.title}' is incomplete: ${report.error.message}.`]
        : []),
      ...(processes.hasSurvivor
        ? [`Stage '${stage.title}' left a process that could not be ended.`]
        : []),
      ...error.notes,
    ],
  };
}

interface GateParts {
  readonly environment: Readonly<Record<string, string>>;
  readonly processes: StageProcesses;
  readonly log: StageLog;
}

function describeGateStage(
  stage: PlannedGate,
  context: StageContext,
  { environment, processes, log }: GateParts,
): GateStage {
  const { settings, layout, onOutput, signal } = context;
  const { fs, clock, random, redactor } = settings;
  const redact = (text: string): string => redactor?.text(text) ?? text;
  const filesPrefix = layout.stageLogPath(stage.index, stage.id).replace(/\.log$/, '.');
  return {
    gate: stage.gate,
    dryRun: stage.dryRun,
    root: layout.root,
    layout,
    // Beside the log and named like it: that is how files of a stage are known as its own.
    findingsPath: `${filesPrefix}findings.json`,
    filesPrefix,
    environment,
    signal,
    fs,
    clock,
    random,
    redact,
    run: (command, options) => processes.run(command, options),
    query: (command, options) => processes.query(command, options),
    tell: (line) => {
      const bytes = Buffer.from(`${redact(line.trimEnd())}\n`);
      log.write(bytes);
      onOutput?.(stage.index, { stream: 'stdout', bytes });
    },
  };
}

/** How a gate ended, or what kept it from a verdict. */
interface EndedGate extends Pick<StageEnd, 'reason' | 'status'> {
  readonly end: GateEnd | undefined;
  readonly outcome: 'cancelled' | 'error' | 'gate-ended';
  readonly exitCode: number | null;
  readonly summary: string;
}

function judge(stage: PlannedGate, end: GateEnd, { signal }: StageContext): EndedGate {
  const { exitCode, summary, passes } = end;
  const ended = { end, outcome: 'gate-ended', exitCode, summary } as const;
  if (passes) return { ...ended, status: 'succeeded', reason: null };
  if (signal.aborted) return { ...ended, status: 'cancelled', reason: stopKindOf(signal) };
  return stage.allowFailure
    ? { ...ended, status: 'skipped', reason: allowedFailure }
    : { ...ended, status: 'failed', reason: end.record?.outcome ?? summary };
}

function judgeError(error: unknown, { signal }: StageContext): EndedGate {
  const ended = { end: undefined, exitCode: null };
  if (signal.aborted) {
    const reason = stopKindOf(signal);
    return { ...ended, outcome: 'cancelled', status: 'cancelled', reason, summary: 'Cancelled' };
  }
  const reason = messageOf(error);
  const summary = `Execution error: ${reason}`;
  return { ...ended, outcome: 'error', status: 'failed', reason, summary };
}

function failureOf(
  { gate }: PlannedGate,
  { end, exitCode, outcome, summary }: EndedGate,
): Parameters<typeof tryErrorFile>[1] {
  return {
    command: `gate ${gate}`,
    reason: end ? 'gate-failed' : 'command-execution-error',
    details: {
      outcome,
      message: summary,
      ...(exitCode === null ? {} : { exit_code: exitCode }),
      ...(end?.record && { verdict: end.record.outcome, findings: end.record.findings }),
    },
  };
}
