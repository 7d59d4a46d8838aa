import type { TimeGuard } from '../guard/guard.js';

/** How much is measured before anything is decided. */
export interface Layout {
  /** Fresh processes of one batch. */
  readonly processes: number;
  /** Rounds of each process that are not counted. */
  readonly warmUps: number;
  /** Rounds of each process that count. */
  readonly rounds: number;
  /** The least processor time of one sample, in milliseconds; calls are batched to reach it. */
  readonly sampleMs: number;
  /** Batches that an attempt to find a verdict takes at most. */
  readonly maxBatches: number;
}

/**
 * Few processes and many rounds: a process that has only begun is still being compiled. A program that is
 * started anew each time never gets warm, so that one round is enough for the files it reads.
 */
export function layoutFor(sample: TimeGuard['sample']): Layout {
  if (sample === 'process')
    return { processes: 3, warmUps: 1, rounds: 8, sampleMs: 0, maxBatches: 4 };
  return { processes: 3, warmUps: 10, rounds: 20, sampleMs: 5, maxBatches: 12 };
}
