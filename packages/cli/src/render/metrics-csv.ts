import type { MetricsView, RowView } from './metrics-view.js';

type Cell = number | string | null;

const columns: readonly string[] = [
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
];

/** A row for each pipeline, and under it one for each of its stages, as RFC 4180 has it. */
export function renderMetricsCsv({ pipelines }: MetricsView): string {
  const rows = pipelines.flatMap((pipeline) => [
    rowOf(pipeline.id, null, pipeline),
    ...pipeline.stages.map((stage) => rowOf(pipeline.id, stage.id, stage)),
  ]);
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function rowOf(pipeline: string | null, stage: string | null, row: RowView): Cell[] {
  const { runs, succeeded, failed, successRate } = row;
  const seconds = [row.meanSeconds, row.p50Seconds, row.p95Seconds, row.p99Seconds];
  return [pipeline, stage, runs, succeeded, failed, successRate, ...seconds];
}

/** Nothing that comes out is a text that a spreadsheet takes for a formula. */
function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
