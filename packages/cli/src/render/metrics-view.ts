import { flagOf, listOf, numberOf, recordOf, textOf } from './metrics-members.js';
import type { TrendPoint } from './metrics-sparkline.js';

/** What the documents of a task say, as far as each of them can be read. */
export interface MetricsView {
  readonly taskId: string;
  readonly runs: number;
  readonly succeeded: number;
  readonly successRate: number | null;
  /** Null where nothing says so. */
  readonly meetsSuccessRate: boolean | null;
  readonly pipelines: readonly PipelineView[];
  /** All pipelines together. */
  readonly totals: RowView | null;
  /** The last runs of all pipelines, oldest first. */
  readonly recent: readonly TrendPoint[];
  readonly trend: TrendView | null;
  readonly duration: DurationView | null;
  readonly completeness: CompletenessView | null;
  readonly baseline: Readonly<Record<string, unknown>> | null;
  readonly counted: CountedView | null;
}

/** A pipeline or a stage. */
export interface RowView {
  /** Null for runs that name no pipeline. */
  readonly id: string | null;
  readonly runs: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly successRate: number | null;
  readonly meanSeconds: number | null;
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  readonly p99Seconds: number | null;
}

export interface PipelineView extends RowView {
  readonly stages: readonly RowView[];
  /** Oldest first. */
  readonly recent: readonly TrendPoint[];
}

/** The latest runs beside those before them. */
export interface TrendView {
  readonly latest: TrendPartView;
  readonly previous: TrendPartView;
}

export interface TrendPartView {
  readonly runs: number;
  readonly successRate: number | null;
  readonly meanSeconds: number | null;
}

/** How long runs take on average, beside the baseline. */
export interface DurationView {
  readonly baselineSeconds: number | null;
  readonly meanSeconds: number | null;
  /** Positive where runs have become faster. */
  readonly reduction: number | null;
  readonly meetsThreshold: boolean | null;
}

export interface CompletenessView {
  readonly missingRatio: number | null;
  readonly meetsThreshold: boolean | null;
  readonly missing: readonly (readonly [field: string, count: number])[];
}

export interface CountedView {
  readonly lines: number;
  readonly damagedLines: number;
  readonly segments: number;
  readonly updatedAt: string;
}

/** The documents that the view is made of, as they were parsed. */
export interface MetricsDocuments {
  readonly baseline: unknown;
  readonly postRollout: unknown;
  readonly completeness: unknown;
  readonly mttrDelta: unknown;
  readonly summary: unknown;
  readonly checkpoint: CountedView | null;
}

export function viewMetrics(taskId: string, documents: MetricsDocuments): MetricsView {
  const rollout = recordOf(documents.postRollout);
  const { pipelines, last_runs: lastRuns, totals, trend } = recordOf(documents.summary);
  const recent = listOf(lastRuns).map(recordOf);
  return {
    taskId,
    runs: numberOf(rollout['total_runs']) ?? 0,
    succeeded: numberOf(rollout['succeeded_runs']) ?? 0,
    successRate: numberOf(rollout['completion_rate']),
    meetsSuccessRate: flagOf(rollout['meets_threshold']),
    pipelines: listOf(pipelines).map((pipeline) => viewPipeline(recordOf(pipeline), recent)),
    totals: totals === undefined ? null : viewRow(recordOf(totals), null),
    recent: recent.map(viewPoint),
    trend: trend === undefined ? null : viewTrend(recordOf(trend)),
    duration: documents.mttrDelta === null ? null : viewDuration(recordOf(documents.mttrDelta)),
    completeness:
      documents.completeness === null ? null : viewCompleteness(recordOf(documents.completeness)),
    baseline: documents.baseline === null ? null : recordOf(documents.baseline),
    counted: documents.checkpoint,
  };
}

type Members = Readonly<Record<string, unknown>>;

function viewPipeline(pipeline: Members, recent: readonly Members[]): PipelineView {
  const id = textOf(pipeline['pipeline_id']);
  return {
    ...viewRow(pipeline, id),
    stages: listOf(pipeline['stages'])
      .map(recordOf)
      .map((stage) => viewRow(stage, textOf(stage['id']))),
    recent: recent.filter((run) => textOf(run['pipeline_id']) === id).map(viewPoint),
  };
}

function viewRow(row: Members, id: string | null): RowView {
  const { p50, p95, p99, mean } = recordOf(row['duration_seconds']);
  return {
    id,
    runs: numberOf(row['runs']) ?? 0,
    succeeded: numberOf(row['succeeded']) ?? 0,
    failed: numberOf(row['failed']) ?? 0,
    successRate: numberOf(row['success_rate']),
    meanSeconds: numberOf(mean),
    p50Seconds: numberOf(p50),
    p95Seconds: numberOf(p95),
    p99Seconds: numberOf(p99),
  };
}

function viewPoint(run: Members): TrendPoint {
  return {
    durationSeconds: numberOf(run['duration_seconds']),
    isSuccess: run['status'] === 'succeeded',
  };
}

function viewTrend({ latest, previous }: Members): TrendView {
  return { latest: viewTrendPart(recordOf(latest)), previous: viewTrendPart(recordOf(previous)) };
}

function viewTrendPart(part: Members): TrendPartView {
  return {
    runs: numberOf(part['runs']) ?? 0,
    successRate: numberOf(part['success_rate']),
    meanSeconds: numberOf(part['mean_duration_seconds']),
  };
}

function viewDuration(delta: Members): DurationView {
  return {
    baselineSeconds: numberOf(delta['baseline_mttr_seconds']),
    meanSeconds: numberOf(delta['current_mttr_seconds']),
    reduction: numberOf(delta['reduction_percent']),
    meetsThreshold: flagOf(delta['meets_threshold']),
  };
}

function viewCompleteness(completeness: Members): CompletenessView {
  const counts = Object.entries(recordOf(completeness['missing_counts']));
  return {
    missingRatio: numberOf(completeness['missing_field_ratio']),
    meetsThreshold: flagOf(completeness['meets_threshold']),
    missing: counts.flatMap(([field, count]) => {
      const number = numberOf(count);
      return number === null || number === 0 ? [] : [[field, number] as const];
    }),
  };
}
