import { barFill } from './bar-look.js';
import { bottomAxis } from './axis.js';
import { chart, pixels } from './chart.js';
import type { Canvas, ChartOptions, Drawing } from './chart.js';
import { formatDuration } from './format-quantity.js';
import { legend } from './legend.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { durationTicks, linearScale } from './scales.js';
import type { Scale } from './scales.js';
import { svgText, textWidth } from './svg-text.js';
import { words } from './verdict-badge.js';

/** A bar of a timeline, in milliseconds since its beginning. */
export interface TimelineBar {
  readonly label: string;
  /** `succeeded`, `failed`, `skipped`, `cancelled`, `interrupted`, `running`, `pending`. */
  readonly status: string;
  /** Null where it was not started. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  /** When everything that it needs had ended; null where it is not known. */
  readonly readyMs: number | null;
  readonly durationMs: number | null;
  readonly attempts: number;
  /** Whether it belongs to the path that decides how long the whole takes. */
  readonly isCritical: boolean;
  /** Whether it is a part of a bar above it, such as an iteration of a loop. @default false */
  readonly isPart?: boolean;
}

export interface TimelineOptions extends ChartOptions {
  readonly bars: readonly TimelineBar[];
  readonly spanMs: number;
}

interface Frame {
  readonly canvas: Canvas;
  readonly scale: Scale;
  readonly left: number;
  readonly right: number;
  readonly rowHeight: number;
}

const barHeight = 15;
const partHeight = 9;

/** Bars over time: what ran when, what it waited for, how it ended, and which bars decide the length. */
export function timelineChart({ bars, spanMs, ...options }: TimelineOptions): SafeHtml {
  const stages = bars.filter(({ isPart }) => isPart !== true);
  const critical = stages.filter(({ isCritical }) => isCritical);
  return chart({
    ...options,
    description: `${stages.length} stages over ${formatDuration(spanMs)}. Critical path: ${critical.map(({ label }) => label).join(', ')}.`,
    legend: timelineLegend(bars),
    draw: (canvas) => drawTimeline(bars, spanMs, canvas),
  });
}

function timelineLegend(bars: readonly TimelineBar[]): SafeHtml {
  const present = ['succeeded', 'failed', 'cancelled', 'interrupted', 'skipped', 'running'].filter(
    (status) => bars.some((bar) => bar.status === status && bar.startMs !== null),
  );
  const isWaiting = bars.some(
    ({ readyMs, startMs }) => startMs !== null && readyMs !== null && startMs - readyMs > 0,
  );
  return legend([
    ...present.map((status) => ({
      sample: html`<rect
        class="${barFill(status).className}"
        ${fillOf(status)}
        x="1"
        y="3"
        width="22"
        height="10"
      />`,
      label: status,
    })),
    {
      sample: html`<rect class="bar bar-succeeded" x="1" y="3" width="22" height="8" /><path
          class="critical"
          d="M1 13.5h22"
        />`,
      label: 'on the critical path',
    },
    isWaiting && { sample: html`<path class="wait" d="M1 8h22" />`, label: 'ready, not started' },
  ]);
}

function drawTimeline(bars: readonly TimelineBar[], spanMs: number, canvas: Canvas): Drawing {
  const { isNarrow, width, fontSize } = canvas;
  const left = isNarrow ? 6 : labelWidth(bars, canvas) + 16;
  const right = width - (isNarrow ? 12 : factsWidth(bars, canvas) + 18);
  const frame: Frame = {
    canvas,
    left,
    right,
    scale: linearScale([0, Math.max(spanMs, 1)], [left, right]),
    rowHeight: isNarrow ? 42 : 28,
  };
  const bottom = 4 + bars.length * frame.rowHeight;
  const ticks = durationTicks(spanMs, isNarrow ? 4 : 8);
  const rows = bars.map((bar, index) => drawRow(bar, 4 + index * frame.rowHeight, frame));
  return {
    height: bottom + fontSize + 12,
    body: html`${bottomAxis({ scale: frame.scale, ticks, from: 0, to: bottom, fontSize })}${criticalLinks(bars, frame)}${rows}`,
  };
}

