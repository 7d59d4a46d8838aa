import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';
import type { CommandLine, CommandResult, RunCommandOptions } from '@codex-orchestrator/exec';
import type { Artifact, GateRecord, RunLayout } from '@codex-orchestrator/manifest';

import { PipelineError } from './errors.js';
import type { GateName } from './gate-config.js';
import { runInnerStage } from './inner-stage.js';
import type { InnerEnd, InnerParts } from './inner-stage.js';
import type { PlannedGate } from './plan.js';
import { stopKindOf } from './run-stop.js';
import type { StageContext } from './stage-context.js';
import { allowedFailure } from './stage-end.js';
import type { StageEnd } from './stage-end.js';
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
  const { runGate } = context.settings;
  if (!runGate) {
    const message = `Stage '${stage.id}' is a gate, and the option \`runGate\` names nobody to run it`;
    throw new PipelineError('INVALID_OPTION', message);
  }
  return runInnerStage(stage, context, {
    command: commandOf(stage),
    run: async (parts) => {
      return judge(stage, await runGate(describeGateStage(stage, context, parts)), context);
    },
    describeError: (reason) => reason,
  });
}

function commandOf({ gate }: PlannedGate): string {
  return `gate ${gate}`;
}

function describeGateStage(
  stage: PlannedGate,
  { settings, layout, signal }: StageContext,
  { environment, processes, redact, tell }: InnerParts,
): GateStage {
  const { fs, clock, random } = settings;
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
    tell,
  };
}

function judge(stage: PlannedGate, end: GateEnd, { signal }: StageContext): InnerEnd {
  const { exitCode, summary, passes, record, artifacts, notes } = end;
  const ended = {
    exit_code: exitCode,
    outcome: 'gate-ended',
    gate: record,
    summary,
    artifacts,
    notes,
    failure: {
      command: commandOf(stage),
      reason: 'gate-failed',
      details: {
        outcome: 'gate-ended',
        message: summary,
        exit_code: exitCode,
        ...(record && { verdict: record.outcome, findings: record.findings }),
      },
    },
  } as const;
  if (passes) return { ...ended, status: 'succeeded', reason: null };
  if (signal.aborted) return { ...ended, status: 'cancelled', reason: stopKindOf(signal) };
  return stage.allowFailure
    ? { ...ended, status: 'skipped', reason: allowedFailure }
    : { ...ended, status: 'failed', reason: record?.outcome ?? summary };
}
