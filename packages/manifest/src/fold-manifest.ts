import { ManifestError } from './errors.js';
import type {
  PlannedStage,
  RunEvent,
  RunFinishedEvent,
  RunStartedEvent,
  StageFinishedEvent,
  StageRetriedEvent,
  StageSkippedEvent,
  StageStartedEvent,
} from './events.js';
import { blankManifest, pendingStage } from './manifest-defaults.js';
import { isFinalStatus } from './manifest.js';
import type { ChildRun, Manifest, StageRecord, StageStatus } from './manifest.js';
import { guardrailStatus, summaryText } from './summary.js';

/**
 * A manifest that one fold owns and changes in place, so that an event costs the same whatever the
 * number of stages. Stages are replaced and never changed: whoever holds one may keep it.
 */
export type ManifestDraft = Omit<
  { -readonly [Field in keyof Manifest]: Manifest[Field] },
  'commands' | 'child_runs'
> & { commands: StageRecord[]; child_runs: ChildRun[] };

/**
 * The record after one more event; the one given stays as it was. It copies the list of stages: to
 * fold many events use `foldEvents`.
 *
 * @throws ManifestError `EVENT_OUT_OF_ORDER` when the event cannot follow.
 */
export function applyEvent(manifest: Manifest | undefined, event: RunEvent): Manifest {
  return advance(manifest && copyOf(manifest), event);
}

/**
 * The record that a journal stands for; undefined without events. Costs O(events + stages).
 *
 * @throws ManifestError `EVENT_OUT_OF_ORDER` when an event cannot follow the one before it.
 */
export function foldEvents(events: Iterable<RunEvent>): Manifest | undefined {
  let draft: ManifestDraft | undefined;
  for (const event of events) draft = advance(draft, event);
  return draft;
}

/** Applies an event to a draft in place, or begins one. */
export function advance(draft: ManifestDraft | undefined, event: RunEvent): ManifestDraft {
  const refusal = refusalOf(draft, event);
  if (refusal !== undefined) throw new ManifestError('EVENT_OUT_OF_ORDER', refusal);
  if (event.type === 'run.started') return begin(event);
  // The refusal above leaves no event but `run.started` without a draft.
  const next = draft ?? copyOf(blankManifest());
  next.updated_at = event.at;
  next.heartbeat_at = event.at;
  record(next, event);
  return next;
}

/** What a stage must be for an event about it. */
const stageStatusBefore = {
  'stage.started': 'pending',
  'stage.retried': 'running',
  'stage.finished': 'running',
  'stage.skipped': 'pending',
} as const satisfies Partial<Record<RunEvent['type'], StageStatus>>;

/** Why an event cannot follow what is recorded so far; undefined when it can. Costs O(1) but for the start. */
export function refusalOf(manifest: Manifest | undefined, event: EventOutline): string | undefined {
  const name = `The event '${event.type}'`;
  if (event.type === 'run.started') {
    if (manifest) return `${name} can only be the first of a run`;
    const misplaced = event.stages.find((stage, at) => stage.index !== at + 1);
    return misplaced && `${name} gives the stage '${misplaced.id}' the wrong index`;
  }
  if (!manifest) return `${name} cannot be the first of a run`;
  if (isFinalStatus(manifest.status)) return `${name} follows the end of the run`;
  if (event.type === 'run.cancelling' || event.type === 'run.finished') return undefined;
  const { index, id } = event;
  const stage = manifest.commands[index - 1];
  if (stage?.id !== id) return `${name} names no stage of the run: ${index} '${id}'`;
  const expected = stageStatusBefore[event.type];
  if (stage.status === expected) return undefined;
  return `${name} needs the stage '${id}' to be ${expected}, it is ${stage.status}`;
}

/** The part of an event that decides whether it may follow. */
export type EventOutline =
  | { readonly type: 'run.started'; readonly stages: readonly PlannedStage[] }
  | { readonly type: 'run.cancelling' }
  | { readonly type: 'run.finished' }
  | StageEventOutline;

