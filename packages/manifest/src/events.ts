import type {
  Artifact,
  ChildRun,
  EndedGroup,
  FinalStatus,
  GateRecord,
  LoopFacts,
  PrivacyMode,
  RunOptions,
  RunOwner,
  StageEndStatus,
  StageKind,
  StageOutcome,
  ToolIdentity,
} from './manifest.js';
import type { RunContext } from './run-context.js';

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
  /**
   * Last member of the line: what ties it to all lines before it, see `chain.ts`. Absent in journals
   * of earlier versions.
   */
  readonly chain?: string | undefined;
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
  /** Whether the stages' output is looked through for secrets, and what is done about them. */
  readonly privacy_mode?: PrivacyMode | null | undefined;
  /** What the run was given to know; null where nobody looked. */
  readonly context?: RunContext | null | undefined;
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
  /** Digest of the stage's definition, by which a resume tells whether it is still the same stage. */
  readonly definition_hash?: string | null | undefined;
}

export interface StageStartedEvent extends EventHead<'stage.started'> {
  readonly index: number;
  readonly id: string;
  readonly log_path: string | null;
  /** Digest of the declared inputs. */
  readonly inputs_hash?: string | null | undefined;
}

/** The command of an attempt runs: whoever finds its runner dead knows which processes are its own. */
export interface StageSpawnedEvent extends EventHead<'stage.spawned'> {
  readonly index: number;
  readonly id: string;
  readonly attempt: number;
  readonly pid: number;
  readonly process_group: number;
  /** Opaque stamp that tells this process from a later one with the same pid. */
  readonly process_started_at: string | null;
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
  /** The attempt's own log under the name that it keeps. */
  readonly artifacts?: readonly Artifact[] | undefined;
}

/** A stage that had started has ended. It is in the journal before the next stage starts. */
export interface StageFinishedEvent extends EventHead<'stage.finished'> {
  readonly index: number;
  readonly id: string;
  readonly status: StageEndStatus;
  readonly outcome: StageOutcome;
  readonly exit_code: number | null;
  readonly signal: string | null;
  /** Null when nobody was there to measure it. */
  readonly duration_ms: number | null;
  readonly summary: string | null;
  readonly reason: string | null;
  readonly log_path: string | null;
  readonly log_bytes: number | null;
  readonly log_omitted_bytes: number | null;
  readonly error_file: string | null;
  /** What a subpipeline's own run came to. */
  readonly child_run: ChildRun | null;
  /** The stage's files as its runner wrote them. */
  readonly artifacts?: readonly Artifact[] | undefined;
  readonly privacy?: StagePrivacy | null | undefined;
  /** What an agent loop came to; absent for other stages, null where its runner died. */
  readonly loop?: LoopFacts | null | undefined;
  /** What a gate came to; absent for other stages and without a verdict. */
  readonly gate?: GateRecord | null | undefined;
}

/** What was found in the output of a stage, over all its attempts. */
export interface StagePrivacy {
  readonly frames: number;
  readonly redacted_frames: number;
  readonly blocked_frames: number;
  /** Matches by rule. */
  readonly matches: Readonly<Record<string, number>>;
}

/**
 * What an agent loop goes by, before its first turn. A resume that goes on with it hands it the facts of
 * the one that began it, and of the iterations since.
 */
export interface LoopStartedEvent extends EventHead<'loop.started'> {
  readonly index: number;
  readonly id: string;
  /** Whether it goes on with the iterations of an earlier attempt; else it begins anew. */
  readonly continues: boolean;
  /** The loop's own; nothing else acts on them. */
  readonly facts: JsonObject;
}

/** An iteration of an agent loop has ended, and counts. */
export interface LoopIterationEvent extends EventHead<'loop.iteration'> {
  readonly index: number;
  readonly id: string;
  /** 1 for the first one; attempts that go on with a loop go on counting. */
  readonly n: number;
  /** The loop's own; nothing else acts on them. */
  readonly facts: JsonObject;
  /** The iteration's files, none of which changes any more. */
  readonly artifacts: readonly Artifact[];
}

