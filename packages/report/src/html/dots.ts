import { pixels } from './chart.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';

/** A place in a drawing. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Any number of marks as one element of a few bytes each: points of a line with wide, round ends. */
export function dots(points: readonly Point[], className: string): SafeHtml | undefined {
  if (points.length === 0) return undefined;
  const path = points.map(({ x, y }) => `M${pixels(x)} ${pixels(y)}h0`).join('');
  return html`<path class="${className}" d="${path}" />`;
}

/** Crosses, for what failed. */
export function crosses(points: readonly Point[], className: string): SafeHtml | undefined {
  if (points.length === 0) return undefined;
  const path = points.map(({ x, y }) => `M${pixels(x - 3)} ${pixels(y - 3)}l6 6m0-6l-6 6`).join('');
  return html`<path class="${className}" d="${path}" />`;
}

/**
 * So many of the values at most, evenly over their order, the smallest and the largest among them, so that
 * what was left out does not change what is seen.
 */
export function sampleOf(values: readonly number[], most: number): readonly number[] {
  if (values.length <= most) return values;
  const places = new Set<number>();
  places.add(placeOf(values, (a, b) => a < b));
  places.add(placeOf(values, (a, b) => a > b));
  for (let index = 0; places.size < most && index < most; index++) {
    places.add(Math.floor((index * values.length) / most));
  }
  return [...places].sort((a, b) => a - b).map((place) => values[place] ?? 0);
}

function placeOf(values: readonly number[], isBetter: (a: number, b: number) => boolean): number {
  let best = 0;
  for (const [place, value] of values.entries()) {
    if (isBetter(value, values[best] ?? value)) best = place;
  }
  return best;
}
