import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';
import type { CommandLine, CommandResult } from '@codex-orchestrator/exec';
import type { Artifact, JsonObject, LoopFacts, RunLayout } from '@codex-orchestrator/manifest';

import { PipelineError } from './errors.js';
import { runInnerStage } from './inner-stage.js';
import type { InnerEnd, InnerParts } from './inner-stage.js';
import type { LoopConfig } from './loop-config.js';
import type { LoopHistory } from './loop-history.js';
import { LoopJournal } from './loop-journal.js';
import type { StageProcessOptions } from './stage-processes.js';
import type { PlannedLoop } from './plan.js';
import { stopKindOf } from './run-stop.js';
import type { StageContext } from './stage-context.js';
import { allowedFailure } from './stage-end.js';
import type { StageEnd } from './stage-end.js';

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
  const { runLoop } = context.settings;
  if (!runLoop) {
    const message = `Stage '${stage.id}' is a loop, and the option \`runLoop\` names nobody to run it`;
    throw new PipelineError('INVALID_OPTION', message);
  }
  return runInnerStage(stage, context, {
    command,
    run: async (parts) => {
      return judge(stage, await runLoop(describeLoopStage(stage, context, parts)), context);
    },
    describeError: (reason) => `the loop of stage '${stage.id}' failed: ${reason}`,
  });
}

const command = 'rlm';

function describeLoopStage(
  stage: PlannedLoop,
  context: StageContext,
  { environment, processes, redact, tell }: InnerParts,
): LoopStage {
  const { settings, layout, lessons, loops, signal } = context;
  const { fs, clock, random } = settings;
  const trace = loops.get(stage.id);
  const journal = new LoopJournal(stage, trace, context);
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
    run: (line, options) => processes.run(line, options),
    begin: (facts) => {
      journal.begin(facts);
    },
    iterated: (n, facts, artifacts) => {
      journal.iterated(n, facts, artifacts);
    },
    tell,
  };
}

function judge(stage: PlannedLoop, end: LoopEnd, { signal }: StageContext): InnerEnd {
  const { exitCode, summary, verdict, facts, artifacts, notes } = end;
  const outcome = 'loop-ended';
  const { iterations } = facts;
  const details = { outcome, message: summary, exit_code: exitCode, verdict, iterations };
  const ended = {
    exit_code: exitCode,
    outcome,
    loop: facts,
    summary,
    artifacts,
    notes,
    failure: { command, reason: 'loop-failed', details },
  } as const;
  if (end.status === 'succeeded') return { ...ended, status: 'succeeded', reason: null };
  // As with commands: what a run that is being stopped does not bring to success was cancelled.
  if (signal.aborted) return { ...ended, status: 'cancelled', reason: stopKindOf(signal) };
  if (end.status === 'cancelled') return { ...ended, status: 'cancelled', reason: verdict };
  return stage.allowFailure
    ? { ...ended, status: 'skipped', reason: allowedFailure }
    : { ...ended, status: 'failed', reason: verdict };
}
