import type { Colors } from './colors.js';
import { sourceWords } from './metrics-baseline.js';
import { textOf } from './metrics-members.js';
import { countOf, formatCount, formatSeconds, formatShare } from './metrics-numbers.js';
import { sparkline } from './metrics-sparkline.js';
import type { Bars } from './metrics-sparkline.js';
import { renderTable } from './metrics-table.js';
import type { Column } from './metrics-table.js';
import type {
  CompletenessView,
  CountedView,
  DurationView,
  MetricsView,
  RowView,
  TrendView,
} from './metrics-view.js';
import { printableLine } from './printable.js';
import type { Line, Span } from './styled-line.js';

export interface ShowOptions {
  readonly bars: Bars;
  readonly showsStages: boolean;
  /** Whether everything in the history is counted. */
  readonly isCurrent: boolean;
}

const labelWidth = 14;
const maxIdColumns = 48;
const maxColumns = 200;

const columns: readonly Column[] = [
  { title: 'PIPELINE' },
  { title: 'RUNS', align: 'right' },
  { title: 'SUCCESS', align: 'right' },
  { title: 'MEAN', align: 'right' },
  { title: 'P50', align: 'right' },
  { title: 'P95', align: 'right' },
  { title: 'P99', align: 'right' },
  { title: 'LAST RUNS' },
];

/** What is known of the runs of a task, for people: a line for each fact, then one for each pipeline. */
export function renderMetrics(view: MetricsView, options: ShowOptions): Line[] {
  if (view.runs === 0) return renderNothing(view, options);
  const rows = tableRows(view, options);
  return [
    fact('Task', view.taskId),
    fact('Runs', runWords(view)),
    ...(view.duration === null ? [] : [fact('Duration', durationWords(view.duration))]),
    ...(view.trend === null || view.trend.previous.runs === 0
      ? []
      : [fact('Trend', trendWords(view.trend))]),
    ...(view.recent.length === 0 ? [] : [fact('Last runs', sparkline(view.recent, options.bars))]),
    ...(view.baseline === null ? [] : [fact('Baseline', baselineWords(view.baseline))]),
    ...(view.completeness === null
      ? []
      : [fact('Completeness', completenessWords(view.completeness))]),
    ...(view.counted === null ? [] : [fact('History', historyWords(view.counted))]),
    ...(rows.length === 0 ? [] : ['', ...renderTable(columns, rows)]),
    ...renderNext(view, options),
  ];
}

function renderNothing(view: MetricsView, options: ShowOptions): Line[] {
  return [`No run of task ${view.taskId} is counted yet`, ...renderNext(view, options)];
}

function fact(label: string, text: string | readonly Span[]): Line {
  const spans = typeof text === 'string' ? [printableLine(text, maxColumns)] : text;
  return [`${label}:`.padEnd(labelWidth), ...spans];
}

function runWords({ runs, succeeded, successRate, meetsSuccessRate }: MetricsView): Span[] {
  const share = formatShare(successRate);
  return [
    `${formatCount(runs)}, ${formatCount(succeeded)} of them succeeded (`,
    meetsSuccessRate === null ? share : { text: share, style: judged(meetsSuccessRate) },
    ')',
  ];
}

function durationWords({ baselineSeconds, meanSeconds, reduction }: DurationView): Span[] {
  const mean = `${formatSeconds(meanSeconds)} on average`;
  if (reduction === null || baselineSeconds === null) return [mean];
  return [
    `${mean}, `,
    changeWords(-reduction),
    ` than the baseline (${formatSeconds(baselineSeconds)})`,
  ];
}

/** The latest runs beside those before them. */
function trendWords({ latest, previous }: TrendView): Span[] {
  const success = `${formatShare(latest.successRate)} succeeded`;
  const mean = `last ${countOf(latest.runs, 'run')}: ${formatSeconds(latest.meanSeconds)} on average`;
  const change = changeOf(latest.meanSeconds, previous.meanSeconds);
  return [
    `${mean}, `,
    ...(change === null
      ? []
      : [changeWords(change), ` than the ${formatCount(previous.runs)} before, `]),
    `${success} (${formatShare(previous.successRate)} before)`,
  ];
}

