import { median } from './median.js';

export interface PairedEstimate {
  /** The median of all log ratios, whichever group they are of. */
  readonly estimate: number;
  /** The median of each group, in their order. */
  readonly perGroup: readonly number[];
}

/**
 * The middle of log ratios that were measured in several groups, such as processes.
 *
 * @throws ReportError `SAMPLES_EMPTY` where there is no group or one is empty; `SAMPLES_INVALID` where a
 * value is no finite number.
 */
export function medianOfLogRatios(groups: readonly (readonly number[])[]): PairedEstimate {
  return { perGroup: groups.map((group) => median(group)), estimate: median(groups.flat()) };
}
