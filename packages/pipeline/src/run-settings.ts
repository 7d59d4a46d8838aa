import { createRunId, nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import type { Clock, FileSystem, RandomSource, RunId, TaskId } from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';
import type { Containment, GroupGuard } from '@codex-orchestrator/exec';
import { openRunRecord } from '@codex-orchestrator/manifest';
import type {
  RecordSigner,
  RunContext,
  RunHistory,
  RunOptions,
  RunRecord,
  RunRecordOptions,
  RunStart,
  ToolIdentity,
} from '@codex-orchestrator/manifest';
import { availableParallelism } from 'node:os';

import { PipelineError } from './errors.js';
import type { RunGate } from './gate-stage.js';
import type { RunLoop } from './loop-stage.js';
import type { Plan } from './plan.js';
import type { RunObserver } from './run-observer.js';
import type { RunRedactor } from './run-redactor.js';

export interface RunPipelineOptions {
  /** The repository root, absolute. */
  readonly root: string;
  readonly taskId: TaskId;
  /** The environment that commands inherit. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The program that runs the pipeline, for the record. */
  readonly tool: ToolIdentity;
  /** Where runs are kept, relative to the root. @default '.runs' */
  readonly runsDir?: string;
  /** Where results that outlive runs are kept, relative to the root. @default 'out' */
  readonly outDir?: string;
  /** @default a new one */
  readonly runId?: RunId | undefined;
  /** @default none */
  readonly parentRunId?: string;
  /** @default the task id */
  readonly taskSlug?: string;
  /** Recorded, not acted on. @default none */
  readonly approvalPolicy?: string;
  /** What the run was started with, for the record. @default {} */
  readonly recordedOptions?: RunOptions;
  /** Where the orchestrator is installed; commands see it as CODEX_ORCHESTRATOR_PACKAGE_ROOT. @default not set */
  readonly packageRoot?: string;
  /** The orchestrator's own executable; commands see it as CODEX_ORCHESTRATOR_BIN. @default not set */
  readonly binPath?: string;
  /** Tells commands that nobody answers questions. @default false */
  readonly nonInteractive?: boolean;
  /** Whether a failure leaves alone what does not depend on it. @default false */
  readonly keepGoing?: boolean;
  /** Stages at once where stages declare `needs`. @default the pipeline's own, else the number of cores */
  readonly maxParallel?: number;
  /** Limit for each attempt of a command that has none of its own. @default none */
  readonly stageTimeoutMs?: number;
  /** Time between SIGTERM and SIGKILL for a command that is stopped. @default 5000 */
  readonly graceMs?: number;
  /** Most bytes of one stage's log; its start and its end are kept. @default 67108864 */
  readonly logMaxBytes?: number;
  /**
   * Takes secrets out of all output before anything else sees it, and out of all that is recorded.
   *
   * @default nobody looks for secrets
   */
  readonly redactor?: RunRedactor;
  /** Signs the record when it is sealed. @default nobody */
  readonly signer?: RecordSigner;
  /**
   * What the run was given to know, for its record; runs of its subpipelines are given nothing of it.
   *
   * @default nobody looked
   */
  readonly context?: RunContext | undefined;
  /** Counts the run when it is sealed, and the runs of its subpipelines. @default nobody */
  readonly history?: RunHistory;
  /**
   * Cancels the run. A reason that is the name of a signal (`controller.abort('SIGINT')`) is recorded
   * as such.
   */
  readonly signal?: AbortSignal;
  /** @default nobody */
  readonly observer?: RunObserver | undefined;
  /**
   * Ends the commands should this process be killed; it stays open.
   *
   * @default one of this run's own
   */
  readonly guard?: GroupGuard;
  /**
   * Runs the commands in a place of their own, of which nothing outlives this process, however it ends.
   *
   * @default false
   */
  readonly contain?: boolean;
  /**
   * The place to run them in; it stays open.
   *
   * @default one of this run's own, where `contain` asks for it
   */
  readonly containment?: Containment;
  /** @default that of `@codex-orchestrator/manifest` */
  readonly openRecord?: (start: RunStart, options: RunRecordOptions) => Promise<RunRecord>;
  /** @default that of `@codex-orchestrator/exec` */
  readonly runCommand?: typeof runCommand;
  /** Runs loop stages; without one they fail. @default nobody */
  readonly runLoop?: RunLoop;
  /** Runs gate stages; without one they fail. @default nobody */
  readonly runGate?: RunGate;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}

type Defaulted =
  'clock' | 'fs' | 'keepGoing' | 'maxParallel' | 'openRecord' | 'random' | 'runCommand' | 'runId';

/** Options after validation, with every default filled in. */
export type RunSettings = Omit<RunPipelineOptions, Defaulted> & {
  readonly [Name in Defaulted]-?: NonNullable<RunPipelineOptions[Name]>;
};

/** @throws PipelineError `INVALID_OPTION` */
export function resolveRunOptions(plan: Plan, options: RunPipelineOptions): RunSettings {
  const { clock = systemClock, random = systemRandom } = options;
  const maxParallel = options.maxParallel ?? plan.maxParallel ?? availableParallelism();
  if (!Number.isSafeInteger(maxParallel) || maxParallel < 1) {
    const got = `\`${String(maxParallel)}\` (${typeof maxParallel})`;
    const message = `Expected the \`maxParallel\` option to be a positive integer, got ${got}`;
    throw new PipelineError('INVALID_OPTION', message);
  }
  return {
    ...options,
    clock,
    random,
    maxParallel,
    fs: options.fs ?? nodeFileSystem,
    keepGoing: options.keepGoing ?? false,
    openRecord: options.openRecord ?? openRunRecord,
    runCommand: options.runCommand ?? runCommand,
    runId: options.runId ?? createRunId({ clock, random }),
  };
}
