import * as z from 'zod/mini';

import { eventVersion } from './events.js';
import { finalStatuses, stageEndStatuses, stageKinds, stageOutcomes } from './manifest.js';
import {
  amount,
  childRunSchema,
  count,
  optionsSchema,
  ownerSchema,
  positive,
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
    z.strictObject({ ...head('stage.started'), ...stage(), log_path: z.nullable(z.string()) }),
    stageRetriedSchema(),
    stageFinishedSchema(),
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
    z.strictObject({
      ...head('run.finished'),
      status: z.enum(finalStatuses),
      status_detail: z.nullable(z.string()),
      duration_ms: amount(),
      notes: z.array(z.string()),
    }),
  ]);
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
  });
}

function stageFinishedSchema() {
  return z.strictObject({
    ...head('stage.finished'),
    ...stage(),
    status: z.enum(stageEndStatuses),
    ...attemptEnd(),
    summary: z.nullable(z.string()),
    reason: z.nullable(z.string()),
    log_path: z.nullable(z.string()),
    log_bytes: z.nullable(count()),
    log_omitted_bytes: z.nullable(count()),
    error_file: z.nullable(z.string()),
    child_run: z.nullable(childRunSchema()),
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
  return { v: z.literal(eventVersion), seq: positive(), at: time(), type: z.literal(type) };
}

function stage() {
  return { index: positive(), id: text() };
}
