import { dirname } from 'node:path';

import { readInteger } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';
import { runCommand } from '@codex-orchestrator/exec';
import type { Manifest, RunOptions } from '@codex-orchestrator/manifest';
import { runPipeline } from '@codex-orchestrator/pipeline';
import type { Plan, RunObserver, RunPipelineOptions } from '@codex-orchestrator/pipeline';

import { listenForCancellation } from './cancellation.js';
import type { CancelSignal } from './exit-codes.js';
import type { Io } from './io.js';
import { redactorFor } from './privacy.js';
import { printable } from './render/printable.js';
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
    'approvalPolicy' | 'keepGoing' | 'maxParallel' | 'parentRunId'
  >;
  /** @default that of `@codex-orchestrator/exec` */
  readonly runCommand?: typeof runCommand;
}

export interface RecordedRun {
  readonly manifest: Manifest;
  /** The signal that cancelled the run. */
  readonly cancelledBy: CancelSignal | undefined;
}

/**
 * Runs a plan as this process: its signals cancel the run, and its environment is handed to the stages.
 */
export async function runRecorded(request: RecordedRunRequest, io: Io): Promise<RecordedRun> {
  using cancellation = listenForCancellation(io);
  const outcome = await runPipeline(request.plan, {
    ...engineOptions(request, io),
    signal: cancellation.signal,
    runCommand: cancellation.makeKillable(request.runCommand ?? runCommand),
  });
  for (const problem of outcome.problems) {
    io.stderr.write(`codex-orchestrator: warning: ${printable(messageOf(problem))}\n`);
  }
  // A signal that came when all was over has cancelled nothing.
  const { manifest } = outcome;
  const isCancelled = manifest.status === 'cancelled';
  return { manifest, cancelledBy: isCancelled ? cancellation.cancelledBy : undefined };
}

function engineOptions(request: RecordedRunRequest, io: Io): RunPipelineOptions {
  const { workspace, taskId, observer, nonInteractive, options = {} } = request;
  const { node, os, arch } = io.platform;
  const signer = readSigner(io.env, workspace.root);
  const stageTimeoutMs = readInteger(io.env, 'CODEX_ORCHESTRATOR_STAGE_TIMEOUT_MS', undefined, {
    min: 1,
    max: 2_147_483_647,
  });
  return {
    ...options,
    ...(stageTimeoutMs === undefined ? {} : { stageTimeoutMs }),
    ...(signer === undefined ? {} : { signer }),
    redactor: redactorFor(io.env, request.plan),
    root: workspace.root,
    runsDir: workspace.runsDir,
    outDir: workspace.outDir,
    taskId,
    observer,
    nonInteractive,
    environment: io.env,
    tool: { name: 'codex-orchestrator', version, node, platform: `${os}-${arch}` },
    binPath: io.programPath,
    packageRoot: dirname(dirname(io.programPath)),
    recordedOptions: recordedOptions(request),
    clock: io.clock,
  };
}

function recordedOptions({ plan, options = {} }: RecordedRunRequest): RunOptions {
  const { keepGoing, maxParallel } = options;
  const { deadlineMs } = plan;
  return {
    ...(keepGoing === undefined ? {} : { keep_going: keepGoing }),
    ...(maxParallel === undefined ? {} : { max_parallel: maxParallel }),
    ...(deadlineMs === undefined ? {} : { deadline_ms: deadlineMs }),
  };
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}