/** An object of JSON values whose members are somebody else's. */
export type JsonObject = Readonly<Record<string, unknown>>;

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

/** The runner died. What whoever found that did about it; `run.finished` with `interrupted` follows. */
export interface RunRecoveredEvent extends EventHead<'run.recovered'> {
  readonly by: RunOwner;
  readonly reason: string;
  readonly last_seen_at: string;
  readonly torn_bytes: number;
  readonly torn_path: string | null;
  readonly lost_lines: number;
  readonly ended_groups: readonly EndedGroup[];
}

/** A further attempt begins where an earlier one ended without success. */
export interface RunResumedEvent extends EventHead<'run.resumed'> {
  /** Number of the attempt that begins. */
  readonly attempt: number;
  readonly owner: RunOwner;
  readonly tool: ToolIdentity;
  readonly actor: string;
  readonly reason: string;
  readonly detail: string | null;
  /** The stages as the plan has them now. */
  readonly stages: readonly PlannedStage[];
  /** Ids of the stages whose earlier end stands. */
  readonly kept: readonly string[];
  /** The others that had been begun, and why they run again. */
  readonly reset: readonly { readonly id: string; readonly reason: string }[];
  /** What differs from the plan that the run was started with, one sentence each. */
  readonly drift: readonly string[];
  /** Files of the stages that run again, moved out of the way; relative to the run's folder. */
  readonly moved: readonly MovedFile[];
  /** Time since the attempt before; never negative. */
  readonly gap_ms: number;
  readonly options: RunOptions;
}

export interface MovedFile {
  readonly from: string;
  readonly to: string;
}

/** Somebody wanted to resume the run and was not let. May follow the end. */
export interface ResumeRefusedEvent extends EventHead<'run.resume_refused'> {
  readonly actor: string;
  readonly reason: string;
  /** Why not, such as `RUN_SUCCEEDED`. */
  readonly code: string;
  readonly detail: string;
}

/**
 * The terminal event of an attempt: after it come only that the attempt is counted, a refused resume or
 * a further attempt.
 */
export interface RunFinishedEvent extends EventHead<'run.finished'> {
  readonly status: FinalStatus;
  readonly status_detail: string | null;
  readonly duration_ms: number;
  /** Sentences for the summary, put before those that follow from the stages. */
  readonly notes: readonly string[];
  /** The files of the run that no event before has named. */
  readonly artifacts?: readonly Artifact[] | undefined;
}

/** The attempt that has ended is counted, durably, in a history that others keep. Once per attempt. */
export interface RunRecordedEvent extends EventHead<'run.recorded'> {
  /** Number of the attempt that is counted. */
  readonly attempt: number;
  /** Which history, such as `metrics`. */
  readonly history: string;
}

export type RunEvent =
  | RunStartedEvent
  | StageStartedEvent
  | StageSpawnedEvent
  | StageRetriedEvent
  | StageFinishedEvent
  | LoopStartedEvent
  | LoopIterationEvent
  | StageSkippedEvent
  | RunCancellingEvent
  | RunRecoveredEvent
  | RunResumedEvent
  | ResumeRefusedEvent
  | RunFinishedEvent
  | RunRecordedEvent;

export type RunEventType = RunEvent['type'];

type WithoutHead<Event> = Event extends RunEvent
  ? Omit<Event, 'v' | 'seq' | 'at' | 'chain'>
  : never;

/** An event as a caller states it: the record adds version, number, time and chain. */
export type NewRunEvent = WithoutHead<
  Exclude<RunEvent, RunFinishedEvent | RunRecordedEvent | RunResumedEvent | RunStartedEvent>
>;

/** A further attempt as a caller states it. */
export type AttemptStart = Omit<WithoutHead<RunResumedEvent>, 'type'>;

/** How a run ended, as a caller states it. */
export type RunEnd = Omit<
  RunFinishedEvent,
  'v' | 'seq' | 'at' | 'type' | 'notes' | 'artifacts' | 'chain'
> & {
  /** @default [] */
  readonly notes?: readonly string[];
};
