import { csvHeader, csvRow } from '@codex-orchestrator/metrics';

import type { MetricsView, RowView } from './metrics-view.js';

const columns = [
  'pipeline',
  'stage',
  'runs',
  'succeeded',
  'failed',
  'success_rate',
  'mean_seconds',
  'p50_seconds',
  'p95_seconds',
  'p99_seconds',
] as const;

type Row = Readonly<Record<(typeof columns)[number], number | string | null>>;

/** A row for each pipeline, and under it one for each of its stages, as RFC 4180 has it. */
export function renderMetricsCsv({ pipelines }: MetricsView): string {
  const rows = pipelines.flatMap((pipeline) => [
    rowOf(pipeline.id, null, pipeline),
    ...pipeline.stages.map((stage) => rowOf(pipeline.id, stage.id, stage)),
  ]);
  return [csvHeader(columns), ...rows.map((row) => csvRow(row, columns))].join('');
}

function rowOf(pipeline: string | null, stage: string | null, row: RowView): Row {
  return {
    pipeline,
    stage,
    runs: row.runs,
    succeeded: row.succeeded,
    failed: row.failed,
    success_rate: row.successRate,
    mean_seconds: row.meanSeconds,
    p50_seconds: row.p50Seconds,
    p95_seconds: row.p95Seconds,
    p99_seconds: row.p99Seconds,
  };
}
