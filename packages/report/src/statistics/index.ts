export { bootstrapInterval } from './bootstrap-interval.js';
export { createRandom } from './create-random.js';
export { fitExponent } from './fit-exponent.js';
export { median, quantile } from './median.js';
export { medianOfLogRatios } from './median-of-log-ratios.js';
export { pairedBounds } from './paired-bounds.js';
export { rankSum } from './rank-sum.js';
export { ratioOfMedians } from './ratio-of-medians.js';

export type { BootstrapOptions, Interval } from './bootstrap-interval.js';
export type { CostPoint } from './fit-exponent.js';
export type { PairedEstimate } from './median-of-log-ratios.js';
export type { PairedBounds, PairedBoundsOptions } from './paired-bounds.js';
export type { Ratio, RatioOptions } from './ratio-of-medians.js';
