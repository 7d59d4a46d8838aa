import type { ContextWarning, PromptPackUse } from './run-context.js';

/** Version of the manifest format that this package writes. */
export const manifestVersion = 1;

/** How a run can end. */
export const finalStatuses = [
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'interrupted',
] as const;
export type FinalStatus = (typeof finalStatuses)[number];

/** Where a run stands. `queued` is read, never written. */
export const runStatuses = ['queued', 'in_progress', ...finalStatuses] as const;
export type RunStatus = (typeof runStatuses)[number];

/** How a stage that ran can end. */
export const stageEndStatuses = [
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
  'interrupted',
] as const;
export type StageEndStatus = (typeof stageEndStatuses)[number];

/** Where a stage stands. A failure that was allowed counts as `skipped`; `reason` says so. */
export const stageStatuses = ['pending', 'running', ...stageEndStatuses] as const;
export type StageStatus = (typeof stageStatuses)[number];

export const stageKinds = ['command', 'subpipeline', 'rlm', 'gate'] as const;
export type StageKind = (typeof stageKinds)[number];

/**
 * How the last attempt of a stage came to its end. `interrupted`: its runner died first; `loop-ended`: an
 * agent loop came to a verdict, whichever it is.
 */
export const stageOutcomes = [
  'exited',
  'signalled',
  'timed-out',
  'silent',
  'cancelled',
  'interrupted',
  'spawn-failed',
  'child-run',
  'loop-ended',
  'gate-ended',
  'error',
] as const;
export type StageOutcome = (typeof stageOutcomes)[number];

/**
 * The record of one run as it lies in `manifest.json`: the fold of the run's journal.
 *
 * All times are ISO strings in UTC; all paths are relative to the repository root and use `/`. A
 * manifest that was read from disk can carry further members, which are kept as they were.
 */
export interface Manifest {
  readonly version: number;
  readonly task_id: string;
  readonly task_slug: string | null;
  readonly run_id: string;
  /** The run that started this one as a subpipeline. */
  readonly parent_run_id: string | null;
  readonly pipeline_id: string;
  readonly pipeline_title: string;
  /** Kind of runner; readers of this format expect `codex-cli`. */
  readonly runner: string;
  /** Which program wrote the record; null in records of other tools. */
  readonly tool: ToolIdentity | null;
  /** The process that runs it, or ran it; null in records of other tools. */
  readonly owner: RunOwner | null;
  /** 1 for the first try of the run, one more for every resume. */
  readonly attempt: number;
  readonly approval_policy: string | null;
  /** As recorded. Ask `effectiveStatus` whether anybody still runs it. */
  readonly status: RunStatus;
  /** Machine-readable detail such as `stage:build:failed`. */
  readonly status_detail: string | null;
  readonly started_at: string;
  readonly completed_at: string | null;
  /** Time of the last event of the journal that this record contains. */
  readonly updated_at: string;
  /** When the owner last said that it is alive. */
  readonly heartbeat_at: string | null;
  readonly heartbeat_interval_seconds: number;
  readonly heartbeat_stale_after_seconds: number;
  /**
   * From the first start to the last end, gaps between attempts included; null while the run is not
   * finished. Each attempt is measured on the monotonic clock, so a jump of the wall clock shows in
   * gaps alone, and those are never negative.
   */
  readonly duration_ms: number | null;
  /** Seconds in which an attempt of the run was going on; null before the first one has ended. */
  readonly active_seconds: number | null;
  /** Seconds between attempts, in which nobody ran it. */
  readonly gap_seconds: number;
  readonly artifact_root: string;
  readonly compat_path: string;
  /** The journal. */
  readonly log_path: string;
  /** The repository root, absolute. */
  readonly workspace_path: string | null;
  /** What a person should know, one sentence per line; filled when the run ends. */
  readonly summary: string | null;
  /** Whether the latest attempt, once it has ended, is counted in a history that others keep. */
  readonly metrics_recorded: boolean;
  /** Always null: the token never lies in the manifest. */
  readonly resume_token: string | null;
  readonly resume_events: readonly ResumeEvent[];
  /** When somebody found the runner dead and sealed the record in its place. */
  readonly recoveries: readonly Recovery[];
  readonly approvals: readonly Approval[];
  /** The stages in the order of the plan. */
  readonly commands: readonly StageRecord[];
  readonly child_runs: readonly ChildRun[];
  readonly run_summary_path: string | null;
  readonly plan_target_id: string | null;
  /** What the run was started with, as far as it changes what the run does. */
  readonly options: RunOptions;
  readonly instructions_hash: string | null;
  readonly instructions_sources: readonly string[];
  /** The prompt packs that the run was given; absent where there were none. */
  readonly prompt_packs?: readonly PromptPackUse[] | undefined;
  /** What of instructions and prompt packs was left out, and why; absent where nothing was. */
  readonly context_warnings?: readonly ContextWarning[] | undefined;
  readonly guardrails_required: boolean;
  /** Null until the run ends. */
  readonly guardrail_status: GuardrailStatus | null;
  readonly handles: readonly unknown[];
  /** What was taken out of the stages' output; null where nobody looked. */
  readonly privacy: Privacy | null;
  /** Files of the run with what they held when they were written. */
  readonly artifacts: readonly Artifact[];
  /** How far this snapshot follows the journal; null in records without a chain. */
  readonly journal: JournalAnchor | null;
  /** What recording the run cost; null in records of other tools. */
  readonly observability: Observability | null;
  /** SHA-256 of the file's text without this member, on disk alone; absent in older records. */
  readonly checksum?: string | null | undefined;
}

