import type { EpochOutput } from './epochs.js';
import type { FirstEntry } from './first-entry.js';

/** The run that later ones are compared with. */
export interface BaselineDocument extends FirstEntry {
  /** `first-entry` unless somebody chose the run. */
  readonly source?: 'first-entry' | 'set';
  readonly set_at?: string;
  readonly actor?: string;
  readonly reason?: string;
}

interface Dated {
  /** When the content was computed. It says nothing about the history: comparisons leave it out. */
  readonly updated_at: string;
}

export interface PostRolloutDocument extends Dated {
  readonly total_runs: number;
  readonly succeeded_runs: number;
  /** A fraction. */
  readonly completion_rate: number;
  /** Whether the rate is 0.95 or more. */
  readonly meets_threshold: boolean;
}

export interface CompletenessDocument extends Dated {
  readonly checked_fields: readonly (keyof CompletenessDocument['missing_counts'])[];
  readonly missing_counts: {
    readonly instance_stats: number;
    readonly privacy_events: number;
    readonly control_plane_status: number;
  };
  /** Missing fields of all that were checked, as a fraction. */
  readonly missing_field_ratio: number;
  /** Whether the ratio is below 0.05. */
  readonly meets_threshold: boolean;
}

export interface PerEpochDocument extends Dated {
  readonly epochs: readonly EpochOutput[];
}

/** The names are those of the format; what they call time to recovery is the mean duration of runs. */
export interface MttrDeltaDocument extends Dated {
  readonly baseline_mttr_seconds: number;
  readonly current_mttr_seconds: number;
  /** A fraction, no percentage. */
  readonly reduction_percent: number;
  /** Whether the current one is at most 0.6 of that of the baseline. */
  readonly meets_threshold: boolean;
}

export interface LearningStateDocument extends Dated {
  readonly safety: {
    readonly validation: {
      readonly passed: number;
      readonly failed: number;
      readonly stalled: number;
      readonly manual: number;
    };
    readonly reviewer: {
      readonly rejections: number;
      readonly average_latency_ms: number | null;
    };
    readonly regression_detection: { readonly detected: number };
    readonly pattern_hygiene: { readonly promoted: number; readonly deprecated: number };
  };
  readonly throughput: { readonly candidates: number };
  readonly alerts: {
    readonly total: number;
    readonly snapshot_failed: number;
    readonly stalled_snapshot: number;
    readonly needs_manual_scenario: number;
  };
}

/** Durations in seconds; quantiles are null where there is no duration. */
export interface DurationsDocument {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

export interface StageDocument {
  readonly id: string;
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly attempts: number;
  /** Of those that were not skipped; null where all were. */
  readonly success_rate: number | null;
  readonly duration_seconds: DurationsDocument;
}

export interface RunsDocument {
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly success_rate: number;
  readonly duration_seconds: DurationsDocument;
}

export interface PipelineDocument extends RunsDocument {
  /** Null for runs that name no pipeline; `(other)` for those that came after too many others. */
  readonly pipeline_id: string | null;
  readonly stages: readonly StageDocument[];
}

export interface LastRunDocument {
  readonly run_id: string;
  readonly attempt: number;
  readonly pipeline_id: string | null;
  readonly status: string;
  readonly recorded_at: string;
  readonly duration_seconds: number | null;
}

/** Runs in a row. */
export interface TrendPartDocument {
  readonly runs: number;
  readonly success_rate: number | null;
  readonly mean_duration_seconds: number | null;
}

export interface SummaryDocument extends Dated {
  readonly totals: RunsDocument;
  /** How far the quantiles may lie from the true ones. */
  readonly quantile_relative_error: number;
  /** In the order in which they were first seen. */
  readonly pipelines: readonly PipelineDocument[];
  /** The last twenty, oldest first. */
  readonly last_runs: readonly LastRunDocument[];
  /** The last ten of them, and those before. */
  readonly trend: { readonly latest: TrendPartDocument; readonly previous: TrendPartDocument };
}

/** What is written from a history that has entries. */
export interface Documents {
  /** From the first entry; missing where there is a baseline already. */
  readonly baseline?: BaselineDocument;
  readonly postRollout: PostRolloutDocument;
  readonly completeness: CompletenessDocument;
  /** Missing where no run names an epoch. */
  readonly perEpoch?: PerEpochDocument;
  /** Missing where no run has a duration. */
  readonly mttrDelta?: MttrDeltaDocument;
  readonly learningState: LearningStateDocument;
  readonly summary: SummaryDocument;
}
