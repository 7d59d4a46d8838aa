import type { PlannedStage } from './events.js';
import { manifestVersion } from './manifest.js';
import type { Manifest, StageRecord } from './manifest.js';

/** Seconds between two signs of life. */
export const defaultHeartbeatIntervalSeconds = 5;
/** Seconds of silence after which an owner that cannot be asked counts as gone. */
export const defaultHeartbeatStaleAfterSeconds = 30;

/** A manifest that says nothing yet: what an absent or damaged field is read as. */
export function blankManifest(): Manifest {
  return {
    version: manifestVersion,
    task_id: '',
    task_slug: null,
    run_id: '',
    parent_run_id: null,
    pipeline_id: '',
    pipeline_title: '',
    runner: 'codex-cli',
    tool: null,
    owner: null,
    attempt: 1,
    approval_policy: null,
    status: 'queued',
    status_detail: null,
    started_at: '',
    completed_at: null,
    updated_at: '',
    heartbeat_at: null,
    heartbeat_interval_seconds: defaultHeartbeatIntervalSeconds,
    heartbeat_stale_after_seconds: defaultHeartbeatStaleAfterSeconds,
    duration_ms: null,
    active_seconds: null,
    gap_seconds: 0,
    artifact_root: '',
    compat_path: '',
    log_path: '',
    workspace_path: null,
    summary: null,
    metrics_recorded: false,
    resume_token: null,
    resume_events: [],
    recoveries: [],
    approvals: [],
    commands: [],
    child_runs: [],
    run_summary_path: null,
    plan_target_id: null,
    options: {},
    instructions_hash: null,
    instructions_sources: [],
    guardrails_required: false,
    guardrail_status: null,
    handles: [],
    privacy: null,
    artifacts: [],
    journal: null,
    observability: null,
  };
}

/** A stage as it stands before anything has run. */
export function pendingStage(planned: PlannedStage): StageRecord {
  return {
    index: planned.index,
    id: planned.id,
    title: planned.title,
    command: planned.command,
    kind: planned.kind,
    status: 'pending',
    started_at: null,
    completed_at: null,
    exit_code: null,
    summary: null,
    log_path: null,
    error_file: null,
    sub_run_id: null,
    outcome: null,
    reason: null,
    signal: null,
    duration_ms: null,
    attempts: 0,
    needs: planned.needs,
    allow_failure: planned.allow_failure,
    log_bytes: null,
    log_omitted_bytes: null,
    definition_hash: planned.definition_hash ?? null,
    inputs_hash: null,
    process: null,
  };
}