export interface StageRecord {
  /** 1 for the first stage. */
  readonly index: number;
  readonly id: string;
  readonly title: string;
  /** The shell line or the arguments as one line; null for whatever is no command. */
  readonly command: string | null;
  readonly kind: StageKind;
  readonly status: StageStatus;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  /** 128+n after signal n, 124 after a timeout; null when nothing was started. */
  readonly exit_code: number | null;
  readonly summary: string | null;
  readonly log_path: string | null;
  readonly error_file: string | null;
  readonly sub_run_id: string | null;
  readonly outcome: StageOutcome | null;
  /** Why the status is what it is when the outcome does not say it, such as `allow-failure`. */
  readonly reason: string | null;
  readonly signal: string | null;
  /** All attempts and the waits between them, on the monotonic clock. */
  readonly duration_ms: number | null;
  /** Attempts begun. */
  readonly attempts: number;
  /** Ids of the stages that had to come first; null where the order of the plan decides. */
  readonly needs: readonly string[] | null;
  readonly allow_failure: boolean;
  readonly log_bytes: number | null;
  /** Bytes of output that the log's size limit left out. */
  readonly log_omitted_bytes: number | null;
  /** Digest of what the plan says about the stage; a stage of another definition is another stage. */
  readonly definition_hash: string | null;
  /** Digest of the declared inputs as they were at the start; null without declared inputs. */
  readonly inputs_hash: string | null;
  /** The process group of the latest attempt; of a loop, that of the process that it started last. */
  readonly process: StageProcess | null;
  /** What an agent loop came to; absent for other stages, and for a loop that has no end of its own. */
  readonly loop?: LoopFacts | null | undefined;
  /** What a gate came to; absent for other stages, and for a gate that came to no verdict. */
  readonly gate?: GateRecord | null | undefined;
}

