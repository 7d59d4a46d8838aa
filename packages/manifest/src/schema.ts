import * as z from 'zod/mini';

import { privacyModes, runStatuses, stageKinds, stageOutcomes, stageStatuses } from './manifest.js';

export type ManifestSchema = ReturnType<typeof buildManifestSchema>;

let built: ManifestSchema | undefined;

/**
 * What this version writes as `manifest.json`, without room for anything else. It is built on first
 * use, so that programs which only write records do not pay for it.
 */
export function manifestSchema(): ManifestSchema {
  return (built ??= buildManifestSchema());
}

function buildManifestSchema() {
  return z.strictObject({
    version: positive(),
    ...identity(),
    runner: text(),
    tool: z.nullable(toolSchema()),
    owner: z.nullable(ownerSchema()),
    attempt: positive(),
    approval_policy: z.nullable(z.string()),
    ...lifecycle(),
    ...paths(),
    summary: z.nullable(z.string()),
    metrics_recorded: z.boolean(),
    resume_token: z.nullable(z.string()),
    resume_events: z.array(resumeEventSchema()),
    recoveries: z.array(recoverySchema()),
    approvals: z.array(approvalSchema()),
    commands: z.array(stageRecordSchema()),
    child_runs: z.array(childRunSchema()),
    run_summary_path: z.nullable(z.string()),
    plan_target_id: z.nullable(z.string()),
    options: optionsSchema(),
    instructions_hash: z.nullable(z.string()),
    instructions_sources: z.array(z.string()),
    prompt_packs: z.optional(z.array(promptPackSchema())),
    context_warnings: z.optional(z.array(contextWarningSchema())),
    guardrails_required: z.boolean(),
    guardrail_status: z.nullable(guardrailStatusSchema()),
    handles: z.array(z.unknown()),
    privacy: z.nullable(privacySchema()),
    artifacts: z.array(artifactSchema()),
    journal: z.nullable(journalAnchorSchema()),
    observability: z.nullable(observabilitySchema()),
    checksum: z.optional(z.nullable(hash())),
  });
}

function identity() {
  return {
    task_id: text(),
    task_slug: z.nullable(z.string()),
    run_id: text(),
    parent_run_id: z.nullable(z.string()),
    pipeline_id: text(),
    pipeline_title: text(),
  };
}

function lifecycle() {
  return {
    status: z.enum(runStatuses),
    status_detail: z.nullable(z.string()),
    started_at: time(),
    completed_at: z.nullable(time()),
    updated_at: time(),
    heartbeat_at: z.nullable(time()),
    heartbeat_interval_seconds: positive(),
    heartbeat_stale_after_seconds: positive(),
    duration_ms: z.nullable(amount()),
    active_seconds: z.nullable(amount()),
    gap_seconds: amount(),
  };
}

function paths() {
  return {
    artifact_root: text(),
    compat_path: text(),
    log_path: text(),
    workspace_path: z.nullable(text()),
  };
}

function stageRecordSchema() {
  return z.strictObject({
    index: positive(),
    id: text(),
    title: text(),
    command: z.nullable(z.string()),
    kind: z.enum(stageKinds),
    status: z.enum(stageStatuses),
    started_at: z.nullable(time()),
    completed_at: z.nullable(time()),
    exit_code: z.nullable(z.int()),
    summary: z.nullable(z.string()),
    log_path: z.nullable(z.string()),
    error_file: z.nullable(z.string()),
    sub_run_id: z.nullable(z.string()),
    outcome: z.nullable(z.enum(stageOutcomes)),
    reason: z.nullable(z.string()),
    signal: z.nullable(z.string()),
    duration_ms: z.nullable(amount()),
    attempts: count(),
    needs: z.nullable(z.array(z.string())),
    allow_failure: z.boolean(),
    log_bytes: z.nullable(count()),
    log_omitted_bytes: z.nullable(count()),
    definition_hash: z.nullable(text()),
    inputs_hash: z.nullable(text()),
    process: z.nullable(stageProcessSchema()),
    loop: z.optional(z.nullable(loopFactsSchema())),
    gate: z.optional(z.nullable(gateRecordSchema())),
  });
}

export function gateRecordSchema() {
  return z.strictObject({
    name: text(),
    outcome: text(),
    dry_run: z.boolean(),
    findings: count(),
    override: z.nullable(z.string()),
    facts: z.record(z.string(), z.unknown()),
  });
}

export function loopFactsSchema() {
  return z.strictObject({
    verdict: text(),
    agent: text(),
    iterations: count(),
    best_iteration: z.nullable(positive()),
    input_tokens: count(),
    cached_input_tokens: count(),
    output_tokens: count(),
    cost_usd: amount(),
    tool_calls: count(),
    findings: count(),
    branch: z.nullable(text()),
  });
}

