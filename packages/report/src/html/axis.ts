import { pixels } from './chart.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import type { Scale, Tick } from './scales.js';
import { svgText, textWidth } from './svg-text.js';

interface AxisOptions {
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
  /** Where the grid lines begin and end across the axis. */
  readonly from: number;
  readonly to: number;
  readonly fontSize: number;
}

/** Grid lines upright, with labels below them; labels that would touch the one before are left out. */
export function bottomAxis({ scale, ticks, from, to, fontSize }: AxisOptions): SafeHtml {
  const labelY = to + fontSize + 5;
  let taken = -Infinity;
  const marks = ticks.map(({ value, label }) => {
    const x = pixels(scale(value));
    const half = textWidth(label, fontSize) / 2;
    const isFree = x - half > taken + 6;
    if (isFree) taken = x + half;
    return html`<path
        class="grid"
        d="M${x} ${pixels(from)}V${pixels(to)}"
      />${isFree && svgText(label, { x, y: labelY, anchor: 'middle', className: 'tick' })}`;
  });
  return html`<g>${marks}</g>`;
}

/** Grid lines level, with labels left of them. */
export function leftAxis({ scale, ticks, from, to, fontSize }: AxisOptions): SafeHtml {
  const marks = ticks.map(({ value, label }) => {
    const y = pixels(scale(value));
    return html`<path
        class="grid"
        d="M${pixels(from)} ${y}H${pixels(to)}"
      />${svgText(label, { x: from - 7, y: y + fontSize * 0.35, anchor: 'end', className: 'tick' })}`;
  });
  return html`<g>${marks}</g>`;
}

/** How much room the labels of a left axis need. */
export function labelRoom(ticks: readonly Tick[], fontSize: number): number {
  return ticks.reduce((most, { label }) => Math.max(most, textWidth(label, fontSize)), 0) + 12;
}
