// The parts alone: loading the whole library takes twice as long.
import { LogarithmicMapping } from '@datadog/sketches-js/dist/ddsketch/mapping/index.js';

/** How far quantiles of durations from a microsecond to 31 years may lie from the true ones. */
export const QUANTILE_RELATIVE_ERROR = 0.01;

const mapping = new LogarithmicMapping(QUANTILE_RELATIVE_ERROR);

const MIN_SECONDS = 1e-6;
const MAX_SECONDS = 1e9;

/** The bin of everything that is shorter than a microsecond, negative durations included. */
export const ZERO_KEY = mapping.key(MIN_SECONDS) - 1;
/** The bin of everything that is longer than 31 years: whoever lies about durations gets no more bins. */
const MAX_KEY = mapping.key(MAX_SECONDS);

/** Doubles of one bucket have the same highest 20 bits: they lie in one bin or in two. */
const BUCKET_SHIFT = 12;

const double = new DataView(new ArrayBuffer(8));
const FIRST_BUCKET = bucketOf(MIN_SECONDS);

/**
 * The bin of each bucket that lies in one, counted from `ZERO_KEY`; 0 where that is not known yet. It
 * spares most durations the logarithm, which takes as long as all else that is done with them.
 */
const bins = new Int16Array(bucketOf(MAX_SECONDS) - FIRST_BUCKET + 1);
const TWO_BINS = -1;

/** The bin of a duration in seconds. */
export function durationKey(seconds: number): number {
  if (!(seconds >= MIN_SECONDS)) return ZERO_KEY;
  if (seconds > MAX_SECONDS) return MAX_KEY;
  const bucket = bucketOf(seconds) - FIRST_BUCKET;
  const bin = bins[bucket] ?? TWO_BINS;
  if (bin > 0) return ZERO_KEY + bin;
  if (bin === 0) bins[bucket] = binOfBucket(bucket + FIRST_BUCKET);
  return mapping.key(seconds);
}

/** The duration that stands for a bin. */
export function secondsOfKey(key: number): number {
  return key === ZERO_KEY ? 0 : mapping.value(key);
}

function bucketOf(seconds: number): number {
  double.setFloat64(0, seconds);
  return double.getUint32(0) >>> BUCKET_SHIFT;
}

function binOfBucket(bucket: number): number {
  const first = mapping.key(startOfBucket(bucket));
  return first === mapping.key(startOfBucket(bucket + 1)) ? first - ZERO_KEY : TWO_BINS;
}

function startOfBucket(bucket: number): number {
  double.setUint32(0, bucket << BUCKET_SHIFT);
  double.setUint32(4, 0);
  return double.getFloat64(0);
}
