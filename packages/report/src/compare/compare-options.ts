import { ReportError } from '../errors.js';
import { DEFAULT_RESAMPLES } from '../statistics/bootstrap-interval.js';
import { checkCount, checkLevel } from '../statistics/check-values.js';
import type { ComparisonMethod } from './comparison.js';

export interface CompareOptions {
  /** How sure each interval is, two-sided. @default 0.95 */
  readonly level?: number;
  /** The same seed gives the same digits. @default 1 */
  readonly seed?: number;
  /** The change of a ratio that does not matter. @default 0.05 */
  readonly margin?: number;
  /** The fewest succeeded runs of a side that values which vary are judged by. @default 5 */
  readonly minRuns?: number;
  /** @default 4000 */
  readonly resamples?: number;
  /** How the runs before were chosen, for people. */
  readonly beforeLabel?: string;
  /** How the runs after were chosen, for people. */
  readonly afterLabel?: string;
}

/** @throws ReportError `INVALID_OPTION` */
export function methodOf(options: CompareOptions): ComparisonMethod {
  const { level = 0.95, seed = 1, margin = 0.05, minRuns = 5 } = options;
  const { resamples = DEFAULT_RESAMPLES } = options;
  checkLevel('level', level);
  checkCount('minRuns', minRuns, 1);
  checkCount('resamples', resamples, 1);
  checkCount('seed', seed, Number.MIN_SAFE_INTEGER);
  if (!(margin >= 0 && margin < 1)) {
    throw new ReportError(
      'INVALID_OPTION',
      `Expected \`margin\` to be from 0 to less than 1, got ${String(margin)}`,
    );
  }
  return { level, seed, resamples, margin, minRuns };
}
