import { line } from 'd3-shape';

import { bottomAxis, labelRoom, leftAxis } from './axis.js';
import { chart } from './chart.js';
import type { Canvas, ChartOptions, Drawing } from './chart.js';
import { dots } from './dots.js';
import { formatQuantity } from './format-quantity.js';
import type { Unit } from './format-quantity.js';
import { legend } from './legend.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { domainOf, linearScale, linearTicks } from './scales.js';
import { svgText } from './svg-text.js';

/** Values over something that grows, such as time, size or the number of a run. */
export interface LineSeries {
  readonly label: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface LineChartOptions extends ChartOptions {
  /** At most five are drawn, of 400 points each, and the note says so. */
  readonly series: readonly LineSeries[];
  readonly xUnit: Unit;
  readonly yUnit: Unit;
  /** What the axis shows, such as `input`. */
  readonly xLabel: string;
  /** Values of the axis where something changed, drawn as upright lines. */
  readonly changes?: readonly number[];
}

const maxPoints = 400;

/** Lines with a point at each value; the scale begins at zero unless the values are far from it. */
export function lineChart({ series, note, ...options }: LineChartOptions): SafeHtml {
  const shown = series.slice(0, 5).map(usable);
  const isCut = series.length > 5 || series.some(({ points }) => points.length > maxPoints);
  const cut =
    isCut && `At most five series of ${maxPoints} points each are drawn; the rest is left out.`;
  const { changes = [] } = options;
  return chart({
    ...options,
    note: [note, cut].filter((text) => text).join(' ') || undefined,
    description: shown.map((one) => describe(one, options.yUnit)).join(' '),
    legend: legend([
      ...shown.map(({ label }, index) => ({
        sample: html`<path class="line line-${index}" d="M1 8h22" /><path
            class="dot dot-${index}"
            d="M12 8h0"
          />`,
        label,
      })),
      changes.length > 0 && { sample: html`<path class="change" d="M12 1v14" />`, label: 'change' },
    ]),
    draw: (canvas) => drawLines(shown, { ...options, changes, canvas }),
  });
}

function usable({ label, points }: LineSeries): LineSeries {
  const known = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  const step = Math.max(1, Math.ceil(known.length / maxPoints));
  return { label, points: known.filter((_, index) => (known.length - 1 - index) % step === 0) };
}

interface LinesFrame extends Omit<LineChartOptions, 'series'> {
  readonly changes: readonly number[];
  readonly canvas: Canvas;
}

function drawLines(series: readonly LineSeries[], frame: LinesFrame): Drawing {
  const { canvas, xUnit, yUnit, xLabel, changes } = frame;
  const { width, fontSize, isNarrow } = canvas;
  const [top, bottom] = [12, isNarrow ? 200 : 260];
  const points = series.flatMap(({ points: own }) => own);
  const xs = domainOf(points.map(({ x }) => x));
  const [low, high] = domainOf(points.map(({ y }) => y));
  const room = (high - low) * 0.08 || Math.abs(high) * 0.05;
  const ys: [number, number] = [low >= 0 && low < high * 0.5 ? 0 : low - room, high + room];
  const y = linearScale(ys, [bottom, top]);
  const yTicks = linearTicks(ys, 5, yUnit);
  const left = labelRoom(yTicks, fontSize);
  const x = linearScale(xs, [left + 8, width - 28]);
  const xTicks = linearTicks(xs, isNarrow ? 3 : 6, xUnit);
  const draw = line<{ x: number; y: number }>()
    .x((point) => x(point.x))
    .y((point) => y(point.y))
    .digits(1);
  const marks = changes
    .filter((value) => value >= xs[0] && value <= xs[1])
    .slice(0, 50)
    .map((value) => html`<path class="change" d="M${Math.round(x(value))} ${top}V${bottom}" />`);
  const drawn = series.map(
    ({ points: own }, index) =>
      html`<path class="line line-${index}" d="${draw([...own]) ?? ''}" />${dots(
          own.map((point) => ({ x: x(point.x), y: y(point.y) })),
          `dot dot-${index}`,
        )}`,
  );
  return {
    height: bottom + fontSize * 2 + 18,
    body: html`${bottomAxis({ scale: x, ticks: xTicks, from: top, to: bottom, fontSize })}${leftAxis({ scale: y, ticks: yTicks, from: left, to: width - 16, fontSize })}${marks}${drawn}${svgText(`${xLabel} →`, { x: width - 16, y: bottom + fontSize * 2 + 12, anchor: 'end', className: 'tick', fontSize })}`,
  };
}

function describe({ label, points }: LineSeries, unit: Unit): string {
  const [low, high] = domainOf(points.map(({ y }) => y));
  const last = points.at(-1);
  if (!last) return `${label}: no points.`;
  return `${label}: ${points.length} points from ${formatQuantity(low, unit)} to ${formatQuantity(high, unit)}, the last ${formatQuantity(last.y, unit)}.`;
}
