import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';
import type { CommandLine, CommandResult, LogReport } from '@codex-orchestrator/exec';
import type { Artifact, JsonObject, LoopFacts, RunLayout } from '@codex-orchestrator/manifest';

import { noErrorFile, tryErrorFile } from './error-file.js';
import type { StageFailure } from './error-file.js';
import { PipelineError } from './errors.js';
import type { LoopConfig } from './loop-config.js';
import type { LoopHistory } from './loop-history.js';
import { LoopJournal } from './loop-journal.js';
import { StageLog } from './stage-log.js';
import { StageProcesses } from './stage-processes.js';
import type { StageProcessOptions } from './stage-processes.js';
import { messageOf } from './message-of.js';
import type { PlannedLoop } from './plan.js';
import { stopKindOf } from './run-stop.js';
import type { StageContext } from './stage-context.js';
import { allowedFailure, bareEnd, elapsedMs } from './stage-end.js';
import type { StageEnd } from './stage-end.js';
import { createStageEnvironment } from './stage-environment.js';
import { logArtifacts } from './stage-files.js';

/** All that the runner of a loop is given. */
export interface LoopStage {
  /** The stage as configured. */
  readonly config: LoopConfig;
  /** The repository root, absolute. */
  readonly root: string;
  /** What the loop leaves belongs below `rlm/` in the run's folder. */
  readonly layout: RunLayout;
  /** What its processes are started with unless it says otherwise. */
  readonly environment: Readonly<Record<string, string>>;
  /** Aborted when the run is stopped; a loop then ends soon. */
  readonly signal: AbortSignal;
  /** What an earlier attempt recorded; undefined for a loop that begins anew. Secrets are not in it. */
  readonly history: LoopHistory | undefined;
  /** Experiences of earlier runs that this run was given, one line each. */
  readonly lessons: readonly string[];
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Takes secrets out of a text; the same text where nobody looks for them. */
  redact(text: string): string;
  /**
   * Starts a process as one of the run: contained, guarded, and named in the journal before it does
   * anything. Its folder is the root, its environment that of the stage, unless the options say
   * otherwise. It is ended with the run, and with the loop. Rejects for options that are no options and
   * after the end of the loop, never for what the process does.
   */
  run(command: CommandLine, options: StageProcessOptions): Promise<CommandResult>;
  /**
   * Records what the loop goes by. Once, before the first iteration.
   *
   * @throws PipelineError `LOOP_REFUSED`, and what a journal throws that cannot be written.
   */
  begin(facts: JsonObject): void;
  /**
   * Records an iteration that has ended, with its files: below `rlm/`, relative to the run's folder, and
   * none that is written again. Numbers rise, from those of the history on.
   *
   * @throws PipelineError `LOOP_REFUSED`, and what a journal throws that cannot be written.
   */
  iterated(n: number, facts: JsonObject, artifacts: readonly Artifact[]): void;
  /** One line for the stage's log and for whoever watches; secrets are taken out. */
  tell(line: string): void;
}

/** How a loop ended. */
export interface LoopEnd {
  readonly status: 'cancelled' | 'failed' | 'succeeded';
  readonly exitCode: number;
  /** Why, such as `max_iterations`. */
  readonly verdict: string;
  /** One sentence. */
  readonly summary: string;
  /** What the run's summary should mention besides, one sentence each. */
  readonly notes: readonly string[];
  /** Files that no iteration named, as they are at the end. */
  readonly artifacts: readonly Artifact[];
  readonly facts: LoopFacts;
}

/** Runs a loop to its end. What it throws is an end of the stage, which has failed then. */
export type RunLoop = (stage: LoopStage) => Promise<LoopEnd>;

/** Runs a loop stage to its end. Rejects where nobody is there to run loops. */
export async function runLoopStage(stage: PlannedLoop, context: StageContext): Promise<StageEnd> {
  const { settings, layout } = context;
  const { clock, fs, logMaxBytes, runLoop } = settings;
  if (!runLoop) {
    const message = `Stage '${stage.id}' is a loop, and the option \`runLoop\` names nobody to run it`;
    throw new PipelineError('INVALID_OPTION', message);
  }
  const startMs = clock.monotonicMs();
  const environment = createStageEnvironment(context.environment, stage.env);
  const processes = new StageProcesses(stage, context, environment);
  const path = layout.stageLogPath(stage.index, stage.id);
  const log = new StageLog(path, { fs, maxBytes: logMaxBytes });
  let ended: EndedLoop;
  try {
    const end = await runLoop(describeLoopStage(stage, context, { environment, processes, log }));
    ended = judge(stage, end, context);
  } catch (error) {
    ended = judgeError(stage, error, context);
  } finally {
    await processes.close();
  }
  const report = log.finish();
  const failed = ended.status === 'failed' || ended.status === 'skipped';
  const error = failed ? await tryErrorFile(stage, failureOf(ended), context) : noErrorFile;
  return {
    ...describeEnd(ended),
    duration_ms: elapsedMs(clock, startMs),
    log_path: layout.relative(path),
    log_bytes: report.bytes,
    log_omitted_bytes: report.omittedBytes,
    error_file: error.path,
    artifacts: [
      ...logArtifacts(report, layout),
      ...(ended.end?.artifacts ?? []),
      ...error.artifacts,
    ],
    privacy: processes.privacy,
    notes: [
      ...(ended.end?.notes ?? []),
      ...describeLosses(stage, report, processes),
      ...error.notes,
    ],
  };
}

