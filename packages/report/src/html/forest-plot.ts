import { bottomAxis } from './axis.js';
import { chart, pixels } from './chart.js';
import type { Canvas, ChartOptions, Drawing } from './chart.js';
import { formatRatio } from './format-quantity.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { logScale, ratioDomain, ratioTicks } from './scales.js';
import type { Scale } from './scales.js';
import { svgText, textWidth } from './svg-text.js';
import { verdictLook, words } from './verdict-badge.js';

/** A ratio with its interval; null where it could not be told. */
export interface ForestRow {
  readonly label: string;
  /** After to before, such as 1.03. */
  readonly ratio: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly verdict: string;
}

export interface ForestPlotOptions extends ChartOptions {
  /** Share around ×1 that counts as no difference, such as 0.1. */
  readonly margin: number;
  /** More rows than this are left out, and the note says so. @default 60 */
  readonly maxRows?: number;
}

interface Frame {
  readonly canvas: Canvas;
  readonly scale: Scale;
  readonly left: number;
  readonly right: number;
  readonly rowHeight: number;
}

/** Ratios with their intervals on one scale of ratios, over the band in which nothing has changed. */
export function forestPlot(
  rows: readonly ForestRow[],
  { margin, maxRows = 60, note, ...options }: ForestPlotOptions,
): SafeHtml {
  const shown = rows.slice(0, maxRows);
  const omitted = rows.length - shown.length;
  const sentences = [note, omitted > 0 && `${omitted} more rows are left out.`];
  return chart({
    ...options,
    note: sentences.filter((text) => text).join(' ') || undefined,
    description: shown
      .map((row) => `${row.label}: ${intervalText(row)}, ${words(row.verdict)}`)
      .join('; '),
    draw: (canvas) => drawForest(shown, margin, canvas),
  });
}

function drawForest(rows: readonly ForestRow[], margin: number, canvas: Canvas): Drawing {
  const { isNarrow, width, fontSize } = canvas;
  const left = isNarrow ? 10 : 250;
  const right = width - (isNarrow ? 10 : 310);
  const rowHeight = isNarrow ? 50 : 30;
  const ends = rows.flatMap(({ ratio, lower, upper }) => [ratio, lower, upper]);
  const known = ends.filter((end) => end !== null);
  const domain = ratioDomain([...known, 1 + margin * 1.4]);
  const scale = logScale(domain, [left, right]);
  const frame: Frame = { canvas, scale, left, right, rowHeight };
  const top = 4;
  const bottom = top + rows.length * rowHeight;
  const [from, to] = [scale(1 / (1 + margin)), scale(1 + margin)].map(pixels);
  const ticks = ratioTicks(domain, isNarrow ? 5 : 7);
  const band = html`<rect
    class="band"
    x="${from}"
    y="${top}"
    width="${pixels((to ?? 0) - (from ?? 0))}"
    height="${pixels(bottom - top)}"
  />`;
  const one = pixels(scale(1));
  return {
    height: bottom + fontSize * 2 + 20,
    body: html`${band}${bottomAxis({ scale, ticks, from: top, to: bottom, fontSize })}<path
        class="one"
        d="M${one} ${top}V${pixels(bottom)}"
      />
      ${rows.map((row, index) => drawRow(row, top + index * rowHeight, frame))}
      ${svgText('← less', { x: left, y: bottom + fontSize * 2 + 12, className: 'tick', fontSize })}${svgText('more →', { x: right, y: bottom + fontSize * 2 + 12, anchor: 'end', className: 'tick', fontSize })}`,
  };
}

function drawRow(row: ForestRow, top: number, frame: Frame): SafeHtml {
  const { canvas, left, right, rowHeight } = frame;
  const { fontSize, isNarrow, width } = canvas;
  const middle = isNarrow ? top + 36 : top + rowHeight / 2;
  const y = isNarrow ? top + 18 : middle + fontSize * 0.35;
  const { tone, icon } = verdictLook(row.verdict);
  const label = isNarrow
    ? svgText(row.label, { x: 6, y, fontSize, maxWidth: 158 })
    : svgText(row.label, { x: 4, y, fontSize, maxWidth: left - 20 });
  const sign = (x: number): SafeHtml =>
    html`<svg
      class="tone-${tone}"
      x="${pixels(x)}"
      y="${pixels(y - fontSize + 1)}"
      width="14"
      height="14"
    >
      <use href="#icon-${icon}" width="14" height="14"></use>
    </svg>`;
  const short = `${row.ratio === null ? '' : `${formatRatio(row.ratio)} `}${words(row.verdict)}`;
  const facts = isNarrow
    ? html`${svgText(short, { x: width - 6, y, anchor: 'end', className: 'fact', fontSize, maxWidth: 140 })}${sign(width - 26 - Math.min(140, textWidth(short, fontSize)))}`
    : html`${svgText(intervalText(row), { x: right + 16, y, className: 'fact', fontSize, maxWidth: 200 })}${sign(right + 206)}${svgText(words(row.verdict), { x: right + 224, y, className: 'fact', fontSize, maxWidth: 86 })}`;
  return html`<g>${label}${drawInterval(row, middle, frame)}${facts}</g> `;
}

function drawInterval(row: ForestRow, middle: number, { scale }: Frame): SafeHtml | undefined {
  const { ratio, lower, upper } = row;
  if (ratio === null) return undefined;
  const [x, from, to] = [ratio, lower ?? ratio, upper ?? ratio].map((end) => pixels(scale(end)));
  const y = pixels(middle);
  const tone = verdictLook(row.verdict).tone;
  const beyond = [
    isBeyond(lower ?? ratio, scale) &&
      html`<path class="interval" d="M${(from ?? 0) + 6} ${y - 5}l-6 5l6 5" />`,
    isBeyond(upper ?? ratio, scale) &&
      html`<path class="interval" d="M${(to ?? 0) - 6} ${y - 5}l6 5l-6 5" />`,
  ];
  return html`<path
      class="interval"
      d="M${from} ${y}H${to}M${from} ${y - 4}v8M${to} ${y - 4}v8"
    />${beyond}<path class="estimate tone-${tone}" d="M${x} ${y - 6}l6 6l-6 6l-6-6z" />`;
}

function isBeyond(end: number, { domain }: Scale): boolean {
  return !(end >= domain[0] * 0.999 && end <= domain[1] * 1.001);
}

function intervalText({ ratio, lower, upper }: ForestRow): string {
  if (ratio === null) return 'not known';
  if (lower === null || upper === null) return formatRatio(ratio);
  return `${formatRatio(ratio)} (${formatRatio(lower)} to ${formatRatio(upper)})`;
}
