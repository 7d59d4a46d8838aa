/**
 * What the history keeps of one attempt of a run: one line of JSON.
 *
 * Three members make an entry, `run_id`, `status` and `recorded_at`; readers default everything else,
 * member by member. Times are ISO strings in UTC; paths are relative to the repository root and use `/`.
 * Members that are not known are kept as they are.
 */
export interface MetricsEntry {
  /** Runs are the same when these strings are, byte for byte. Not blank. */
  readonly run_id: string;
  /** 1 for the first attempt of the run, one more for every resume. The highest one counts. */
  readonly attempt?: number | undefined;
  /** The run that started this one as a subpipeline. */
  readonly parent_run_id?: string | null | undefined;
  readonly task_id?: string | undefined;
  readonly pipeline_id?: string | undefined;
  /** How the run ended, such as `succeeded`. Not blank. */
  readonly status: string;
  readonly started_at?: string | null | undefined;
  readonly completed_at?: string | null | undefined;
  /** From the start of the run to its end, pauses between attempts included. */
  readonly duration_seconds?: number | null | undefined;
  /** The part of the duration in which an attempt was under way. */
  readonly active_seconds?: number | null | undefined;
  /** The part of the duration between attempts. */
  readonly gap_seconds?: number | undefined;
  /** Stages that succeeded. */
  readonly commands_passed?: number | undefined;
  /** Stages that failed; a failure that was allowed is in neither count. */
  readonly commands_failed?: number | undefined;
  readonly stages?: readonly StageMetrics[] | undefined;
  readonly guardrails_present?: boolean | undefined;
  /** When the entry was made. Not blank. */
  readonly recorded_at: string;
  /** The folder of the run. */
  readonly artifact_path?: string | undefined;
  /** Runs that this one started as subpipelines. */
  readonly child_runs?: number | undefined;
  /** What the validation of configuration and plan came to; `unknown` where there was none. */
  readonly control_plane_status?: string | undefined;
  readonly scheduler_mode?: string | null | undefined;
  readonly instance_stats?: readonly InstanceMetrics[] | undefined;
  readonly privacy_mode?: string | null | undefined;
  readonly privacy_log_path?: string | null | undefined;
  /** All decisions, also those that `privacy_events` leaves out. */
  readonly privacy_event_count?: number | undefined;
  /** Present where `privacy_events` was cut. */
  readonly privacy_events_truncated?: true | undefined;
  readonly privacy_events?: readonly PrivacyEvent[] | undefined;
  readonly handle_count?: number | undefined;
  readonly tfgrpo_epoch?: number | null | undefined;
  readonly tfgrpo_group_id?: string | null | undefined;
  readonly tfgrpo_group_size?: number | null | undefined;
  readonly tool_calls?: number | undefined;
  readonly token_total?: number | undefined;
  /** US dollars. */
  readonly cost_usd?: number | undefined;
  /** The time that tools took, in milliseconds. */
  readonly latency_ms?: number | undefined;
  readonly tool_stats?: readonly ToolMetrics[] | undefined;
  readonly learning_validation_status?: string | null | undefined;
  readonly learning_snapshot_status?: string | null | undefined;
  readonly learning_scenario_status?: string | null | undefined;
  readonly learning_crystalizer_status?: string | null | undefined;
  readonly learning_alerts?: number | undefined;
  readonly learning_group_id?: string | null | undefined;
  readonly learning_review_rejections?: number | undefined;
  readonly learning_review_latency_ms?: number | null | undefined;
  readonly learning_regressions_detected?: number | undefined;
  readonly learning_pattern_promoted?: number | undefined;
  readonly learning_pattern_deprecated?: number | undefined;
  readonly learning_throughput_candidates?: number | undefined;
  /** How often the manifest was written. */
  readonly manifest_writes?: number | undefined;
  /** Bytes written as manifest, all writes together. */
  readonly manifest_bytes?: number | undefined;
  /** Time of the attempt in which no stage ran. */
  readonly wait_ms?: number | undefined;
  readonly machine?: MachineMetrics | null | undefined;
  /** Version of the program that made the entry. */
  readonly tool_version?: string | undefined;
  /** The git commit that the repository was at when the run began; null where none could be read. */
  readonly commit?: string | null | undefined;
  /** Names that the run was given for later questions: sorted, each once. */
  readonly tags?: readonly string[] | undefined;
  /** Lines of the journal up to and including the one that says how the attempt ended. */
  readonly journal_lines?: number | undefined;
  /** How often recording waited for the disk up to that line; sealing adds a few that do not depend on the run. */
  readonly fsyncs?: number | undefined;
}

/** One stage of the run. */
export interface StageMetrics {
  readonly id: string;
  /** How the stage ended, such as `succeeded`. */
  readonly status: string;
  /** Of all its attempts together; null where it did not run. */
  readonly duration_seconds: number | null;
  /** Attempts begun. */
  readonly attempts: number;
}

/** One runner instance that executed stages. */
export interface InstanceMetrics {
  readonly instance_id: string;
  readonly capability: string;
  readonly status: string;
  readonly attempts: number;
  readonly recovery_events: number;
}

/** One decision about output: what was redacted or blocked, or a summary of what was let through. */
export interface PrivacyEvent {
  readonly handle_id: string;
  readonly sequence: number;
  readonly action: 'allow' | 'redact' | 'block';
  readonly rule?: string | null | undefined;
  readonly reason?: string | null | undefined;
  readonly timestamp: string;
  readonly stage_id?: string | null | undefined;
  /** How many frames of output the decision stands for; 1 where there is none. */
  readonly count?: number | undefined;
}

/** What one tool came to in the run. */
export interface ToolMetrics {
  readonly tool: string;
  readonly tokens?: number | undefined;
  /** US dollars. */
  readonly cost_usd?: number | undefined;
  /** Milliseconds. */
  readonly latency_ms?: number | undefined;
  readonly attempts?: number | undefined;
  readonly status?: string | undefined;
  readonly sandbox_state?: string | undefined;
}

/** Where the run ran: entries of different machines are not to be compared by their durations. */
export interface MachineMetrics {
  /** Opaque; the same for all runs on one machine. */
  readonly id: string;
  readonly cpus: number;
  readonly cpu_model: string;
  readonly memory_mb: number;
  readonly os: string;
  readonly arch: string;
  /** Version of Node. */
  readonly node: string;
}
