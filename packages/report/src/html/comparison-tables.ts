import type { Comparison, MetricComparison, RateComparison } from '../compare/comparison.js';
import { formatQuantity, formatRatio } from './format-quantity.js';
import { shortPath, shortText } from './plain-text.js';
import { html } from './safe-html.js';
import type { HtmlValue, SafeHtml } from './safe-html.js';
import { table } from './table.js';
import { verdictBadge } from './verdict-badge.js';

/** What is counted rather than timed, and how often runs succeeded. */
export function comparisonCounts({ metrics, rates }: Comparison): SafeHtml {
  const counts = metrics.filter(({ unit }) => unit !== 'ms');
  if (counts.length + rates.length === 0) return html`<p>No counts are known of these runs.</p>`;
  return table({
    caption: 'Medians of counts, and shares of runs',
    columns: [
      { header: 'What' },
      { header: 'Before', kind: 'number' },
      { header: 'After', kind: 'number' },
      { header: 'Change', kind: 'number' },
      { header: 'Verdict' },
      { header: 'Why' },
    ],
    rows: [...rates.map(rateRow), ...counts.map(countRow)],
    maxBytes: 20_000,
  });
}

/** Everything that was compared, as numbers. */
export function comparisonTable({ metrics }: Comparison): SafeHtml {
  return table({
    caption: 'What was compared, with n, medians, ratio and interval',
    columns: [
      { header: 'What' },
      { header: 'n', kind: 'number' },
      { header: 'Before', kind: 'number' },
      { header: 'After', kind: 'number' },
      { header: 'Ratio', kind: 'number' },
      { header: 'Interval', kind: 'number' },
      { header: 'Test', kind: 'number' },
      { header: 'Verdict' },
    ],
    rows: metrics.map(metricRow),
    maxRows: 120,
    maxBytes: 36_000,
  });
}

function metricRow(metric: MetricComparison): HtmlValue[] {
  const { name, before, after, ratio, interval, test, p, verdict } = metric;
  return [
    shortPath(name, 90),
    `${before.values.length} / ${after.values.length}`,
    medianOf(before, metric),
    medianOf(after, metric),
    ratio === null ? '–' : formatRatio(ratio),
    interval === null ? '–' : `${formatRatio(interval.lower)} to ${formatRatio(interval.upper)}`,
    [test ?? '–', p !== null && `p ${probability(p)}`].filter((text) => text).join(', '),
    verdictBadge(verdict),
  ];
}

function countRow(metric: MetricComparison): HtmlValue[] {
  const { name, before, after, ratio, verdict, reason } = metric;
  const change = ratio === null ? '–' : formatRatio(ratio);
  const medians = [medianOf(before, metric), medianOf(after, metric)];
  return [shortPath(name, 90), ...medians, change, verdictBadge(verdict), shortText(reason, 240)];
}

function rateRow({
  name,
  before,
  after,
  difference,
  verdict,
  reason,
}: RateComparison): HtmlValue[] {
  const points = difference === null ? '–' : signed(Math.round(difference * 1000) / 10);
  return [
    shortPath(name, 90),
    `${before.hits} of ${before.runs}`,
    `${after.hits} of ${after.runs}`,
    difference === null ? points : `${points} %`,
    verdictBadge(verdict),
    shortText(reason, 240),
  ];
}

function medianOf({ median }: MetricComparison['before'], { unit }: MetricComparison): string {
  return median === null ? '–' : formatQuantity(median, unit);
}

function signed(value: number): string {
  return value < 0 ? `−${Math.abs(value)}` : `+${value}`;
}

function probability(p: number): string {
  return p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`;
}
