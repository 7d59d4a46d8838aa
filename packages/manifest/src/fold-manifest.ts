import { ManifestError } from './errors.js';
import { refusalOf } from './event-order.js';
import type {
  LoopIterationEvent,
  ResumeRefusedEvent,
  RunEvent,
  RunFinishedEvent,
  RunRecoveredEvent,
  RunResumedEvent,
  RunStartedEvent,
  StageFinishedEvent,
  StageRetriedEvent,
  StageSkippedEvent,
  StageSpawnedEvent,
  StageStartedEvent,
} from './events.js';
import { addArtifacts, moveArtifacts } from './fold-artifacts.js';
import { addPrivacy, blankPrivacy } from './fold-privacy.js';
import { blankManifest, pendingStage } from './manifest-defaults.js';
import type { Artifact, ChildRun, Manifest, StageRecord } from './manifest.js';
import type { RunContext } from './run-context.js';
import { guardrailStatus, summaryText } from './summary.js';

/**
 * A manifest that one fold owns and changes in place, so that an event costs the same whatever the
 * number of stages. Stages are replaced and never changed: whoever holds one may keep it.
 */
export type ManifestDraft = Omit<
  { -readonly [Field in keyof Manifest]: Manifest[Field] },
  'artifacts' | 'child_runs' | 'commands'
> & { artifacts: Artifact[]; child_runs: ChildRun[]; commands: StageRecord[] };

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
  // Who recovers a run, counts it or is not let in gives no sign of life of the run itself.
  if (!foreignEvents.has(event.type) && next.status_detail !== recoveringDetail) {
    next.heartbeat_at = event.at;
  }
  record(next, event);
  return next;
}

/** What a record says between the discovery that its runner died and the end that follows from it. */
export const recoveringDetail = 'recovering';

const foreignEvents: ReadonlySet<RunEvent['type']> = new Set([
  'run.recorded',
  'run.recovered',
  'run.resume_refused',
]);

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
    artifacts: [],
    child_runs: [],
    privacy: event.privacy_mode == null ? null : blankPrivacy(event.privacy_mode),
    plan_target_id: event.plan_target_id,
    options: event.options,
    guardrails_required: event.guardrails_required,
    ...describeContext(event.context),
  };
}

/** Empty lists are left out: most runs are given nothing. */
function describeContext(context: RunContext | null | undefined): Partial<ManifestDraft> {
  if (!context) return {};
  const { instructions_hash, instructions_sources, prompt_packs, warnings } = context;
  return {
    instructions_hash,
    instructions_sources,
    ...(prompt_packs.length > 0 && { prompt_packs }),
    ...(warnings.length > 0 && { context_warnings: warnings }),
  };
}

function record(draft: ManifestDraft, event: Exclude<RunEvent, RunStartedEvent>): void {
  switch (event.type) {
    case 'stage.started':
      startStage(draft, event);
      return;
    case 'stage.spawned':
      spawnStage(draft, event);
      return;
    case 'stage.retried':
      retryStage(draft, event);
      return;
    case 'stage.finished':
      finishStage(draft, event);
      return;
    case 'loop.started':
      // What the loop goes by is for the loop alone.
      return;
    case 'loop.iteration':
      iterateStage(draft, event);
      return;
    case 'stage.skipped':
      skipStage(draft, event);
      return;
    case 'run.cancelling':
      draft.status_detail = `cancelling:${event.signal ?? event.reason}`;
      return;
    case 'run.recovered':
      recoverRun(draft, event);
      return;
    case 'run.resumed':
      resumeRun(draft, event);
      return;
    case 'run.resume_refused':
      refuseResume(draft, event);
      return;
    case 'run.finished':
      finishRun(draft, event);
      return;
    case 'run.recorded':
      draft.metrics_recorded = true;
  }
}

function startStage(draft: ManifestDraft, event: StageStartedEvent): void {
  changeStage(draft, event.index, {
    status: 'running',
    started_at: event.at,
    attempts: 1,
    log_path: event.log_path,
    inputs_hash: event.inputs_hash ?? null,
  });
}

function spawnStage(draft: ManifestDraft, event: StageSpawnedEvent): void {
  const { pid, process_group, process_started_at } = event;
  changeStage(draft, event.index, {
    process: { pid, process_group, started_at: process_started_at },
  });
}

