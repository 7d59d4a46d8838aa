import { pixels, safeId } from './chart.js';
import { crosses, dots } from './dots.js';
import { formatQuantity, formatRatio } from './format-quantity.js';
import type { Unit } from './format-quantity.js';
import { legend } from './legend.js';
import { middleOf } from './middle-of.js';
import { shortText } from './plain-text.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { linearScale } from './scales.js';
import { svgText } from './svg-text.js';

/** How one thing was in earlier runs and is in this one. */
export interface Trend {
  readonly label: string;
  readonly unit: Unit;
  /** In the order of time; null where a run has no value. */
  readonly earlier: readonly { readonly value: number | null; readonly isFailed: boolean }[];
  readonly current: { readonly value: number | null; readonly isFailed: boolean };
}

export interface TrendChartsOptions {
  /** Of the group, once per page. */
  readonly id: string;
  readonly trends: readonly Trend[];
  /** More than these are left out, and a note says so. @default 24 */
  readonly maxTrends?: number;
  /** The latest of the earlier runs. @default 40 */
  readonly maxRuns?: number;
}

const [width, top, bottom] = [240, 16, 74];

/** One small chart per trend, all of the same size: a point per run, the median, and this run marked. */
export function trendCharts(options: TrendChartsOptions): SafeHtml {
  const { id, trends, maxTrends = 24, maxRuns = 40 } = options;
  const omitted = trends.length - maxTrends;
  const charts = trends
    .slice(0, maxTrends)
    .map((trend, index) => trendChart(trend, `${safeId(id)}-${index}`, maxRuns));
  return html`${legend([
      { sample: html`<path class="dot dot-earlier" d="M12 8h0" />`, label: 'earlier run' },
      { sample: html`<path class="cross" d="M9 5l6 6m0-6l-6 6" />`, label: 'failed' },
      { sample: html`<path class="median-line" d="M1 8h22" />`, label: 'median of earlier runs' },
      { sample: html`<circle class="current" cx="12" cy="8" r="5" />`, label: 'this run' },
    ])}
    <ul class="trends">
      ${charts}
    </ul>
    ${omitted > 0 && html`<p class="note">${omitted} more are left out.</p>`}`;
}

function trendChart(trend: Trend, id: string, maxRuns: number): SafeHtml {
  const earlier = trend.earlier.slice(-maxRuns);
  const passed = earlier.filter(({ isFailed }) => !isFailed).map(({ value }) => value);
  const median = middleOf(passed.filter((value) => value !== null));
  const facts = factsOf(trend, median);
  const label = shortText(trend.label, 48);
  return html`<li>
    <p class="trend-title">${label}</p>
    <svg viewBox="0 0 ${width} 92" role="img" aria-labelledby="${id}-title ${id}-desc">
      <title id="${id}-title">${label}</title>
      <desc id="${id}-desc">${facts}, ${earlier.length} earlier runs</desc>
      ${drawTrend(trend, earlier, median)}
    </svg>
    <p class="trend-facts">${facts}</p>
  </li> `;
}

function drawTrend(trend: Trend, earlier: Trend['earlier'], median: number | undefined): SafeHtml {
  const values = [...earlier, trend.current].map(({ value }) => value ?? 0);
  const highest = Math.max(...values.filter((value) => Number.isFinite(value)), 0);
  const y = linearScale([0, highest > 0 ? highest : 1], [bottom, top]);
  const x = linearScale([0, Math.max(1, earlier.length)], [8, width - 14]);
  const points = earlier.map(({ value, isFailed }, index) => ({
    x: x(index),
    y: y(value ?? 0),
    isFailed,
    isKnown: value !== null,
  }));
  const known = points.filter(({ isKnown }) => isKnown);
  const { value } = trend.current;
  const [cx, cy] = [pixels(x(earlier.length)), pixels(y(value ?? 0))];
  return html`<path
      class="grid"
      d="M4 ${bottom}H${width - 4}M4 ${top}H${width - 4}"
    />${svgText(formatQuantity(highest, trend.unit), { x: 4, y: top - 4, className: 'tick' })}${svgText('0', { x: 4, y: bottom + 14, className: 'tick' })}${svgText('runs →', { x: width - 4, y: bottom + 14, anchor: 'end', className: 'tick' })}${median !== undefined && html`<path class="median-line" d="M4 ${pixels(y(median))}H${width - 4}" />`}${dots(
      known.filter(({ isFailed }) => !isFailed),
      'dot dot-earlier',
    )}${crosses(
      known.filter(({ isFailed }) => isFailed),
      'cross',
    )}${value !== null && html`<circle class="current" cx="${cx}" cy="${cy}" r="5" />${trend.current.isFailed && crosses([{ x: cx, y: cy }], 'cross')}`}`;
}

function factsOf({ unit, current }: Trend, median: number | undefined): string {
  const now = current.value === null ? 'no value' : formatQuantity(current.value, unit);
  if (median === undefined) return now;
  const against = `median ${formatQuantity(median, unit)}`;
  if (current.value === null || !(median > 0)) return `${now}, ${against}`;
  return `${now}, ${formatRatio(current.value / median)} of ${against}`;
}
