import { checkCount, checkLevel } from './check-values.js';
import { createRandom } from './create-random.js';
import { quantileOfSorted } from './median.js';

/** From `lower` to `upper`, both included. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export interface BootstrapOptions {
  /** The estimate from one resample, drawn with the given numbers from 0 to 1. May be infinite. */
  readonly draw: (random: () => number) => number;
  /** @default 4000 */
  readonly resamples?: number;
  /** How sure the interval is, two-sided, such as 0.95. */
  readonly level: number;
  readonly seed: number;
}

/**
 * The percentile bootstrap: the interval in which the given share of the resampled estimates lies, with as
 * many of them below as above. The same seed gives the same interval.
 *
 * @throws ReportError `INVALID_OPTION`: the level is not between 0 and 1, or the number of resamples or
 * the seed is no integer.
 */
export function bootstrapInterval(options: BootstrapOptions): Interval {
  checkLevel('level', options.level);
  const estimates = resampledEstimates(options);
  const tail = (1 - options.level) / 2;
  return {
    lower: quantileOfSorted(estimates, tail),
    upper: quantileOfSorted(estimates, 1 - tail),
  };
}

/** The estimates of all resamples in ascending order. */
export function resampledEstimates(options: Omit<BootstrapOptions, 'level'>): Float64Array {
  const { draw, resamples = DEFAULT_RESAMPLES, seed } = options;
  checkCount('resamples', resamples, 1);
  const random = createRandom(seed);
  const estimates = new Float64Array(resamples);
  for (let at = 0; at < resamples; at++) estimates[at] = draw(random);
  return estimates.sort();
}

/** How many resamples are drawn where nobody asks for another number. */
export const DEFAULT_RESAMPLES = 4000;