function retryStage(draft: ManifestDraft, event: StageRetriedEvent): void {
  changeStage(draft, event.index, { attempts: event.attempt + 1 });
  addArtifacts(draft.artifacts, event.artifacts);
}

/** An iteration shows in the manifest by its files; what it came to is in the journal. */
function iterateStage(draft: ManifestDraft, event: LoopIterationEvent): void {
  addArtifacts(draft.artifacts, event.artifacts);
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
    ...(event.loop && { loop: event.loop }),
    ...(event.gate && { gate: event.gate }),
  });
  if (event.child_run) draft.child_runs.push(event.child_run);
  addArtifacts(draft.artifacts, event.artifacts);
  if (draft.privacy && event.privacy) draft.privacy = addPrivacy(draft.privacy, event);
}

function skipStage(draft: ManifestDraft, event: StageSkippedEvent): void {
  changeStage(draft, event.index, {
    status: 'skipped',
    completed_at: event.at,
    reason: event.reason,
    summary: event.summary,
  });
}

function recoverRun(draft: ManifestDraft, event: RunRecoveredEvent): void {
  const { at, by, reason, last_seen_at, torn_bytes, torn_path, lost_lines, ended_groups } = event;
  const facts = { by, reason, last_seen_at, torn_bytes, torn_path, lost_lines, ended_groups };
  draft.status_detail = recoveringDetail;
  draft.recoveries = [...draft.recoveries, { timestamp: at, ...facts }];
}

function resumeRun(draft: ManifestDraft, event: RunResumedEvent): void {
  const { at, actor, reason, detail } = event;
  const kept = new Set(event.kept);
  const before = new Map(draft.commands.map((stage) => [stage.id, stage]));
  draft.status = 'in_progress';
  draft.status_detail = 'resuming';
  draft.attempt = event.attempt;
  draft.owner = event.owner;
  draft.tool = event.tool;
  draft.options = event.options;
  draft.completed_at = null;
  draft.duration_ms = null;
  draft.gap_seconds = secondsOf(draft.gap_seconds * 1000 + event.gap_ms);
  draft.summary = null;
  draft.metrics_recorded = false;
  draft.guardrail_status = null;
  draft.resume_events = [
    ...draft.resume_events,
    { timestamp: at, actor, reason, outcome: 'accepted', detail },
  ];
  draft.commands = event.stages.map((planned) => {
    const stage = kept.has(planned.id) ? before.get(planned.id) : undefined;
    return stage ? { ...stage, index: planned.index } : pendingStage(planned);
  });
  draft.artifacts = moveArtifacts(draft.artifacts, event.moved);
}

function refuseResume(draft: ManifestDraft, event: ResumeRefusedEvent): void {
  const { at, actor, reason, code, detail } = event;
  draft.resume_events = [
    ...draft.resume_events,
    { timestamp: at, actor, reason, outcome: 'blocked', detail: `${code}: ${detail}` },
  ];
}

function finishRun(draft: ManifestDraft, event: RunFinishedEvent): void {
  draft.status = event.status;
  draft.status_detail = event.status_detail;
  draft.completed_at = event.at;
  draft.active_seconds = secondsOf((draft.active_seconds ?? 0) * 1000 + event.duration_ms);
  draft.duration_ms = roundMs((draft.active_seconds + draft.gap_seconds) * 1000);
  addArtifacts(draft.artifacts, event.artifacts);
  draft.guardrail_status = guardrailStatus(draft, event.at);
  draft.summary = summaryText(draft, event.notes);
}

function changeStage(draft: ManifestDraft, index: number, change: Partial<StageRecord>): void {
  const stage = draft.commands[index - 1];
  if (stage) draft.commands[index - 1] = { ...stage, ...change };
}

/** Microseconds are kept: seconds are what this format counts, not how exactly. */
function secondsOf(ms: number): number {
  return Math.round(ms * 1000) / 1e6;
}

function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** A draft of its own: the one given can move on. */
export function copyOf(manifest: Manifest): ManifestDraft {
  return {
    ...manifest,
    artifacts: [...manifest.artifacts],
    commands: [...manifest.commands],
    child_runs: [...manifest.child_runs],
  };
}
