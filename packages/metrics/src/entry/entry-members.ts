import type {
  InstanceMetrics,
  MachineMetrics,
  MetricsEntry,
  PrivacyEvent,
  StageMetrics,
  ToolMetrics,
} from './entry.js';

/** The members of objects in the order in which they are written. */
export interface MemberOrder {
  readonly keys: readonly string[];
  /** The order within members that are objects, or arrays of objects. */
  readonly within: Readonly<Record<string, MemberOrder>>;
}

const stageMembers = order<StageMetrics>()(['id', 'status', 'duration_seconds', 'attempts']);

const instanceMembers = order<InstanceMetrics>()([
  'instance_id',
  'capability',
  'status',
  'attempts',
  'recovery_events',
]);

const privacyEventMembers = order<PrivacyEvent>()([
  'handle_id',
  'sequence',
  'action',
  'rule',
  'reason',
  'timestamp',
  'stage_id',
  'count',
]);

const toolMembers = order<ToolMetrics>()([
  'tool',
  'tokens',
  'cost_usd',
  'latency_ms',
  'attempts',
  'status',
  'sandbox_state',
]);

const machineMembers = order<MachineMetrics>()([
  'id',
  'cpus',
  'cpu_model',
  'memory_mb',
  'os',
  'arch',
  'node',
]);

/**
 * The order in which entries are written, and in which the scanner expects them: kept in one place, for
 * a line that keeps to it is read several times faster than one that does not.
 */
export const entryMembers = order<MetricsEntry>()(
  [
    'run_id',
    'attempt',
    'parent_run_id',
    'task_id',
    'pipeline_id',
    'status',
    'started_at',
    'completed_at',
    'duration_seconds',
    'active_seconds',
    'gap_seconds',
    'commands_passed',
    'commands_failed',
    'stages',
    'guardrails_present',
    'recorded_at',
    'artifact_path',
    'child_runs',
    'control_plane_status',
    'scheduler_mode',
    'instance_stats',
    'privacy_mode',
    'privacy_log_path',
    'privacy_event_count',
    'privacy_events_truncated',
    'privacy_events',
    'handle_count',
    'tfgrpo_epoch',
    'tfgrpo_group_id',
    'tfgrpo_group_size',
    'tool_calls',
    'token_total',
    'cost_usd',
    'latency_ms',
    'tool_stats',
    'learning_validation_status',
    'learning_snapshot_status',
    'learning_scenario_status',
    'learning_crystalizer_status',
    'learning_alerts',
    'learning_group_id',
    'learning_review_rejections',
    'learning_review_latency_ms',
    'learning_regressions_detected',
    'learning_pattern_promoted',
    'learning_pattern_deprecated',
    'learning_throughput_candidates',
    'manifest_writes',
    'manifest_bytes',
    'wait_ms',
    'machine',
    'tool_version',
    'commit',
    'tags',
    'journal_lines',
    'fsyncs',
  ],
  {
    stages: stageMembers,
    instance_stats: instanceMembers,
    privacy_events: privacyEventMembers,
    tool_stats: toolMembers,
    machine: machineMembers,
  },
);

/** Takes a list only where it names every member of the interface. */
function order<Shape>() {
  return <const Keys extends readonly (keyof Shape & string)[]>(
    keys: keyof Shape extends Keys[number] ? Keys : never,
    within: Readonly<Record<string, MemberOrder>> = {},
  ): MemberOrder => ({ keys, within });
}
