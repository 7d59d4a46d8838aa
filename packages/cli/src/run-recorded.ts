import { dirname } from 'node:path';

import { messageOf, readInteger } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';
import type { Manifest, RunOptions } from '@codex-orchestrator/manifest';
import { resumePipeline, runPipeline } from '@codex-orchestrator/pipeline';
import type {
  Plan,
  ResumeOptions,
  RunObserver,
  RunPipelineOptions,
  RunRedactor,
} from '@codex-orchestrator/pipeline';

import { recoverBeside } from './background-recovery.js';
import { listenForCancellation } from './cancellation.js';
import type { CancelSignal } from './exit-codes.js';
import { openRunExperiences } from './experience/run-experiences.js';
import { createGateRunner } from './gates/gate-runner.js';
import type { Io } from './io.js';
import { groupOptionsOf, readGroupContext } from './metrics/group-context.js';
import type { GroupContext } from './metrics/group-context.js';
import { openRunMetrics } from './metrics/run-metrics.js';
import { redactorFor } from './privacy.js';
import type { RecoveryPorts } from './recover-runs.js';
import { printable } from './render/printable.js';
import type { LoopFlags } from './rlm/loop-flags.js';
import { createLoopRunner } from './rlm/loop-runner.js';
import { flagOptionsOf, optionsOfFlags } from './rlm/recorded-flags.js';
import { readRunFacts, runFactsOf } from './run-facts/run-facts.js';
import { readSigner } from './signing.js';
import { version } from './version.js';
import type { Workspace } from './workspace.js';

export interface RecordedRunRequest {
  readonly plan: Plan;
  readonly workspace: Workspace;
  readonly taskId: TaskId;
  readonly observer: RunObserver;
  /** Whether stages are told that nobody answers. */
  readonly nonInteractive: boolean;
  /** What changes how the run goes or is recorded; the same names as in the engine. */
  readonly options?: Pick<
    RunPipelineOptions,
    'approvalPolicy' | 'contain' | 'keepGoing' | 'maxParallel' | 'parentRunId'
  >;
  /** Whether runs of the task that have lost their owner are recovered meanwhile. @default false */
  readonly recoversOthers?: boolean;
  /** The run that goes on with a further attempt. @default a new run */
  readonly continuation?: Continuation;
  /** Names for later questions about the run, beside those of the environment. @default none */
  readonly tags?: readonly string[];
  /**
   * What that run was started with; its comparison group, its commit and its tags stay its own.
   *
   * @default nothing
   */
  readonly startedWith?: RunOptions;
  /** What the call says of the agent loops of the plan. @default nothing */
  readonly loopFlags?: LoopFlags;
  /** @default one that knows the secrets of the environment and of the plan */
  readonly redactor?: RunRedactor;
  /** @default that of `@codex-orchestrator/exec` */
  readonly runCommand?: typeof runCommand;
}

/** A further attempt of a run that is there; the same names as in the engine. */
export type Continuation = Pick<
  ResumeOptions,
  'actor' | 'allowDrift' | 'mode' | 'reason' | 'runId' | 'token'
>;

export interface RecordedRun {
  readonly manifest: Manifest;
  /** The signal that cancelled the run. */
  readonly cancelledBy: CancelSignal | undefined;
}

/**
 * Runs a plan as this process: its signals cancel the run, its environment is handed to the stages, and
 * what it knows to be secret is kept out of the record.
 */
export async function runRecorded(request: RecordedRunRequest, io: Io): Promise<RecordedRun> {
  const group = readGroupContext(io.env);
  const options = engineOptions(request, group, io);
  warn(
    group.warnings.map((text) => options.redactor.text(text)),
    io,
  );
  using cancellation = listenForCancellation(io);
  const recovery =
    request.recoversOthers === true ? recoverBeside(request, options, io) : undefined;
  const context =
    request.continuation === undefined
      ? await options.experiences.contextFor(request.taskId)
      : undefined;
  const { manifest, problems } = await runOrContinue(request, {
    ...options,
    context,
    observer: recovery?.watch(request.observer) ?? request.observer,
    signal: cancellation.signal,
    runCommand: cancellation.makeKillable(request.runCommand ?? runCommand),
  });
  await recovery?.finish();
  // After all that was counted, also by recovering, so that one update takes it all along.
  const updated = await options.metrics.update();
  warn([...problems.map(messageOf), ...options.experiences.takeProblems(), ...updated], io);
  // A signal that came when all was over has cancelled nothing.
  const isCancelled = manifest.status === 'cancelled';
  return {
    manifest,
    cancelledBy: isCancelled ? cancellation.cancelledBy : undefined,
  };
}

