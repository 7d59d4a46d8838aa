import { resolveInside, sweepTempFiles } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';
import type { EndedGroup, RecordSigner, RunLayout, RunStatus } from '@codex-orchestrator/manifest';
import { recoverRun } from '@codex-orchestrator/pipeline';
import type { RecoveryReport, RunRedactor } from '@codex-orchestrator/pipeline';

import type { RunExperiences } from './experience/run-experiences.js';
import type { RunMetrics } from './metrics/run-metrics.js';
import { describeFailedRun } from './unreadable-run.js';
import type { FailedRun } from './unreadable-run.js';

/** What recovering needs besides the runs. */
export interface RecoveryPorts {
  readonly clock: Clock;
  readonly redactor: RunRedactor;
  readonly signer?: RecordSigner;
  /** Where the runs are counted; the caller updates them afterwards. @default nowhere */
  readonly metrics?: RunMetrics;
  /** Where what counted runs teach is recorded. @default nowhere */
  readonly experiences?: RunExperiences;
}

/** What became of runs that seemed to be without an owner; the answer of `recover --format json`. */
export interface RecoveryAnswer {
  readonly recovered: readonly RecoveredRun[];
  readonly alive: readonly AliveRun[];
  /** Left as they are, because their records are damaged or cannot be reached. */
  readonly refused: readonly FailedRun[];
  /** Files and folders that killed processes had left, now gone; relative to the root. */
  readonly swept: readonly string[];
}

export interface RunName {
  readonly run_id: string;
  readonly task_id: string;
}

/** A run that its owner had not sealed and that is sealed now. */
export interface RecoveredRun extends RunName {
  readonly status: RunStatus;
  readonly last_seen_at: string | null;
  /** Id of the stage that it was last busy with. */
  readonly last_stage: string | null;
  readonly torn_bytes: number;
  readonly torn_path: string | null;
  readonly lost_lines: number;
  readonly ended_groups: readonly EndedGroup[];
  readonly manifest: string;
}

export interface AliveRun extends RunName {
  /** `alive`: its owner runs it. `busy`: somebody else is recovering or resuming it. */
  readonly reason: 'alive' | 'busy';
}

/** What one run came to. */
type Outcome =
  | {
      readonly kind: 'recovered';
      readonly run: RecoveredRun;
      readonly swept: readonly string[];
    }
  | { readonly kind: 'sealed'; readonly swept: readonly string[] }
  | { readonly kind: 'alive'; readonly run: AliveRun }
  | { readonly kind: 'refused'; readonly run: FailedRun };

/** Seals every run of these that nobody runs any more, one after the other. Never throws. */
export async function recoverRuns(
  layouts: readonly RunLayout[],
  ports: RecoveryPorts,
): Promise<RecoveryAnswer> {
  const outcomes: Outcome[] = [];
  for (const layout of layouts) outcomes.push(await recoverOne(layout, ports));
  return {
    recovered: outcomes.flatMap((outcome) => (outcome.kind === 'recovered' ? outcome.run : [])),
    alive: outcomes.flatMap((outcome) => (outcome.kind === 'alive' ? outcome.run : [])),
    refused: outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? outcome.run : [])),
    swept: outcomes.flatMap((outcome) => ('swept' in outcome ? outcome.swept : [])),
  };
}

async function recoverOne(layout: RunLayout, ports: RecoveryPorts): Promise<Outcome> {
  const { runId: run_id, taskId: task_id } = layout;
  try {
    // Not even a lock is put where a symlink leads to.
    resolveInside(layout.runsDir, layout.runDir);
    const { metrics, experiences, ...others } = ports;
    const counted = metrics?.historyOf(layout.taskId);
    const history = counted && (experiences?.recordingBeside(layout.taskId, counted) ?? counted);
    const report = await recoverRun(layout, { ...others, ...(history && { history }) });
    const { outcome } = report;
    if (outcome === 'alive' || outcome === 'busy') {
      return { kind: 'alive', run: { run_id, task_id, reason: outcome } };
    }
    const swept = await sweepRun(layout);
    if (outcome === 'sealed') return { kind: 'sealed', swept };
    return { kind: 'recovered', run: describeRecovery(layout, report), swept };
  } catch (error) {
    return { kind: 'refused', run: describeFailedRun(layout, error) };
  }
}

function describeRecovery(layout: RunLayout, report: RecoveryReport): RecoveredRun {
  const { manifest, repair, endedGroups, lastStage } = report;
  return {
    run_id: layout.runId,
    task_id: layout.taskId,
    status: manifest.status,
    last_seen_at: manifest.recoveries.at(-1)?.last_seen_at ?? null,
    last_stage: lastStage ?? null,
    torn_bytes: repair?.tornBytes ?? 0,
    torn_path: repair?.tornPath ?? null,
    lost_lines: repair?.lostLines ?? 0,
    ended_groups: endedGroups,
    manifest: layout.relative(layout.manifestPath),
  };
}

/** Of a run that nobody writes any more, a temporary file is nobody's, however young it is. */
async function sweepRun(layout: RunLayout): Promise<string[]> {
  const { runDir, commandsDir, errorsDir } = layout;
  const swept: string[] = [];
  for (const folder of [runDir, commandsDir, errorsDir]) {
    swept.push(...(await sweepTempFiles(folder, { olderThanMs: 0 }).catch(() => [])));
  }
  return swept.map((path) => layout.relative(path));
}