/** What a gate came to. */
export interface GateRecord {
  /** Which one, such as `diff-budget`. */
  readonly name: string;
  /** Such as `passed`, `failed`, `overridden`, `not_applicable`, `not_reviewed`. */
  readonly outcome: string;
  /** Whether its verdict was only reported. */
  readonly dry_run: boolean;
  /** How many it found. */
  readonly findings: number;
  /** Reason that somebody gave to let it through; null without one. */
  readonly override: string | null;
  /** What was looked at and counted, in the gate's own words. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What an agent loop came to, over all iterations that its verdict rests on. */
export interface LoopFacts {
  /** Why it ended, such as `passed` or `max_iterations`. */
  readonly verdict: string;
  /** Name of the agent that worked on the goal. */
  readonly agent: string;
  readonly iterations: number;
  /** Number of the iteration that came closest to the goal; null where nobody can say. */
  readonly best_iteration: number | null;
  /** All that was sent to the agent's model, cached or not. */
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  /** In US dollars, by the agent's own account; 0 where it states none. */
  readonly cost_usd: number;
  readonly tool_calls: number;
  /** Hotspots that were reported. */
  readonly findings: number;
  /** The branch that has the result; null where the work was done in the repository itself. */
  readonly branch: string | null;
}

/** The leader of the process group that a stage's command runs in. */
export interface StageProcess {
  readonly pid: number;
  readonly process_group: number;
  /** Opaque stamp that tells this process from a later one with the same pid. */
  readonly started_at: string | null;
}

/** A file and what it held. */
export interface Artifact {
  /** Relative to the run's folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Of the whole file, in hex. */
  readonly sha256: string;
}

/** A place in the journal: everything up to it is what the manifest was folded from. */
export interface JournalAnchor {
  readonly lines: number;
  readonly bytes: number;
  /** The chain value of the last line. */
  readonly head: string;
}

export interface Recovery {
  readonly timestamp: string;
  readonly by: RunOwner;
  /** What showed that nobody ran it any more, such as `owner-dead`. */
  readonly reason: string;
  /** The last sign of life before. */
  readonly last_seen_at: string;
  /** Bytes of a line whose writing was cut short; they were kept in a file beside the journal. */
  readonly torn_bytes: number;
  readonly torn_path: string | null;
  /** Lines that the manifest on disk vouched for and the journal no longer had. */
  readonly lost_lines: number;
  /** Process groups of the run that were still there, and what it took to end them. */
  readonly ended_groups: readonly EndedGroup[];
}

export interface EndedGroup {
  readonly process_group: number;
  readonly outcome: 'terminated' | 'killed' | 'survived';
}

export const privacyModes = ['enforce', 'shadow'] as const;
/** Whether secrets are taken out or only counted. */
export type PrivacyMode = (typeof privacyModes)[number];

export interface Privacy {
  readonly mode: PrivacyMode;
  /** One per stage and rule. What was allowed shows in the totals alone. */
  readonly decisions: readonly PrivacyDecision[];
  /** A frame is a piece of output as it arrived. */
  readonly totals: {
    readonly total_frames: number;
    readonly redacted_frames: number;
    readonly blocked_frames: number;
    readonly allowed_frames: number;
  };
  readonly log_path?: string | null | undefined;
}

export interface PrivacyDecision {
  readonly handle_id: string;
  /** 1 for the first decision of the run. */
  readonly sequence: number;
  /** `allow` is read, never written. */
  readonly action: 'allow' | 'redact' | 'block';
  readonly rule?: string | null | undefined;
  readonly reason?: string | null | undefined;
  readonly timestamp: string;
  readonly stage_id?: string | null | undefined;
  /** How often the rule matched in the stage. */
  readonly count?: number | undefined;
}

export interface RunOwner {
  readonly pid: number;
  /** Opaque stamp that tells this process from a later one with the same pid. */
  readonly process_started_at: string | null;
  readonly boot_id: string | null;
  readonly host: string;
  /** The namespaces that pid and stamp are relative to; null where the system has none. */
  readonly namespace: string | null;
}

export interface ToolIdentity {
  readonly name: string;
  readonly version: string;
  /** Version of Node. */
  readonly node: string;
  readonly platform: string;
}

/** Counts up to and including the write of the manifest that they stand in. */
export interface Observability {
  readonly manifest_writes: number;
  readonly manifest_bytes: number;
  readonly journal_lines: number;
  readonly journal_bytes: number;
  readonly fsyncs: number;
}

export interface ChildRun {
  readonly run_id: string;
  readonly pipeline_id: string;
  readonly status: RunStatus;
  /** Path of the child's manifest. */
  readonly manifest: string;
}

export interface GuardrailStatus {
  /** Whether at least one guard stage succeeded. */
  readonly present: boolean;
  readonly recommendation: string | null;
  readonly summary: string;
  readonly computed_at: string;
  readonly counts: GuardrailCounts;
}

export interface GuardrailCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly other: number;
}

export interface ResumeEvent {
  readonly timestamp: string;
  readonly actor: string;
  readonly reason: string;
  readonly outcome: 'accepted' | 'blocked';
  readonly detail?: string | null | undefined;
}

export interface Approval {
  readonly actor: string;
  readonly timestamp: string;
  readonly reason?: string | null | undefined;
}

export type RunOptions = Readonly<Record<string, string | number | boolean | null>>;

/** Whether a run with this recorded status has ended. */
export function isFinalStatus(status: RunStatus): status is FinalStatus {
  return (finalStatuses as readonly RunStatus[]).includes(status);
}
