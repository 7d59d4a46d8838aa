import { randomFillSync } from 'node:crypto';

/** Randomness as a port. */
export interface RandomSource {
  /** That many unpredictable bytes, which are the caller's own. */
  bytes(count: number): Uint8Array;
}

/** Asking the system costs the same for sixteen bytes as for this many. */
const POOL_BYTES = 1024;
let pool = Buffer.alloc(0);
let used = 0;

/** The operating system's randomness, fetched ahead in small portions. */
export const systemRandom: RandomSource = {
  bytes(count) {
    if (used + count > pool.byteLength) {
      // A new buffer: slices of the old one are in callers' hands.
      pool = randomFillSync(Buffer.allocUnsafeSlow(Math.max(count, POOL_BYTES)));
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  },
};
