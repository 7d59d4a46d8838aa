import { bottomAxis } from './axis.js';
import { chart, pixels } from './chart.js';
import type { Canvas, ChartOptions, Drawing } from './chart.js';
import { dots, sampleOf } from './dots.js';
import { formatQuantity } from './format-quantity.js';
import type { Unit } from './format-quantity.js';
import { legend } from './legend.js';
import { middleOf } from './middle-of.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { domainOf, durationTicks, linearScale, linearTicks } from './scales.js';
import type { Scale, Tick } from './scales.js';
import { svgText } from './svg-text.js';

/** One thing that was measured before and after, drawn on a scale of its own. */
export interface StripRow {
  readonly label: string;
  readonly unit: Unit;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export interface StripPlotOptions extends ChartOptions {
  readonly rows: readonly StripRow[];
  /** What the two sides are called. @default ['before', 'after'] */
  readonly sides?: readonly [string, string];
  /** More rows than this are left out, and the note says so. @default 40 */
  readonly maxRows?: number;
}

const maxPoints = 3000;
const laneHeight = 18;

/** All points of both sides as two strips per row, each with a tick at its median. */
export function stripPlot(options: StripPlotOptions): SafeHtml {
  const { rows, sides = ['before', 'after'], maxRows = 40, note, ...rest } = options;
  const shown = rows.slice(0, maxRows);
  const most = Math.max(10, Math.floor(maxPoints / Math.max(1, shown.length * 2)));
  return chart({
    ...rest,
    note: [note, leftOut(rows, shown, most)].filter((text) => text).join(' ') || undefined,
    description: describe(shown, sides),
    legend: legend([
      { sample: html`<path class="dot dot-before" d="M12 8h0" />`, label: sides[0] },
      { sample: html`<path class="dot dot-after" d="M12 8h0" />`, label: sides[1] },
      { sample: html`<path class="median" d="M12 1v14" />`, label: 'median' },
    ]),
    draw: (canvas) => drawStrips(shown, { canvas, sides, most }),
  });
}

interface StripFrame {
  readonly canvas: Canvas;
  readonly sides: readonly [string, string];
  readonly most: number;
}

function drawStrips(rows: readonly StripRow[], frame: StripFrame): Drawing {
  const { isNarrow, fontSize } = frame.canvas;
  const rowHeight = laneHeight * 2 + fontSize + (isNarrow ? 42 : 28);
  const drawn = rows.map((row, index) => drawStrip(row, index * rowHeight + 4, frame));
  return { height: rows.length * rowHeight + 4, body: drawn };
}

function drawStrip(row: StripRow, top: number, frame: StripFrame): SafeHtml {
  const { isNarrow, width, fontSize } = frame.canvas;
  const left = isNarrow ? 64 : 300;
  const right = width - (isNarrow ? 86 : 110);
  const lanesTop = top + (isNarrow ? 20 : 4);
  const lanesBottom = lanesTop + laneHeight * 2 + 4;
  const { scale, ticks } = scaleOf(row, [left, right], isNarrow ? 3 : 6);
  const label = isNarrow
    ? svgText(row.label, {
        x: 4,
        y: top + 10,
        className: 'label strong',
        fontSize,
        maxWidth: width - 8,
      })
    : svgText(row.label, {
        x: 4,
        y: lanesTop + laneHeight + 6,
        className: 'label strong',
        fontSize,
        maxWidth: left - 82,
      });
  const lanes = [row.before, row.after].map((values, side) =>
    drawLane(values, {
      ...frame,
      side,
      scale,
      unit: row.unit,
      middle: lanesTop + 2 + laneHeight * (side + 0.5),
      left,
      right,
    }),
  );
  return html`<g
    >${label}${bottomAxis({ scale, ticks, from: lanesTop, to: lanesBottom, fontSize })}${lanes}</g
  > `;
}

interface Lane extends StripFrame {
  readonly side: number;
  readonly scale: Scale;
  readonly unit: Unit;
  readonly middle: number;
  readonly left: number;
  readonly right: number;
}

function drawLane(values: readonly number[], lane: Lane): SafeHtml {
  const { scale, middle, left, right, side, canvas, most, unit } = lane;
  const finite = values.filter((value) => Number.isFinite(value));
  const points = sampleOf(finite, most).map((value, index) => ({
    x: scale(value),
    y: middle + (jitter(index) - 0.5) * (laneHeight - 8),
  }));
  const median = middleOf(finite);
  const y = middle + canvas.fontSize * 0.35;
  const text = median === undefined ? 'none' : formatQuantity(median, unit);
  return html`${svgText(lane.sides[side] ?? '', { x: left - 10, y, anchor: 'end', className: 'tick', fontSize: canvas.fontSize, maxWidth: Math.min(60, left - 14) })}${dots(points, side === 0 ? 'dot dot-before' : 'dot dot-after')}${median !== undefined && html`<path class="median" d="M${pixels(scale(median))} ${pixels(middle - laneHeight / 2)}v${laneHeight}" />`}${svgText(text, { x: right + 12, y, className: 'fact', fontSize: canvas.fontSize })}`;
}

function scaleOf(
  row: StripRow,
  range: readonly [number, number],
  about: number,
): { scale: Scale; ticks: Tick[] } {
  const [low, high] = domainOf([...row.before, ...row.after]);
  const room = Math.max((high - low) * 0.06, Math.abs(high) * 0.004);
  const from = low >= 0 && low < high * 0.4 ? 0 : low - room;
  const domain: [number, number] = [from, high + room];
  const ticks =
    row.unit === 'ms' && from === 0
      ? durationTicks(domain[1], about)
      : linearTicks(domain, about, row.unit);
  return { scale: linearScale(domain, range), ticks };
}

/** Spreads points over a lane, the same way each time and without clumps. */
function jitter(index: number): number {
  return (index * 0.618_033_988_75 + 0.5) % 1;
}

function describe(rows: readonly StripRow[], sides: readonly [string, string]): string {
  const facts = rows.map(({ label, unit, before, after }) => {
    const [first, second] = [before, after].map((values) => {
      const median = middleOf(values);
      return median === undefined ? 'none' : formatQuantity(median, unit);
    });
    return `${label}: ${first} ${sides[0]} (${before.length}), ${second} ${sides[1]} (${after.length})`;
  });
  return `Medians and numbers of points. ${facts.join('; ')}.`;
}

function leftOut(rows: readonly StripRow[], shown: readonly StripRow[], most: number): string {
  const sentences: string[] = [];
  if (rows.length > shown.length)
    sentences.push(`${rows.length - shown.length} more rows are left out.`);
  const isThinned = shown.some(({ before, after }) => Math.max(before.length, after.length) > most);
  if (isThinned)
    sentences.push(
      `Of each strip at most ${most} points are drawn, the smallest and the largest among them; medians are those of all.`,
    );
  return sentences.join(' ');
}
