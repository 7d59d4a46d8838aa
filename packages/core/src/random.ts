import { randomBytes } from 'node:crypto';

/** Randomness as a port. */
export interface RandomSource {
  /** That many unpredictable bytes. */
  bytes(count: number): Uint8Array;
}

/** The operating system's randomness. */
export const systemRandom: RandomSource = { bytes: (count) => randomBytes(count) };
