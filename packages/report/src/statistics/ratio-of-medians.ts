import { ReportError } from '../errors.js';
import { bootstrapInterval } from './bootstrap-interval.js';
import type { Interval } from './bootstrap-interval.js';
import { checkValues } from './check-values.js';
import { ascending, median } from './median.js';
import { resampledMedian } from './resampled-median.js';

export interface RatioOptions {
  /** How sure the interval is, two-sided, such as 0.95. */
  readonly level: number;
  readonly seed: number;
  /** @default 4000 */
  readonly resamples?: number;
}

export interface Ratio {
  /** The median after divided by the median before. */
  readonly ratio: number;
  /** `upper` is infinite where resamples before have a median of 0. */
  readonly interval: Interval;
}

/**
 * How the medians of two independent samples compare, with the percentile bootstrap of that ratio.
 *
 * @throws ReportError `SAMPLES_EMPTY`; `SAMPLES_INVALID` where a value is negative or no finite number, or
 * the median before is 0, of which nothing is a multiple; `INVALID_OPTION`.
 */
export function ratioOfMedians(
  before: readonly number[],
  after: readonly number[],
  options: RatioOptions,
): Ratio {
  checkAmounts(before);
  checkAmounts(after);
  const medianBefore = median(before);
  if (medianBefore === 0) {
    throw new ReportError(
      'SAMPLES_INVALID',
      'Cannot compute the ratio of medians: the median before is 0',
    );
  }
  const sortedBefore = ascending(before);
  const sortedAfter = ascending(after);
  return {
    ratio: median(after) / medianBefore,
    interval: bootstrapInterval({
      ...options,
      draw: (random) =>
        divide(resampledMedian(sortedAfter, random), resampledMedian(sortedBefore, random)),
    }),
  };
}

function checkAmounts(values: readonly number[]): void {
  checkValues('ratio of medians', values);
  const negative = values.find((value) => value < 0);
  if (negative === undefined) return;
  throw new ReportError(
    'SAMPLES_INVALID',
    `Cannot compute the ratio of medians: ${negative} is negative`,
  );
}

/** Nothing over nothing is no change. */
function divide(after: number, before: number): number {
  return after === before ? 1 : after / before;
}