function runOrContinue(
  { plan, continuation }: RecordedRunRequest,
  options: RunPipelineOptions,
): ReturnType<typeof runPipeline> {
  return continuation === undefined
    ? runPipeline(plan, options)
    : resumePipeline(plan, { ...options, ...continuation });
}

type EngineOptions = RunPipelineOptions &
  RecoveryPorts &
  Required<Pick<RecoveryPorts, 'experiences' | 'metrics'>>;

/** Everything that can be wrong with the environment is found here, before anything is written. */
function engineOptions(request: RecordedRunRequest, group: GroupContext, io: Io): EngineOptions {
  const { plan, workspace, taskId, nonInteractive, options = {} } = request;
  const { node, os, arch } = io.platform;
  const stageTimeoutMs = readInteger(io.env, 'CODEX_ORCHESTRATOR_STAGE_TIMEOUT_MS', undefined, {
    min: 1,
    max: 2_147_483_647,
  });
  const signer = readSigner(io.env, workspace.root);
  const redactor = request.redactor ?? redactorFor(io.env, plan);
  const metrics = openRunMetrics({ workspace, io });
  const redact = (text: string): string => redactor.text(text);
  const experiences = openRunExperiences({ workspace, io, redact });
  return {
    ...options,
    ...(stageTimeoutMs === undefined ? {} : { stageTimeoutMs }),
    ...(signer === undefined ? {} : { signer }),
    redactor,
    metrics,
    experiences,
    history: experiences.recordingBeside(taskId, metrics.historyOf(taskId)),
    root: workspace.root,
    runsDir: workspace.runsDir,
    outDir: workspace.outDir,
    taskId,
    nonInteractive,
    runLoop: createLoopRunner(request.loopFlags ?? {}),
    runGate: createGateRunner({ plan, workspace }),
    environment: io.env,
    tool: {
      name: 'codex-orchestrator',
      version,
      node,
      platform: `${os}-${arch}`,
    },
    binPath: io.programPath,
    packageRoot: dirname(dirname(io.programPath)),
    recordedOptions: {
      ...recordedOptions(request, group),
      ...recordedLoopFlags(request, redact),
      ...runFacts(request, io),
    },
    clock: io.clock,
  };
}

function runFacts(request: RecordedRunRequest, { env }: Io): RunOptions {
  const { continuation, startedWith = {}, tags = [], workspace } = request;
  if (continuation !== undefined) return runFactsOf(startedWith);
  return readRunFacts({ root: workspace.root, env, tags });
}

function recordedLoopFlags(
  { continuation, loopFlags = {}, startedWith = {} }: RecordedRunRequest,
  redact: (text: string) => string,
): RunOptions {
  return continuation === undefined
    ? optionsOfFlags(loopFlags, redact)
    : flagOptionsOf(startedWith);
}

function recordedOptions(
  { plan, options = {}, startedWith = {} }: RecordedRunRequest,
  group: GroupContext,
): RunOptions {
  const { contain, keepGoing, maxParallel } = options;
  const { deadlineMs } = plan;
  return {
    ...(contain === undefined ? {} : { contain }),
    ...(keepGoing === undefined ? {} : { keep_going: keepGoing }),
    ...(maxParallel === undefined ? {} : { max_parallel: maxParallel }),
    ...(deadlineMs === undefined ? {} : { deadline_ms: deadlineMs }),
    ...groupOptionsOf(startedWith),
    ...group.options,
  };
}

function warn(messages: readonly string[], { stderr }: Io): void {
  for (const message of messages) {
    stderr.write(`codex-orchestrator: warning: ${printable(message)}\n`);
  }
}
