import { errorFunction } from 'simple-statistics';

import type { Interval } from './bootstrap-interval.js';
import { checkCount, checkLevel } from './check-values.js';
import { ReportError } from '../errors.js';

export interface Share {
  readonly hits: number;
  /** At least 1. */
  readonly runs: number;
}

/**
 * The share after less the share before, with Newcombe's interval of it from the Wilson intervals of both
 * (his method 10), which keeps its level for few runs and for shares of 0 and 1. `level` is two-sided.
 *
 * @throws ReportError `SAMPLES_INVALID`: more hits than runs; `INVALID_OPTION`
 */
export function differenceOfShares(
  before: Share,
  after: Share,
  level: number,
): { readonly difference: number; readonly interval: Interval } {
  checkLevel('level', level);
  const z = normalQuantile((1 + level) / 2);
  const [one, other] = [wilson(before, z), wilson(after, z)];
  const difference = other.share - one.share;
  const below = Math.hypot(other.share - other.lower, one.upper - one.share);
  const above = Math.hypot(other.upper - other.share, one.share - one.lower);
  return {
    difference,
    interval: { lower: Math.max(-1, difference - below), upper: Math.min(1, difference + above) },
  };
}

function wilson({ hits, runs }: Share, z: number): Interval & { readonly share: number } {
  checkCount('runs', runs, 1);
  checkCount('hits', hits, 0);
  if (hits > runs) {
    throw new ReportError(
      'SAMPLES_INVALID',
      `Cannot compute a share: ${String(hits)} hits of ${String(runs)} runs`,
    );
  }
  const share = hits / runs;
  const center = share + z ** 2 / (2 * runs);
  const width = z * Math.sqrt((share * (1 - share)) / runs + z ** 2 / (4 * runs ** 2));
  const scale = 1 + z ** 2 / runs;
  // At the ends rounding would leave the share itself outside.
  return {
    share,
    lower: hits === 0 ? 0 : (center - width) / scale,
    upper: hits === runs ? 1 : (center + width) / scale,
  };
}

/** By bisection: the one of the library is off in the third digit. */
function normalQuantile(probability: number): number {
  let [low, high] = [0, 10];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (0.5 + errorFunction(middle / Math.SQRT2) / 2 < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
