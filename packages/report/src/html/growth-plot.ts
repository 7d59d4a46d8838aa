import { line } from 'd3-shape';

import { bottomAxis, labelRoom, leftAxis } from './axis.js';
import { chart, pixels } from './chart.js';
import type { Canvas, ChartOptions, Drawing } from './chart.js';
import { dots } from './dots.js';
import { formatQuantity, rounded } from './format-quantity.js';
import type { Unit } from './format-quantity.js';
import { legend } from './legend.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { domainOf, logScale, logTicks } from './scales.js';
import { svgText } from './svg-text.js';

/** How a cost was at several sizes. */
export interface GrowthSeries {
  readonly label: string;
  readonly points: readonly { readonly size: number; readonly cost: number }[];
}

export interface GrowthPlotOptions extends ChartOptions {
  /** At most five are drawn, and the note says so. */
  readonly series: readonly GrowthSeries[];
  /** The exponent that is promised: 0 for a cost that does not grow, 1 for one in proportion. */
  readonly promised: number;
  /** @default 'count' */
  readonly sizeUnit?: Unit;
  /** @default 'count' */
  readonly costUnit?: Unit;
}

interface Frame {
  readonly canvas: Canvas;
  readonly promised: number;
  readonly sizeUnit: Unit;
  readonly costUnit: Unit;
}

/**
 * Costs over sizes, both logarithmic, so that a power is a straight line; from the first point of each
 * series on, the slope that is promised. A cost of 0 counts as 1.
 */
export function growthPlot(options: GrowthPlotOptions): SafeHtml {
  const { series, promised, sizeUnit = 'count', costUnit = 'count', note, ...rest } = options;
  const shown = series.slice(0, 5).map(usable);
  const omitted = series.length - shown.length;
  const sentences = [note, omitted > 0 && `${omitted} more series are left out.`];
  return chart({
    ...rest,
    note: sentences.filter((text) => text).join(' ') || undefined,
    description: `Promised: size to the power of ${rounded(promised, 3)}. ${shown.map((one) => describe(one, sizeUnit, costUnit)).join(' ')}`,
    legend: legend([
      ...shown.map(({ label }, index) => ({
        sample: html`<path class="line line-${index}" d="M1 8h22" /><path
            class="dot dot-${index}"
            d="M12 8h0"
          />`,
        label,
      })),
      {
        sample: html`<path class="promised" d="M1 8h22" />`,
        label: `promised: size^${rounded(promised, 3)}`,
      },
    ]),
    draw: (canvas) => drawGrowth(shown, { canvas, promised, sizeUnit, costUnit }),
  });
}

function usable({ label, points }: GrowthSeries): GrowthSeries {
  const known = points.filter(
    ({ size, cost }) => size > 0 && Number.isFinite(size) && cost >= 0 && Number.isFinite(cost),
  );
  return {
    label,
    points: known
      .slice(0, 200)
      .map(({ size, cost }) => ({ size, cost: cost === 0 ? 1 : cost }))
      .sort((a, b) => a.size - b.size),
  };
}

function drawGrowth(series: readonly GrowthSeries[], frame: Frame): Drawing {
  const { canvas, promised, sizeUnit, costUnit } = frame;
  const { width, fontSize, isNarrow } = canvas;
  const [top, bottom] = [12, isNarrow ? 240 : 320];
  const points = series.flatMap(({ points: own }) => own);
  const sizes = roomy(points.map(({ size }) => size));
  const costs = roomy(points.map(({ cost }) => cost));
  const y = logScale(costs, [bottom, top]);
  const costTicks = logTicks(costs, 6, costUnit);
  const left = labelRoom(costTicks, fontSize);
  const x = logScale(sizes, [left + 4, width - 24]);
  const sizeTicks = logTicks(sizes, isNarrow ? 4 : 7, sizeUnit);
  const draw = line<{ size: number; cost: number }>()
    .x(({ size }) => x(size))
    .y(({ cost }) => y(cost))
    .digits(1);
  const drawn = series.map(
    ({ points: own }, index) =>
      html`${promisedLine(own, { promised, x, y })}<path
          class="line line-${index}"
          d="${draw([...own]) ?? ''}"
        />${dots(
          own.map(({ size, cost }) => ({ x: x(size), y: y(cost) })),
          `dot dot-${index}`,
        )}`,
  );
  return {
    height: bottom + fontSize * 2 + 18,
    body: html`${bottomAxis({ scale: x, ticks: sizeTicks, from: top, to: bottom, fontSize })}${leftAxis({ scale: y, ticks: costTicks, from: left, to: width - 16, fontSize })}${drawn}${svgText('size →', { x: width - 16, y: bottom + fontSize * 2 + 12, anchor: 'end', className: 'tick', fontSize })}`,
  };
}

interface PromisedFrame {
  readonly promised: number;
  readonly x: ReturnType<typeof logScale>;
  readonly y: ReturnType<typeof logScale>;
}

/** As far as it stays within the drawing. */
function promisedLine(
  points: GrowthSeries['points'],
  { promised, x, y }: PromisedFrame,
): SafeHtml | undefined {
  const [first] = points;
  const last = points.at(-1);
  if (!first || !last || first.size === last.size) return undefined;
  const reach =
    promised > 0 ? first.size * (y.domain[1] / first.cost) ** (1 / promised) : last.size;
  const size = Math.min(last.size, reach);
  const cost = first.cost * (size / first.size) ** promised;
  return html`<path
    class="promised"
    d="M${pixels(x(first.size))} ${pixels(y(first.cost))}L${pixels(x(size))} ${pixels(y(cost))}"
  />`;
}

function roomy(values: readonly number[]): [number, number] {
  const [from, to] = domainOf(values);
  if (!(from > 0)) return [1, 10];
  return to / from < 4 ? [from / 2, to * 2] : [from / 1.4, to * 1.4];
}

function describe({ label, points }: GrowthSeries, sizeUnit: Unit, costUnit: Unit): string {
  const facts = points.map(
    ({ size, cost }) => `${formatQuantity(cost, costUnit)} at ${formatQuantity(size, sizeUnit)}`,
  );
  return `${label}: ${facts.slice(0, 8).join(', ')}.`;
}