function stageProcessSchema() {
  return z.strictObject({
    pid: positive(),
    process_group: positive(),
    started_at: z.nullable(z.string()),
  });
}

function resumeEventSchema() {
  return z.strictObject({
    timestamp: time(),
    actor: z.string(),
    reason: z.string(),
    outcome: z.enum(['accepted', 'blocked']),
    detail: z.optional(z.nullable(z.string())),
  });
}

function recoverySchema() {
  return z.strictObject({ timestamp: time(), ...recoveryFacts() });
}

/** What a recovery found and did, in the event that tells of it and in the manifest. */
export function recoveryFacts() {
  return {
    by: ownerSchema(),
    reason: text(),
    last_seen_at: z.string(),
    torn_bytes: count(),
    torn_path: z.nullable(z.string()),
    lost_lines: count(),
    ended_groups: z.array(endedGroupSchema()),
  };
}

function endedGroupSchema() {
  return z.strictObject({
    process_group: positive(),
    outcome: z.enum(['terminated', 'killed', 'survived']),
  });
}

function privacySchema() {
  return z.strictObject({
    mode: z.enum(privacyModes),
    decisions: z.array(
      z.strictObject({
        handle_id: text(),
        sequence: count(),
        action: z.enum(['allow', 'redact', 'block']),
        rule: z.optional(z.nullable(z.string())),
        reason: z.optional(z.nullable(z.string())),
        timestamp: time(),
        stage_id: z.optional(z.nullable(z.string())),
        count: z.optional(positive()),
      }),
    ),
    totals: z.strictObject({
      total_frames: count(),
      redacted_frames: count(),
      blocked_frames: count(),
      allowed_frames: count(),
    }),
    log_path: z.optional(z.nullable(z.string())),
  });
}

export function artifactSchema() {
  return z.strictObject({ path: text(), bytes: count(), sha256: hash() });
}

function journalAnchorSchema() {
  return z.strictObject({ lines: positive(), bytes: positive(), head: hash() });
}

function approvalSchema() {
  return z.strictObject({
    actor: z.string(),
    timestamp: time(),
    reason: z.optional(z.nullable(z.string())),
  });
}

export function promptPackSchema() {
  return z.strictObject({
    id: text(),
    domain: text(),
    stamp: text(),
    experience_slots: count(),
    sources: z.array(z.string()),
    experiences: z.optional(z.array(z.string())),
    experience_ids: z.optional(z.array(text())),
    experiences_truncated: z.optional(z.boolean()),
    retrieval_policy: z.optional(z.unknown()),
    retrieval_selection: z.optional(z.unknown()),
  });
}

export function contextWarningSchema() {
  return z.strictObject({
    code: text(),
    message: z.string(),
    path: z.optional(z.nullable(z.string())),
  });
}

function guardrailStatusSchema() {
  return z.strictObject({
    present: z.boolean(),
    recommendation: z.nullable(z.string()),
    summary: z.string(),
    computed_at: time(),
    counts: z.strictObject({
      total: count(),
      succeeded: count(),
      failed: count(),
      skipped: count(),
      other: count(),
    }),
  });
}

function observabilitySchema() {
  return z.strictObject({
    manifest_writes: count(),
    manifest_bytes: count(),
    journal_lines: count(),
    journal_bytes: count(),
    fsyncs: count(),
  });
}

export function toolSchema() {
  return z.strictObject({ name: text(), version: text(), node: text(), platform: text() });
}

export function ownerSchema() {
  return z.strictObject({
    pid: positive(),
    process_started_at: z.nullable(z.string()),
    boot_id: z.nullable(z.string()),
    host: z.string(),
    namespace: z.nullable(z.string()),
  });
}

export function childRunSchema() {
  return z.strictObject({
    run_id: text(),
    pipeline_id: text(),
    status: z.enum(runStatuses),
    manifest: text(),
  });
}

export function optionsSchema() {
  return z.record(z.string(), z.nullable(z.union([z.string(), z.number(), z.boolean()])));
}

/** Text that is not empty. */
export function text() {
  return z.string().check(z.minLength(1));
}

/** UTC in ISO 8601. */
export function time() {
  return z.iso.datetime();
}

/** Such as milliseconds. */
export function amount() {
  return z.number().check(z.minimum(0));
}

/** A SHA-256 digest in hex. */
export function hash() {
  return z.string().check(z.regex(/^[0-9a-f]{64}$/));
}

export function count() {
  return z.int().check(z.minimum(0));
}

export function positive() {
  return z.int().check(z.minimum(1));
}
