import type { Manifest, Observability, StageRecord } from '@codex-orchestrator/manifest';
import type {
  InstanceMetrics,
  MachineMetrics,
  MetricsEntry,
  StageMetrics,
} from '@codex-orchestrator/metrics';

import { factMembers } from '../run-facts/run-facts.js';
import type { AgentUsage } from './agent-usage.js';
import { groupOf } from './group-context.js';
import { privacyMembers } from './privacy-events.js';
import { toolMembers } from './tool-stats.js';
import { waitMs } from './wait-ms.js';

/** What an entry says that the record of the run does not. */
export interface EntryContext {
  readonly recordedAt: string;
  /** By stage id; see `readAgentUsage`. */
  readonly usage: ReadonlyMap<string, AgentUsage>;
  /** Negative: all. */
  readonly maxPrivacyEvents: number;
  /** The machine that makes the entry, and its name. */
  readonly machine: MachineMetrics;
  readonly host: string;
  readonly toolVersion: string;
}

/** The entry in the history for the attempt that a final manifest tells of. Pure. */
export function entryOfRun(
  manifest: Manifest,
  cost: Pick<Observability, 'fsyncs' | 'journal_lines' | 'manifest_bytes' | 'manifest_writes'>,
  context: EntryContext,
): MetricsEntry {
  const { commands, owner } = manifest;
  return {
    run_id: manifest.run_id,
    attempt: manifest.attempt,
    parent_run_id: manifest.parent_run_id,
    task_id: manifest.task_id,
    pipeline_id: manifest.pipeline_id,
    status: manifest.status,
    started_at: manifest.started_at,
    completed_at: manifest.completed_at ?? undefined,
    duration_seconds: seconds(manifest.duration_ms),
    active_seconds: manifest.active_seconds,
    gap_seconds: manifest.gap_seconds,
    commands_passed: count(commands, 'succeeded'),
    commands_failed: count(commands, 'failed'),
    stages: commands.map(describeStage),
    guardrails_present: manifest.guardrail_status?.present ?? false,
    recorded_at: context.recordedAt,
    artifact_path: manifest.artifact_root,
    child_runs: manifest.child_runs.length,
    // No run begins before its configuration and its plan were found valid.
    control_plane_status: 'passed',
    scheduler_mode: null,
    instance_stats: [describeInstance(manifest)],
    ...privacyMembers(manifest, context.maxPrivacyEvents),
    handle_count: manifest.handles.length,
    ...groupOf(manifest.options),
    ...toolMembers(commands, context.usage),
    ...withoutLearning,
    manifest_writes: cost.manifest_writes,
    manifest_bytes: cost.manifest_bytes,
    wait_ms: waitMs(manifest),
    // A run of another machine can be sealed from here, over a shared folder.
    machine: owner === null || owner.host === context.host ? context.machine : null,
    tool_version: context.toolVersion,
    ...factMembers(manifest.options),
    journal_lines: cost.journal_lines,
    fsyncs: cost.fsyncs,
  };
}

/** What entries say of learning where there was none. */
const withoutLearning = {
  learning_validation_status: 'pending',
  learning_snapshot_status: null,
  learning_scenario_status: null,
  learning_crystalizer_status: null,
  learning_alerts: 0,
  learning_group_id: null,
  learning_review_rejections: 0,
  learning_review_latency_ms: null,
  learning_regressions_detected: 0,
  learning_pattern_promoted: 0,
  learning_pattern_deprecated: 0,
  learning_throughput_candidates: 0,
} as const satisfies Partial<MetricsEntry>;

function describeStage({ id, status, duration_ms, attempts }: StageRecord): StageMetrics {
  return { id, status, duration_seconds: seconds(duration_ms), attempts };
}

/** One runner executes the stages of a run; who resumes the run or finds it dead goes on in its place. */
function describeInstance({ task_id, status, attempt, recoveries }: Manifest): InstanceMetrics {
  return {
    instance_id: `${task_id}-general-01`,
    capability: 'general',
    status,
    attempts: attempt,
    recovery_events: recoveries.length,
  };
}

function count(stages: readonly StageRecord[], wanted: StageRecord['status']): number {
  return stages.filter(({ status }) => status === wanted).length;
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.max(0, Math.round(ms)) / 1000;
}
