import { medianSorted } from 'simple-statistics';

import { ReportError } from '../errors.js';
import { checkValues } from './check-values.js';

/**
 * The value in the middle; of an even number of values, the mean of the two in the middle.
 *
 * @throws ReportError `SAMPLES_EMPTY`, or `SAMPLES_INVALID` where a value is no finite number.
 */
export function median(values: readonly number[]): number {
  checkValues('median', values);
  return medianSorted(ascending(values));
}

/**
 * The value below which the share `q` of the values lies, `q` from 0 to 1, interpolated linearly between
 * neighbours: 0 gives the smallest, 1 the largest.
 *
 * @throws ReportError `SAMPLES_EMPTY`; `SAMPLES_INVALID` where a value is no finite number;
 * `INVALID_OPTION` where `q` is outside 0 to 1.
 */
export function quantile(values: readonly number[], q: number): number {
  checkValues('quantile', values);
  if (!(q >= 0 && q <= 1)) {
    throw new ReportError('INVALID_OPTION', `Expected a share from 0 to 1, got ${String(q)}`);
  }
  return quantileOfSorted(ascending(values), q);
}

/** The values in ascending order, in an array of their own. */
export function ascending(values: readonly number[]): number[] {
  return Array.from(Float64Array.from(values).sort());
}

/** As `quantile`, of values in ascending order, among which infinities may be. */
export function quantileOfSorted(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = Math.floor(position);
  const lower = sorted[below] ?? Number.NaN;
  const share = position - below;
  if (share === 0) return lower;
  const upper = sorted[below + 1] ?? Number.NaN;
  // Between two infinities there is nothing to interpolate, and their difference is no number.
  return lower === upper ? lower : lower + (upper - lower) * share;
}
