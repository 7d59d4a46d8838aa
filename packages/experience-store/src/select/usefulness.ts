import type { Counters } from '../record/record.js';

/** What a record is worth of which nothing is known, or nothing certain. */
export const NEUTRAL_USEFULNESS = 0.5;

/** The quantile of the normal distribution that leaves 10% on one side. */
const ONE_SIDED_90 = 1.2815515655446004;

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The score interval of Wilson ("Probable inference, the law of succession, and statistical inference",
 * Journal of the American Statistical Association 22, 1927) for the rate behind `successes` of `trials`:
 *
 *     (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)    with p = successes / n
 *
 * It holds for few trials too, unlike the usual normal approximation. Without trials it is all of 0..1.
 *
 * @param z How sure: a quantile of the normal distribution. @default 1.2816, 90% on each side
 */
export function wilsonInterval(successes: number, trials: number, z = ONE_SIDED_90): Interval {
  if (trials <= 0) return { lower: 0, upper: 1 };
  const rate = successes / trials;
  const square = (z * z) / trials;
  const centre = rate + square / 2;
  const margin = z * Math.sqrt((rate * (1 - rate)) / trials + square / (4 * trials));
  return {
    lower: Math.max(0, (centre - margin) / (1 + square)),
    upper: Math.min(1, (centre + margin) / (1 + square)),
  };
}

/**
 * How far the outcomes of the runs that were given a record speak for it: a number from 0 (harms) to 1
 * (helps). It is 0.5 for a record that was never used, and stays 0.5 while the outcomes are compatible
 * with chance; beyond that it is the bound of the {@link wilsonInterval} of helped / (helped + harmed)
 * that is nearer to 0.5: the lower one for a record that helped, the upper one for one that harmed. So
 * one lucky run proves nothing, and one unlucky run condemns nothing.
 *
 * Never falls when `helped` grows and never rises when `harmed` grows.
 */
export function usefulnessOf({ helped, harmed }: Pick<Counters, 'helped' | 'harmed'>): number {
  const { lower, upper } = wilsonInterval(helped, helped + harmed);
  return Math.min(Math.max(NEUTRAL_USEFULNESS, lower), upper);
}
