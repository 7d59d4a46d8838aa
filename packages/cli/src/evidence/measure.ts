import { nodeFileSystem, parseRunId } from '@codex-orchestrator/core';
import type { TaskId } from '@codex-orchestrator/core';
import { createRunLayout, digestFile } from '@codex-orchestrator/manifest';
import type { Manifest } from '@codex-orchestrator/manifest';
import { createMetricsLayout, findEntry } from '@codex-orchestrator/metrics';
import type { Plan } from '@codex-orchestrator/pipeline';
import type { EvidenceRole, RunSample } from '@codex-orchestrator/report';

import { sampleOfRun } from '../report-library.js';
import type { CancelSignal } from '../exit-codes.js';
import { runRecorded } from '../run-recorded.js';
import type { RecordedRunRequest } from '../run-recorded.js';
import type { Workspace } from '../workspace.js';
import type { HeardSignals } from './hear-signals.js';

/** One side of the measurement: which tree, and what of it runs. */
export interface MeasuredSide {
  readonly role: EvidenceRole;
  /** How the tree was named; null for that of the workspace. */
  readonly ref: string | null;
  readonly workspace: Workspace;
  readonly plan: Plan;
  readonly tags: readonly string[];
}

export interface MeasuredRun {
  readonly sample: RunSample;
  /** Absolute. */
  readonly manifestPath: string;
  /** Of the sealed manifest. */
  readonly manifestSha256: string;
  /** The chain value of the journal's last line. */
  readonly journalHead: string | null;
}

export interface Measurement {
  readonly taskId: TaskId;
  /** Who runs, one run each, in this order. */
  readonly turns: readonly MeasuredSide[];
  readonly nonInteractive: boolean;
  /** Who watches the runs, made anew for each. */
  readonly watch: (side: MeasuredSide, turn: number) => RecordedRunRequest['observer'];
  /** Called with each run that has ended by itself. */
  readonly keep: (side: MeasuredSide, run: MeasuredRun) => Promise<void>;
}

export interface MeasurementEnd {
  readonly runs: number;
  readonly succeeded: number;
  /** The signal that ended the measurement before its time. */
  readonly cancelledBy: CancelSignal | undefined;
  readonly isCancelled: boolean;
}

/**
 * Runs all turns one after the other, each as a recorded run of the task. A run that was cancelled is no
 * measurement: it is not kept, and none follows it.
 */
export async function measure(
  measurement: Measurement,
  signals: HeardSignals,
): Promise<MeasurementEnd> {
  let runs = 0;
  let succeeded = 0;
  let isCancelled = false;
  for (const [turn, side] of measurement.turns.entries()) {
    isCancelled ||= signals.signal.aborted;
    if (isCancelled) break;
    const manifest = await runOnce(side, turn, measurement, signals);
    isCancelled = manifest.status === 'cancelled';
    if (isCancelled) break;
    await measurement.keep(side, await measuredRun(manifest, side, measurement.taskId));
    runs += 1;
    if (manifest.status === 'succeeded') succeeded += 1;
  }
  return { runs, succeeded, isCancelled, cancelledBy: signals.cancelledBy };
}

async function runOnce(
  side: MeasuredSide,
  turn: number,
  { taskId, nonInteractive, watch }: Measurement,
  { io }: HeardSignals,
): Promise<Manifest> {
  const { plan, tags, workspace } = side;
  const observer = watch(side, turn);
  const request = { plan, tags, workspace, taskId, nonInteractive, observer };
  const { manifest } = await runRecorded({ ...request, recoversOthers: turn === 0 }, io);
  return manifest;
}

/** What is kept of a run: the numbers, and digests by which its record can be held to them later. */
async function measuredRun(
  manifest: Manifest,
  { workspace }: MeasuredSide,
  taskId: TaskId,
): Promise<MeasuredRun> {
  const { run_id: runId, attempt } = manifest;
  const parsed = parseRunId(runId);
  if (!parsed.ok) throw new Error(`Internal error: a run with the id ${runId}`);
  const { manifestPath } = createRunLayout({ ...workspace, taskId, runId: parsed.value.runId });
  const entry = await findEntry(createMetricsLayout({ ...workspace, taskId }), runId, attempt);
  return {
    sample: sampleOfRun(manifest, entry),
    manifestPath,
    manifestSha256: (await digestFile(manifestPath, nodeFileSystem)).sha256,
    journalHead: manifest.journal?.head ?? null,
  };
}
