import { ReportError } from '../errors.js';
import { resampledEstimates } from './bootstrap-interval.js';
import { checkLevel, checkValues } from './check-values.js';
import { quantileOfSorted } from './median.js';

export interface PairedBoundsOptions {
  readonly seed: number;
  /** The levels that bounds are wanted for, each one-sided, such as 0.95 and 0.99. */
  readonly levels: readonly number[];
  /** @default 4000 */
  readonly resamples?: number;
}

/** Bounds of the median log ratio, in logarithms. */
export interface PairedBounds {
  /** The true value is above it at this level. @throws ReportError `INVALID_OPTION`: another level. */
  readonly lower: (level: number) => number;
  /** The true value is below it at this level. @throws ReportError `INVALID_OPTION`: another level. */
  readonly upper: (level: number) => number;
}

/**
 * How far the median of the pooled log ratios is to be trusted: each group is resampled within itself, so
 * that no group weighs more in one resample than in another.
 *
 * @throws ReportError `SAMPLES_EMPTY` where there is no group or one is empty; `SAMPLES_INVALID` where a
 * value is no finite number; `INVALID_OPTION`.
 */
export function pairedBounds(
  groups: readonly (readonly number[])[],
  { levels, ...options }: PairedBoundsOptions,
): PairedBounds {
  checkValues('bounds', groups.flat());
  for (const group of groups) checkValues('bounds', group);
  for (const level of levels) checkLevel('levels', level);
  const estimates = resampledEstimates({ ...options, draw: resampledPoolMedian(groups) });
  const bound = (level: number, share: number): number => {
    if (levels.includes(level)) return quantileOfSorted(estimates, share);
    throw new ReportError(
      'INVALID_OPTION',
      `Expected one of the levels ${levels.join(', ')}, got ${String(level)}`,
    );
  };
  return {
    lower: (level) => bound(level, 1 - level),
    upper: (level) => bound(level, level),
  };
}

function resampledPoolMedian(
  groups: readonly (readonly number[])[],
): (random: () => number) => number {
  const pool = new Float64Array(groups.reduce((total, group) => total + group.length, 0));
  return (random) => {
    let at = 0;
    for (const group of groups) {
      for (const end = at + group.length; at < end; at++) {
        pool[at] = group[Math.floor(random() * group.length)] ?? Number.NaN;
      }
    }
    return quantileOfSorted(pool.sort(), 0.5);
  };
}
