import { formatQuantity } from '@codex-orchestrator/report/html';
import { median } from '@codex-orchestrator/report/statistics';

/** One number of a guard at one time. */
export interface TrendPoint {
  readonly guard: string;
  readonly measure: string;
  readonly unit: string;
  readonly value: number;
  /** Where it was measured; times are compared with those of the same machine only. */
  readonly machine: string;
}

const leastEarlier = 5;
const mostEarlier = 50;
/** Share of the median below which no difference is told of. */
const floorShare = 0.01;

/**
 * Numbers whose last value lies outside of the earlier median ± 3 times the median absolute deviation, one
 * sentence each. A note for people: several things change between points, so it decides nothing. Numbers
 * with fewer than five earlier values are left alone.
 *
 * @param points In the order of time.
 */
export function trendNotes(points: readonly TrendPoint[]): readonly string[] {
  const series = new Map<string, TrendPoint[]>();
  for (const point of points) {
    const key = JSON.stringify([point.guard, point.measure]);
    const known = series.get(key);
    if (known) known.push(point);
    else series.set(key, [point]);
  }
  return [...series.values()].map(noteOf).filter((note) => note !== undefined);
}

function noteOf(points: readonly TrendPoint[]): string | undefined {
  const last = points.at(-1);
  if (last === undefined) return undefined;
  const isTime = last.unit === 'ms';
  const earlier = points
    .slice(0, -1)
    .filter(({ machine }) => !isTime || machine === last.machine)
    .slice(-mostEarlier)
    .map(({ value }) => value);
  if (earlier.length < leastEarlier) return undefined;
  const middle = median(earlier);
  const deviation = median(earlier.map((value) => Math.abs(value - middle)));
  const reach = Math.max(3 * deviation, isTime ? Math.abs(middle) * floorShare : 0);
  if (Math.abs(last.value - middle) <= reach) return undefined;
  const direction = last.value > middle ? 'above' : 'below';
  return `${last.guard}: ${last.measure} is ${quantity(last.value, last.unit)}, ${direction} ${quantity(middle, last.unit)} ± ${quantity(reach, last.unit)} of the ${earlier.length} results before`;
}

function quantity(value: number, unit: string): string {
  switch (unit) {
    case 'bytes':
    case 'ms':
    case 'exponent':
      return formatQuantity(value, unit);
    case 'ratio':
      return value.toFixed(3);
    default:
      return formatQuantity(value, 'count');
  }
}
