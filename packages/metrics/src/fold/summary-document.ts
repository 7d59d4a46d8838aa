import type { Finished } from './built-in.js';
import type {
  LastRunDocument,
  PipelineDocument,
  RunsDocument,
  StageDocument,
  SummaryDocument,
  TrendPartDocument,
} from './document-types.js';
import { QUANTILE_RELATIVE_ERROR } from './duration-key.js';
import { ExactSums } from './exact-sum.js';
import type { PipelineSummary, StageSummary } from './pipeline-cell.js';
import type { RecentRun } from './recent-runs.js';
import type { Summary } from './summary.js';

/** Of the recent runs, how many are compared with those before. */
const LATEST_RUNS = 10;

export function summaryDocument(
  { summary, recentRuns }: Pick<Finished, 'summary' | 'recentRuns'>,
  updatedAt: string,
): SummaryDocument {
  return {
    totals: runsDocument(summary),
    quantile_relative_error: QUANTILE_RELATIVE_ERROR,
    pipelines: summary.pipelines.map(pipelineDocument),
    last_runs: recentRuns.map(lastRunDocument),
    trend: {
      latest: trendPart(recentRuns.slice(-LATEST_RUNS)),
      previous: trendPart(recentRuns.slice(0, -LATEST_RUNS)),
    },
    updated_at: updatedAt,
  };
}

function runsDocument(counted: Summary | PipelineSummary): RunsDocument {
  return {
    runs: counted.runs,
    succeeded: counted.succeeded,
    failed: counted.failed,
    cancelled: counted.cancelled,
    success_rate: counted.succeeded / counted.runs,
    duration_seconds: counted.durations,
  };
}

function pipelineDocument(pipeline: PipelineSummary): PipelineDocument {
  return {
    pipeline_id: pipeline.id,
    ...runsDocument(pipeline),
    stages: pipeline.stages.map(stageDocument),
  };
}

function stageDocument(stage: StageSummary): StageDocument {
  const executed = stage.runs - stage.skipped;
  return {
    id: stage.id,
    runs: stage.runs,
    succeeded: stage.succeeded,
    failed: stage.failed,
    skipped: stage.skipped,
    attempts: stage.attempts,
    success_rate: executed > 0 ? stage.succeeded / executed : null,
    duration_seconds: stage.durations,
  };
}

function lastRunDocument(run: RecentRun): LastRunDocument {
  return {
    run_id: run.runId,
    attempt: run.attempt,
    pipeline_id: run.pipelineId,
    status: run.status,
    recorded_at: run.recordedAt,
    duration_seconds: run.durationSeconds,
  };
}

function trendPart(runs: readonly RecentRun[]): TrendPartDocument {
  const succeeded = runs.filter(({ status }) => status === 'succeeded').length;
  return {
    runs: runs.length,
    success_rate: runs.length > 0 ? succeeded / runs.length : null,
    mean_duration_seconds: meanOf(runs.map(({ durationSeconds }) => durationSeconds)),
  };
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  const sums = new ExactSums(1);
  for (const value of known) sums.add(0, value);
  return sums.read(0) / known.length;
}
