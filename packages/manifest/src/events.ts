import type {
  ChildRun,
  FinalStatus,
  RunOptions,
  RunOwner,
  StageEndStatus,
  StageKind,
  StageOutcome,
  ToolIdentity,
} from './manifest.js';

/** Version of the event format that this package writes. */
export const eventVersion = 1;

/** What every line of a journal starts with. */
export interface EventHead<Type extends string> {
  readonly v: typeof eventVersion;
  /** 1 for the first event of a run, one more for every further one. */
  readonly seq: number;
  /** Wall-clock time at which the line was written. */
  readonly at: string;
  readonly type: Type;
}

/** The first line of every journal: all that is known before anything has run. */
export interface RunStartedEvent extends EventHead<'run.started'> {
  readonly task_id: string;
  readonly task_slug: string | null;
  readonly run_id: string;
  readonly parent_run_id: string | null;
  readonly attempt: number;
  readonly pipeline_id: string;
  readonly pipeline_title: string;
  readonly stages: readonly PlannedStage[];
  readonly owner: RunOwner;
  readonly tool: ToolIdentity;
  readonly options: RunOptions;
  readonly approval_policy: string | null;
  readonly plan_target_id: string | null;
  readonly guardrails_required: boolean;
  readonly workspace_path: string;
  readonly artifact_root: string;
  readonly log_path: string;
  readonly heartbeat_interval_seconds: number;
  readonly heartbeat_stale_after_seconds: number;
}

/** A stage as the plan has it. */
export interface PlannedStage {
  /** 1 for the first stage. */
  readonly index: number;
  readonly id: string;
  readonly title: string;
  readonly kind: StageKind;
  readonly command: string | null;
  readonly needs: readonly string[] | null;
  readonly allow_failure: boolean;
}

export interface StageStartedEvent extends EventHead<'stage.started'> {
  readonly index: number;
  readonly id: string;
  readonly log_path: string | null;
}

/** An attempt did not succeed and another one follows after `delay_ms`. */
export interface StageRetriedEvent extends EventHead<'stage.retried'> {
  readonly index: number;
  readonly id: string;
  /** Number of the attempt that ended. */
  readonly attempt: number;
  readonly outcome: StageOutcome;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly duration_ms: number;
  readonly delay_ms: number;
  readonly reason: string | null;
}

/** A stage that had started has ended. It is in the journal before the next stage starts. */
export interface StageFinishedEvent extends EventHead<'stage.finished'> {
  readonly index: number;
  readonly id: string;
  readonly status: StageEndStatus;
  readonly outcome: StageOutcome;
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly duration_ms: number;
  readonly summary: string | null;
  readonly reason: string | null;
  readonly log_path: string | null;
  readonly log_bytes: number | null;
  readonly log_omitted_bytes: number | null;
  readonly error_file: string | null;
  /** What a subpipeline's own run came to. */
  readonly child_run: ChildRun | null;
}

/** A stage that never started and never will. */
export interface StageSkippedEvent extends EventHead<'stage.skipped'> {
  readonly index: number;
  readonly id: string;
  readonly reason: string;
  readonly summary: string | null;
}

/** Stages are being stopped; `run.finished` follows. */
export interface RunCancellingEvent extends EventHead<'run.cancelling'> {
  readonly signal: string | null;
  readonly reason: string;
}

/** The one terminal event. */
export interface RunFinishedEvent extends EventHead<'run.finished'> {
  readonly status: FinalStatus;
  readonly status_detail: string | null;
  readonly duration_ms: number;
  /** Sentences for the summary, put before those that follow from the stages. */
  readonly notes: readonly string[];
}

export type RunEvent =
  | RunStartedEvent
  | StageStartedEvent
  | StageRetriedEvent
  | StageFinishedEvent
  | StageSkippedEvent
  | RunCancellingEvent
  | RunFinishedEvent;

export type RunEventType = RunEvent['type'];

type WithoutHead<Event> = Event extends RunEvent ? Omit<Event, 'v' | 'seq' | 'at'> : never;

/** An event as a caller states it: the record adds version, number and time. */
export type NewRunEvent = WithoutHead<Exclude<RunEvent, RunStartedEvent | RunFinishedEvent>>;

/** How a run ended, as a caller states it. */
export type RunEnd = Omit<RunFinishedEvent, 'v' | 'seq' | 'at' | 'type' | 'notes'> & {
  /** @default [] */
  readonly notes?: readonly string[];
};