function changeOf(latest: number | null, previous: number | null): number | null {
  return latest === null || previous === null || previous <= 0 ? null : latest / previous - 1;
}

/** What is less than this is no change. */
const noticeableChange = 0.001;

/** @param change A fraction, positive where runs have become slower. */
function changeWords(change: number): Span {
  if (Math.abs(change) < noticeableChange) return 'no slower';
  const isSlower = change > 0;
  const text = `${formatShare(Math.abs(change))} ${isSlower ? 'slower' : 'faster'}`;
  return { text, style: isSlower ? 'yellow' : 'green' };
}

function baselineWords(baseline: NonNullable<MetricsView['baseline']>): string {
  const { run_id: runId, status } = baseline;
  return `${textOf(runId) ?? 'unknown'}, ${textOf(status) ?? 'unknown'}, ${sourceWords(baseline)}`;
}

function completenessWords({ missingRatio, meetsThreshold, missing }: CompletenessView): Span[] {
  const share = formatShare(missingRatio === null ? null : 1 - missingRatio);
  const fields = missing.map(
    ([field, count]) => `${printableLine(field, 60)} ${formatCount(count)}`,
  );
  return [
    meetsThreshold === null ? share : { text: share, style: judged(meetsThreshold) },
    fields.length === 0 ? '' : `; missing: ${fields.join(', ')}`,
  ];
}

function historyWords({ lines, damagedLines, segments, updatedAt }: CountedView): Span[] {
  const damage = `${countOf(damagedLines, 'line')} damaged`;
  return [
    `${countOf(lines, 'line')} in ${countOf(segments, 'file')}`,
    ...(damagedLines === 0 ? [] : [', ', { text: damage, style: 'yellow' } as const]),
    `, counted ${printableLine(updatedAt, 40)}`,
  ];
}

function tableRows(
  { pipelines, totals }: MetricsView,
  { bars, showsStages }: ShowOptions,
): Line[][] {
  const rows = pipelines.flatMap((pipeline) => {
    const stages = showsStages ? pipeline.stages : [];
    return [
      [...cells(pipeline, pipeline.id ?? '(none)'), sparkline(pipeline.recent, bars)],
      ...stages.map((stage) => cells(stage, stage.id ?? '(none)', '  ')),
    ];
  });
  return totals === null || pipelines.length < 2 ? rows : [...rows, cells(totals, '(all)')];
}

function cells(row: RowView, name: string, indent = ''): Line[] {
  const { runs, successRate, meanSeconds, p50Seconds, p95Seconds, p99Seconds } = row;
  const seconds = [meanSeconds, p50Seconds, p95Seconds, p99Seconds];
  return [
    `${indent}${printableLine(name, maxIdColumns)}`,
    formatCount(runs),
    [{ text: formatShare(successRate), style: rateStyle(successRate) }],
    ...seconds.map(formatSeconds),
  ];
}

/** As the threshold for all runs has it, with a step below it. */
function rateStyle(rate: number | null): keyof Colors {
  if (rate === null) return 'dim';
  if (rate >= 0.95) return 'green';
  return rate >= 0.8 ? 'yellow' : 'red';
}

function judged(isMet: boolean): keyof Colors {
  return isMet ? 'green' : 'yellow';
}

function renderNext({ taskId, counted }: MetricsView, { isCurrent }: ShowOptions): Line[] {
  const isDamaged = counted !== null && counted.damagedLines > 0;
  if (isCurrent && !isDamaged) return [];
  return [
    '',
    ...(isCurrent ? [] : ['The history has lines that are not counted yet.']),
    'Next:',
    ...(isCurrent ? [] : [`  codex-orchestrator metrics update --task ${taskId}`]),
    ...(isDamaged ? [`  codex-orchestrator metrics doctor --task ${taskId}`] : []),
  ];
}