interface StageEventOutline {
  readonly type: keyof typeof stageStatusBefore;
  readonly index: number;
  readonly id: string;
}

function begin(event: RunStartedEvent): ManifestDraft {
  return {
    ...blankManifest(),
    task_id: event.task_id,
    task_slug: event.task_slug,
    run_id: event.run_id,
    parent_run_id: event.parent_run_id,
    pipeline_id: event.pipeline_id,
    pipeline_title: event.pipeline_title,
    tool: event.tool,
    owner: event.owner,
    attempt: event.attempt,
    approval_policy: event.approval_policy,
    status: 'in_progress',
    started_at: event.at,
    updated_at: event.at,
    heartbeat_at: event.at,
    heartbeat_interval_seconds: event.heartbeat_interval_seconds,
    heartbeat_stale_after_seconds: event.heartbeat_stale_after_seconds,
    artifact_root: event.artifact_root,
    compat_path: event.artifact_root,
    log_path: event.log_path,
    workspace_path: event.workspace_path,
    commands: event.stages.map(pendingStage),
    child_runs: [],
    plan_target_id: event.plan_target_id,
    options: event.options,
    guardrails_required: event.guardrails_required,
  };
}

function record(draft: ManifestDraft, event: Exclude<RunEvent, RunStartedEvent>): void {
  switch (event.type) {
    case 'stage.started':
      startStage(draft, event);
      return;
    case 'stage.retried':
      retryStage(draft, event);
      return;
    case 'stage.finished':
      finishStage(draft, event);
      return;
    case 'stage.skipped':
      skipStage(draft, event);
      return;
    case 'run.cancelling':
      draft.status_detail = `cancelling:${event.signal ?? event.reason}`;
      return;
    case 'run.finished':
      finishRun(draft, event);
  }
}

function startStage(draft: ManifestDraft, event: StageStartedEvent): void {
  changeStage(draft, event.index, {
    status: 'running',
    started_at: event.at,
    attempts: 1,
    log_path: event.log_path,
  });
}

function retryStage(draft: ManifestDraft, event: StageRetriedEvent): void {
  changeStage(draft, event.index, { attempts: event.attempt + 1 });
}

function finishStage(draft: ManifestDraft, event: StageFinishedEvent): void {
  changeStage(draft, event.index, {
    status: event.status,
    completed_at: event.at,
    exit_code: event.exit_code,
    summary: event.summary,
    log_path: event.log_path,
    error_file: event.error_file,
    sub_run_id: event.child_run?.run_id ?? null,
    outcome: event.outcome,
    reason: event.reason,
    signal: event.signal,
    duration_ms: event.duration_ms,
    log_bytes: event.log_bytes,
    log_omitted_bytes: event.log_omitted_bytes,
  });
  if (event.child_run) draft.child_runs.push(event.child_run);
}

function skipStage(draft: ManifestDraft, event: StageSkippedEvent): void {
  changeStage(draft, event.index, {
    status: 'skipped',
    completed_at: event.at,
    reason: event.reason,
    summary: event.summary,
  });
}

function finishRun(draft: ManifestDraft, event: RunFinishedEvent): void {
  draft.status = event.status;
  draft.status_detail = event.status_detail;
  draft.completed_at = event.at;
  draft.duration_ms = event.duration_ms;
  draft.guardrail_status = guardrailStatus(draft, event.at);
  draft.summary = summaryText(draft, event.notes);
}

function changeStage(draft: ManifestDraft, index: number, change: Partial<StageRecord>): void {
  const stage = draft.commands[index - 1];
  if (stage) draft.commands[index - 1] = { ...stage, ...change };
}

function copyOf(manifest: Manifest): ManifestDraft {
  return {
    ...manifest,
    commands: [...manifest.commands],
    child_runs: [...manifest.child_runs],
  };
}
