import { currentProcessIdentity } from '@codex-orchestrator/core';
import type { ProcessIdentity } from '@codex-orchestrator/core';

import { eventVersion } from './events.js';
import type { PlannedStage, RunStartedEvent } from './events.js';
import {
  defaultHeartbeatIntervalSeconds,
  defaultHeartbeatStaleAfterSeconds,
} from './manifest-defaults.js';
import type { PrivacyMode, RunOptions, RunOwner, ToolIdentity } from './manifest.js';
import type { RunContext } from './run-context.js';
import type { RunLayout } from './run-layout.js';
import { isGuardrailStage } from './summary.js';

/** All that is known of a run before anything has run. */
export interface RunStart {
  readonly layout: RunLayout;
  readonly pipelineId: string;
  readonly pipelineTitle: string;
  /** In the order of the plan, numbered from 1 without gaps. */
  readonly stages: readonly PlannedStage[];
  /** The program that writes the record. */
  readonly tool: ToolIdentity;
  /** @default this process */
  readonly owner?: RunOwner;
  /** @default null */
  readonly parentRunId?: string | null;
  /** @default 1 */
  readonly attempt?: number;
  /** @default the task id */
  readonly taskSlug?: string | null;
  /** @default {} */
  readonly options?: RunOptions;
  /** @default null */
  readonly approvalPolicy?: string | null;
  /** @default null */
  readonly planTargetId?: string | null;
  /**
   * Whether the summary asks for a spec guard where none ran.
   *
   * @default whether one of the stages is a spec guard
   */
  readonly guardrailsRequired?: boolean;
  /**
   * What is done about secrets in the stages' output.
   *
   * @default null: nobody looks for them
   */
  readonly privacyMode?: PrivacyMode | null;
  /**
   * What the run was given to know.
   *
   * @default null: nobody looked
   */
  readonly context?: RunContext | null;
}

/** The first event of a run's journal. */
export function startedEvent(start: RunStart, at: string): RunStartedEvent {
  const { layout, stages } = start;
  return {
    v: eventVersion,
    seq: 1,
    at,
    type: 'run.started',
    task_id: layout.taskId,
    task_slug: start.taskSlug ?? layout.taskId,
    run_id: layout.runId,
    parent_run_id: start.parentRunId ?? null,
    attempt: start.attempt ?? 1,
    pipeline_id: start.pipelineId,
    pipeline_title: start.pipelineTitle,
    stages,
    owner: start.owner ?? ownerOf(currentProcessIdentity()),
    tool: start.tool,
    options: start.options ?? {},
    approval_policy: start.approvalPolicy ?? null,
    plan_target_id: start.planTargetId ?? null,
    guardrails_required: start.guardrailsRequired ?? stages.some(isGuardrailStage),
    workspace_path: layout.root,
    artifact_root: layout.relative(layout.runDir),
    log_path: layout.relative(layout.journalPath),
    heartbeat_interval_seconds: defaultHeartbeatIntervalSeconds,
    heartbeat_stale_after_seconds: defaultHeartbeatStaleAfterSeconds,
    privacy_mode: start.privacyMode ?? null,
    ...(start.context && { context: start.context }),
  };
}

/** A process as records name it. */
export function ownerOf(identity: ProcessIdentity): RunOwner {
  return {
    pid: identity.pid,
    process_started_at: identity.processStartedAt,
    boot_id: identity.bootId,
    host: identity.host,
    namespace: identity.namespace ?? null,
  };
}

/** The process that a record names as its owner, to ask whether it still runs. */
export function identityOf(owner: RunOwner): ProcessIdentity {
  return {
    pid: owner.pid,
    processStartedAt: owner.process_started_at,
    bootId: owner.boot_id,
    host: owner.host,
    namespace: owner.namespace,
  };
}