function labelWidth(bars: readonly TimelineBar[], { fontSize }: Canvas): number {
  const widest = Math.max(
    60,
    // Those of the critical path are set in wider letters.
    ...bars.map(({ label, isCritical }) => {
      return textWidth(label.slice(0, 60), fontSize) * (isCritical ? 1.15 : 1);
    }),
  );
  return Math.min(230, widest);
}

function factsWidth(bars: readonly TimelineBar[], { fontSize }: Canvas): number {
  const widest = Math.max(60, ...bars.map((bar) => textWidth(factsOf(bar), fontSize)));
  return Math.min(230, widest);
}

function drawRow(bar: TimelineBar, top: number, frame: Frame): SafeHtml {
  const { canvas, left } = frame;
  const { fontSize, isNarrow } = canvas;
  const barTop = top + (isNarrow ? 18 : 6);
  const baseline = isNarrow ? top + 12 : barTop + 12;
  const className = bar.isPart ? 'fact' : bar.isCritical ? 'label strong' : 'label';
  const label = isNarrow
    ? svgText(bar.label, { x: left, y: baseline, className, fontSize, maxWidth: 146 })
    : svgText(bar.label, {
        x: left - 12,
        y: baseline,
        className,
        fontSize,
        anchor: 'end',
        maxWidth: left - 16,
      });
  return html`<g>${label}${drawBar(bar, barTop, frame)}${drawFacts(bar, baseline, frame)}</g> `;
}

function drawBar(bar: TimelineBar, top: number, { scale }: Frame): SafeHtml | undefined {
  if (bar.startMs === null) return undefined;
  const x = pixels(Math.min(scale(bar.startMs), scale.range[1] - 2));
  const end = pixels(scale(bar.endMs ?? bar.startMs));
  const width = pixels(Math.max(2, end - x));
  const ready = pixels(scale(bar.readyMs ?? bar.startMs));
  const middle = pixels(top + barHeight / 2);
  const height = bar.isPart ? partHeight : barHeight;
  return html`${x - ready >= 2 && html`<path class="wait" d="M${ready} ${middle}H${x}" />`}<rect
      class="${barFill(bar.status).className}"
      ${fillOf(bar.status)}
      x="${x}"
      y="${pixels(top + (barHeight - height) / 2)}"
      width="${width}"
      height="${height}"
    />${bar.isCritical && html`<path class="critical" d="M${x} ${pixels(top + barHeight + 1.5)}h${width}" />`}`;
}

/** What happened, in words, in a column of its own: on a bar they could not be read. */
function drawFacts(bar: TimelineBar, baseline: number, { canvas, right }: Frame): SafeHtml {
  const { fontSize, isNarrow, width } = canvas;
  const options = { y: baseline, className: 'fact', fontSize };
  return isNarrow
    ? svgText(factsOf(bar), { ...options, x: right, anchor: 'end', maxWidth: 164 })
    : svgText(factsOf(bar), { ...options, x: right + 14, maxWidth: width - right - 14 });
}

function factsOf({ status, startMs, durationMs, attempts }: TimelineBar): string {
  const facts = [
    startMs !== null && durationMs !== null && formatDuration(durationMs),
    status !== 'succeeded' && words(status),
    attempts > 1 && `${attempts} attempts`,
  ];
  return facts.filter((fact) => fact !== false).join(' · ');
}

/** From the end of each critical bar down or up to the start of the next. */
function criticalLinks(
  bars: readonly TimelineBar[],
  { scale, rowHeight, canvas }: Frame,
): SafeHtml[] {
  const path = bars
    .map((bar, index) => ({ bar, middle: 4 + index * rowHeight + (canvas.isNarrow ? 25 : 13) }))
    .filter(({ bar }) => bar.isCritical && bar.startMs !== null)
    .sort((a, b) => (a.bar.startMs ?? 0) - (b.bar.startMs ?? 0));
  return path.slice(1).map(({ bar, middle }, index) => {
    const before = path[index];
    const x = pixels(scale(before?.bar.endMs ?? 0));
    const start = pixels(scale(bar.startMs ?? 0));
    return html`<path
      class="link"
      d="M${x} ${pixels(before?.middle ?? 0)}V${pixels(middle)}H${start}"
    />`;
  });
}

function fillOf(status: string): SafeHtml | undefined {
  const { fill } = barFill(status);
  return fill === 'none' ? undefined : html`fill="${fill}"`;
}
