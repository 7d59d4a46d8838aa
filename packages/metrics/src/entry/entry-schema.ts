import * as z from 'zod/mini';

export type MetricsEntrySchema = ReturnType<typeof buildEntrySchema>;

let built: MetricsEntrySchema | undefined;

/**
 * What this version writes as an entry, with room for members that are not known. It is stricter than
 * readers are: they count everything with a `run_id`, a `status` and a `recorded_at`. It is built on
 * first use, so that programs which only read and write entries do not pay for it.
 */
export function metricsEntrySchema(): MetricsEntrySchema {
  return (built ??= buildEntrySchema());
}

function buildEntrySchema() {
  return z.looseObject({
    ...identity(),
    ...course(),
    ...control(),
    ...privacy(),
    ...tools(),
    ...learning(),
    ...cost(),
  });
}

function identity() {
  return {
    run_id: text(),
    attempt: z.optional(positive()),
    parent_run_id: maybe(z.string()),
    task_id: z.optional(z.string()),
    pipeline_id: z.optional(z.string()),
    status: text(),
    recorded_at: text(),
    artifact_path: z.optional(z.string()),
  };
}

function course() {
  return {
    started_at: maybe(z.string()),
    completed_at: maybe(z.string()),
    duration_seconds: maybe(amount()),
    active_seconds: maybe(amount()),
    gap_seconds: z.optional(amount()),
    commands_passed: z.optional(count()),
    commands_failed: z.optional(count()),
    stages: z.optional(
      z.array(
        z.looseObject({
          id: text(),
          status: z.string(),
          duration_seconds: z.nullable(amount()),
          attempts: count(),
        }),
      ),
    ),
    guardrails_present: z.optional(z.boolean()),
    child_runs: z.optional(count()),
  };
}

function control() {
  return {
    control_plane_status: z.optional(z.string()),
    scheduler_mode: maybe(z.string()),
    instance_stats: z.optional(
      z.array(
        z.looseObject({
          instance_id: z.string(),
          capability: z.string(),
          status: z.string(),
          attempts: count(),
          recovery_events: count(),
        }),
      ),
    ),
    handle_count: z.optional(count()),
  };
}

function privacy() {
  return {
    privacy_mode: maybe(z.string()),
    privacy_log_path: maybe(z.string()),
    privacy_event_count: z.optional(count()),
    privacy_events_truncated: z.optional(z.literal(true)),
    privacy_events: z.optional(
      z.array(
        z.looseObject({
          handle_id: z.string(),
          sequence: count(),
          action: z.enum(['allow', 'redact', 'block']),
          rule: maybe(z.string()),
          reason: maybe(z.string()),
          timestamp: z.string(),
          stage_id: maybe(z.string()),
          count: z.optional(positive()),
        }),
      ),
    ),
  };
}

function tools() {
  return {
    tfgrpo_epoch: maybe(z.number()),
    tfgrpo_group_id: maybe(z.string()),
    tfgrpo_group_size: maybe(z.number()),
    ...toolTotals(),
    tool_calls: z.optional(amount()),
    token_total: z.optional(amount()),
    tool_stats: z.optional(
      z.array(
        z.looseObject({
          tool: text(),
          tokens: z.optional(amount()),
          ...toolTotals(),
          attempts: z.optional(count()),
          status: z.optional(z.string()),
          sandbox_state: z.optional(z.string()),
        }),
      ),
    ),
  };
}

function toolTotals() {
  return { cost_usd: z.optional(amount()), latency_ms: z.optional(amount()) };
}

function learning() {
  return {
    learning_validation_status: maybe(z.string()),
    learning_snapshot_status: maybe(z.string()),
    learning_scenario_status: maybe(z.string()),
    learning_crystalizer_status: maybe(z.string()),
    learning_alerts: z.optional(count()),
    learning_group_id: maybe(z.string()),
    learning_review_rejections: z.optional(count()),
    learning_review_latency_ms: maybe(amount()),
    learning_regressions_detected: z.optional(count()),
    learning_pattern_promoted: z.optional(count()),
    learning_pattern_deprecated: z.optional(count()),
    learning_throughput_candidates: z.optional(count()),
  };
}

function cost() {
  return {
    manifest_writes: z.optional(count()),
    manifest_bytes: z.optional(count()),
    wait_ms: z.optional(amount()),
    machine: maybe(
      z.looseObject({
        id: z.string(),
        cpus: positive(),
        cpu_model: z.string(),
        memory_mb: count(),
        os: z.string(),
        arch: z.string(),
        node: z.string(),
      }),
    ),
    tool_version: z.optional(z.string()),
    commit: maybe(z.string()),
    tags: z.optional(z.array(text())),
    journal_lines: z.optional(count()),
    fsyncs: z.optional(count()),
  };
}

/** Null, or left out, where there is nothing to say. */
function maybe<Schema extends z.core.$ZodType>(schema: Schema) {
  return z.optional(z.nullable(schema));
}

/** Text with at least one character that is not white space. */
function text() {
  return z.string().check(z.regex(/\S/));
}

function amount() {
  return z.number().check(z.minimum(0));
}

function count() {
  return z.int().check(z.minimum(0));
}

function positive() {
  return z.int().check(z.minimum(1));
}
