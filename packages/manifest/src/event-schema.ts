import * as z from 'zod/mini';

import { eventVersion } from './events.js';
import {
  finalStatuses,
  privacyModes,
  stageEndStatuses,
  stageKinds,
  stageOutcomes,
} from './manifest.js';
import {
  amount,
  artifactSchema,
  childRunSchema,
  contextWarningSchema,
  count,
  gateRecordSchema,
  hash,
  loopFactsSchema,
  optionsSchema,
  ownerSchema,
  positive,
  promptPackSchema,
  recoveryFacts,
  text,
  time,
  toolSchema,
} from './schema.js';

export type RunEventSchema = ReturnType<typeof buildRunEventSchema>;

let built: RunEventSchema | undefined;

/** What this version writes as one line of a journal, without room for anything else; built on first use. */
export function runEventSchema(): RunEventSchema {
  return (built ??= buildRunEventSchema());
}

function buildRunEventSchema() {
  return z.discriminatedUnion('type', [
    runStartedSchema(),
    stageStartedSchema(),
    stageSpawnedSchema(),
    stageRetriedSchema(),
    stageFinishedSchema(),
    loopStartedSchema(),
    loopIterationSchema(),
    z.strictObject({
      ...head('stage.skipped'),
      ...stage(),
      reason: text(),
      summary: z.nullable(z.string()),
    }),
    z.strictObject({
      ...head('run.cancelling'),
      signal: z.nullable(z.string()),
      reason: z.string(),
    }),
    runRecoveredSchema(),
    runResumedSchema(),
    z.strictObject({
      ...head('run.resume_refused'),
      actor: z.string(),
      reason: z.string(),
      code: text(),
      detail: z.string(),
    }),
    z.strictObject({
      ...head('run.finished'),
      status: z.enum(finalStatuses),
      status_detail: z.nullable(z.string()),
      duration_ms: amount(),
      notes: z.array(z.string()),
      artifacts: z.optional(z.array(artifactSchema())),
    }),
    z.strictObject({ ...head('run.recorded'), attempt: positive(), history: text() }),
  ]);
}

function stageStartedSchema() {
  return z.strictObject({
    ...head('stage.started'),
    ...stage(),
    log_path: z.nullable(z.string()),
    inputs_hash: z.optional(z.nullable(text())),
  });
}

function stageSpawnedSchema() {
  return z.strictObject({
    ...head('stage.spawned'),
    ...stage(),
    attempt: positive(),
    pid: positive(),
    process_group: positive(),
    process_started_at: z.nullable(z.string()),
  });
}

function runRecoveredSchema() {
  return z.strictObject({
    ...head('run.recovered'),
    ...recoveryFacts(),
  });
}

function runResumedSchema() {
  return z.strictObject({
    ...head('run.resumed'),
    attempt: positive(),
    owner: ownerSchema(),
    tool: toolSchema(),
    actor: z.string(),
    reason: z.string(),
    detail: z.nullable(z.string()),
    stages: z.array(plannedStageSchema()),
    kept: z.array(text()),
    reset: z.array(z.strictObject({ id: text(), reason: z.string() })),
    drift: z.array(z.string()),
    moved: z.array(z.strictObject({ from: text(), to: text() })),
    gap_ms: amount(),
    options: optionsSchema(),
  });
}

function runStartedSchema() {
  return z.strictObject({
    ...head('run.started'),
    task_id: text(),
    task_slug: z.nullable(z.string()),
    run_id: text(),
    parent_run_id: z.nullable(z.string()),
    attempt: positive(),
    pipeline_id: text(),
    pipeline_title: text(),
    stages: z.array(plannedStageSchema()),
    owner: ownerSchema(),
    tool: toolSchema(),
    options: optionsSchema(),
    approval_policy: z.nullable(z.string()),
    plan_target_id: z.nullable(z.string()),
    guardrails_required: z.boolean(),
    workspace_path: text(),
    artifact_root: text(),
    log_path: text(),
    heartbeat_interval_seconds: positive(),
    heartbeat_stale_after_seconds: positive(),
    privacy_mode: z.optional(z.nullable(z.enum(privacyModes))),
    context: z.optional(z.nullable(runContextSchema())),
  });
}

function runContextSchema() {
  return z.strictObject({
    instructions_hash: z.nullable(hash()),
    instructions_sources: z.array(text()),
    prompt_packs: z.array(promptPackSchema()),
    warnings: z.array(contextWarningSchema()),
  });
}

function plannedStageSchema() {
  return z.strictObject({
    ...stage(),
    title: text(),
    kind: z.enum(stageKinds),
    command: z.nullable(z.string()),
    needs: z.nullable(z.array(z.string())),
    allow_failure: z.boolean(),
    definition_hash: z.optional(z.nullable(text())),
  });
}

function stageRetriedSchema() {
  return z.strictObject({
    ...head('stage.retried'),
    ...stage(),
    attempt: positive(),
    ...attemptEnd(),
    delay_ms: amount(),
    reason: z.nullable(z.string()),
    artifacts: z.optional(z.array(artifactSchema())),
  });
}

function stageFinishedSchema() {
  return z.strictObject({
    ...head('stage.finished'),
    ...stage(),
    status: z.enum(stageEndStatuses),
    ...attemptEnd(),
    duration_ms: z.nullable(amount()),
    summary: z.nullable(z.string()),
    reason: z.nullable(z.string()),
    log_path: z.nullable(z.string()),
    log_bytes: z.nullable(count()),
    log_omitted_bytes: z.nullable(count()),
    error_file: z.nullable(z.string()),
    child_run: z.nullable(childRunSchema()),
    artifacts: z.optional(z.array(artifactSchema())),
    privacy: z.optional(z.nullable(stagePrivacySchema())),
    loop: z.optional(z.nullable(loopFactsSchema())),
    gate: z.optional(z.nullable(gateRecordSchema())),
  });
}

function loopStartedSchema() {
  return z.strictObject({
    ...head('loop.started'),
    ...stage(),
    continues: z.boolean(),
    facts: z.record(z.string(), z.unknown()),
  });
}

function loopIterationSchema() {
  return z.strictObject({
    ...head('loop.iteration'),
    ...stage(),
    n: positive(),
    facts: z.record(z.string(), z.unknown()),
    artifacts: z.array(artifactSchema()),
  });
}

function stagePrivacySchema() {
  return z.strictObject({
    frames: count(),
    redacted_frames: count(),
    blocked_frames: count(),
    matches: z.record(z.string(), count()),
  });
}

function attemptEnd() {
  return {
    outcome: z.enum(stageOutcomes),
    exit_code: z.nullable(z.int()),
    signal: z.nullable(z.string()),
    duration_ms: amount(),
  };
}

function head<Type extends string>(type: Type) {
  return {
    v: z.literal(eventVersion),
    seq: positive(),
    at: time(),
    type: z.literal(type),
    chain: z.optional(hash()),
  };
}

function stage() {
  return { index: positive(), id: text() };
}
