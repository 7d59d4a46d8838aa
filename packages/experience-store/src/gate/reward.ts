import { ExperienceError } from '../errors.js';

import type { Reward } from '../record/record.js';

/** How a run ended. */
export type RunOutcome = 'succeeded' | 'failed' | 'cancelled' | 'interrupted' | 'timed_out';

/** How the runs of the same pipeline ended that came before; only those that succeeded or failed count. */
export interface EarlierRuns {
  readonly succeeded: number;
  /** Succeeded and failed. */
  readonly finished: number;
}

export interface RewardFacts {
  readonly outcome: RunOutcome;
  /** As {@link earlierRuns} counts them. */
  readonly earlier: EarlierRuns;
}

/** So many earlier runs say what was to be expected; older ones had other code. */
const MAX_EARLIER_RUNS = 20;

/**
 * What a run is worth as a lesson, or undefined for one that was cancelled, interrupted or timed out: it
 * says nothing about what was tried, and nothing is recorded of it by default.
 *
 * - `gtScore`: 1 for a run that succeeded, 0 for one that failed.
 * - `relativeRank`: how far that was a surprise, |gtScore - (succeeded + 1) / (finished + 2)|, with four
 *   decimals. The fraction is Laplace's rule of succession: the chance of success that earlier runs
 *   suggest, a half when there were none.
 *
 * So a success after failures ranks above a routine one, and a failure after successes above a routine
 * one; no failure ranks above a success.
 *
 * @throws ExperienceError `INVALID_OPTION` when the counts are no whole numbers, or more succeeded than
 *   finished.
 */
export function rewardOf({ outcome, earlier }: RewardFacts): Reward | undefined {
  const { succeeded, finished } = earlier;
  if (!isCount(succeeded) || !isCount(finished) || succeeded > finished) {
    const counts = `${succeeded} of ${finished} earlier runs succeeded`;
    const message = `Cannot tell the reward of a run: ${counts} is not possible`;
    throw new ExperienceError('INVALID_OPTION', message);
  }
  if (outcome !== 'succeeded' && outcome !== 'failed') return undefined;
  const gtScore = outcome === 'succeeded' ? 1 : 0;
  const surprise = Math.abs(gtScore - (succeeded + 1) / (finished + 2));
  return { gtScore, relativeRank: Math.round(surprise * 1e4) / 1e4 };
}

/**
 * Counts the last 20 runs that succeeded or failed.
 *
 * @param outcomes Of the runs of one pipeline, the oldest first.
 */
export function earlierRuns(outcomes: readonly RunOutcome[]): EarlierRuns {
  const finished = outcomes
    .filter((outcome) => outcome === 'succeeded' || outcome === 'failed')
    .slice(-MAX_EARLIER_RUNS);
  const succeeded = finished.filter((outcome) => outcome === 'succeeded').length;
  return { succeeded, finished: finished.length };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