interface LoopParts {
  readonly environment: Readonly<Record<string, string>>;
  readonly processes: StageProcesses;
  readonly log: StageLog;
}

function describeLoopStage(
  stage: PlannedLoop,
  context: StageContext,
  { environment, processes, log }: LoopParts,
): LoopStage {
  const { settings, layout, lessons, loops, onOutput, signal } = context;
  const { fs, clock, random, redactor } = settings;
  const trace = loops.get(stage.id);
  const journal = new LoopJournal(stage, trace, context);
  const redact = (text: string): string => redactor?.text(text) ?? text;
  return {
    config: stage.config,
    root: layout.root,
    layout,
    environment,
    signal,
    history: trace && { settings: trace.settings, iterations: trace.iterations },
    lessons,
    fs,
    clock,
    random,
    redact,
    run: (command, options) => processes.run(command, options),
    begin: (facts) => {
      journal.begin(facts);
    },
    iterated: (n, facts, artifacts) => {
      journal.iterated(n, facts, artifacts);
    },
    tell: (line) => {
      const bytes = Buffer.from(`${redact(line.trimEnd())}\n`);
      log.write(bytes);
      onOutput?.(stage.index, { stream: 'stdout', bytes });
    },
  };
}

/** How a loop ended, or what kept it from an end of its own. */
interface EndedLoop extends Pick<StageEnd, 'reason' | 'status'> {
  readonly end: LoopEnd | undefined;
  readonly outcome: 'cancelled' | 'error' | 'loop-ended';
  readonly exitCode: number | null;
  readonly summary: string;
}

function judge(stage: PlannedLoop, end: LoopEnd, { signal }: StageContext): EndedLoop {
  const { exitCode, summary, verdict } = end;
  const ended = { end, outcome: 'loop-ended', exitCode, summary } as const;
  if (end.status === 'succeeded') return { ...ended, status: 'succeeded', reason: null };
  // As with commands: what a run that is being stopped does not bring to success was cancelled.
  if (signal.aborted) return { ...ended, status: 'cancelled', reason: stopKindOf(signal) };
  if (end.status === 'cancelled') return { ...ended, status: 'cancelled', reason: verdict };
  return stage.allowFailure
    ? { ...ended, status: 'skipped', reason: allowedFailure }
    : { ...ended, status: 'failed', reason: verdict };
}

function judgeError({ id }: PlannedLoop, error: unknown, { signal }: StageContext): EndedLoop {
  const ended = { end: undefined, exitCode: null };
  if (signal.aborted) {
    const reason = stopKindOf(signal);
    return { ...ended, outcome: 'cancelled', status: 'cancelled', reason, summary: 'Cancelled' };
  }
  const reason = messageOf(error);
  const summary = `Execution error: the loop of stage '${id}' failed: ${reason}`;
  return { ...ended, outcome: 'error', status: 'failed', reason, summary };
}

function describeEnd(ended: EndedLoop): StageEnd & { readonly duration_ms: null } {
  const { end, status, reason, outcome, exitCode, summary } = ended;
  const facts = { status, reason, outcome, exit_code: exitCode, summary, duration_ms: null };
  return { ...bareEnd, ...facts, loop: end?.facts ?? null };
}

function failureOf({ end, exitCode, outcome, summary }: EndedLoop): StageFailure {
  return {
    command: 'rlm',
    reason: end ? 'loop-failed' : 'command-execution-error',
    details: {
      outcome,
      message: summary,
      ...(exitCode === null ? {} : { exit_code: exitCode }),
      ...(end && { verdict: end.verdict, iterations: end.facts.iterations }),
    },
  };
}

function describeLosses(
  { title }: PlannedLoop,
  { error }: LogReport,
  { hasSurvivor }: StageProcesses,
): string[] {
  return [
    ...(error ? [`Log of stage '${title}' is incomplete: ${error.message}.`] : []),
    ...(hasSurvivor ? [`Stage '${title}' left a process that could not be ended.`] : []),
  ];
}
