import { medianOfLogRatios, pairedBounds } from '@codex-orchestrator/report/statistics';

import { meanOf, reachOfProcesses } from './process-bounds.js';

/** How large a change must be to be told, each as a share: 0.03 is 3 %. */
export interface TimeRule {
  /** Less than this is nobody's business; a regression is above it beyond doubt. @default 0.03 */
  readonly margin: number;
  /** What every single process must show of a regression where there are no more than three. @default 0.02 */
  readonly agreement: number;
  /** The build is unchanged where a slowdown of this much can be ruled out. @default 0.1 */
  readonly ceiling: number;
}

export const defaultTimeRule: TimeRule = { margin: 0.03, agreement: 0.02, ceiling: 0.1 };

/** What log ratios of the processor time of two builds say; all numbers are ratios such as 1.04. */
export interface TimeJudgement {
  readonly verdict: 'regressed' | 'improved' | 'unchanged' | 'undecided';
  readonly ratio: number;
  /** The true ratio is above it with 99 %. */
  readonly lower: number;
  /** The true ratio is below it with 99 %. */
  readonly upper: number;
  /** Median of each process. */
  readonly perProcess: readonly number[];
  /** The smallest slowdown that would have been found under the same noise. */
  readonly smallestVisible: number;
}

export interface JudgeOptions {
  /** Of the resampling. */
  readonly seed: number;
  readonly rule?: TimeRule;
}

/**
 * Judges one build against another by the logarithms of their ratios, in groups of one process each.
 *
 * That an interval leaves out a ratio of 1 is not enough to call it a regression: the layout of a process
 * alone does that to equal builds. It must leave out the margin, and of few processes none may disagree. The
 * interval is the wider one of two: that of the rounds within processes, and that of what processes say.
 *
 * @throws ReportError `SAMPLES_EMPTY`, `SAMPLES_INVALID`
 */
export function judgePairs(
  groups: readonly (readonly number[])[],
  { seed, rule = defaultTimeRule }: JudgeOptions,
): TimeJudgement {
  const { estimate, perGroup } = medianOfLogRatios(groups);
  const { lower, upper } = boundsOf(groups, perGroup, seed);
  const [margin, agreement] = [Math.log1p(rule.margin), Math.log1p(rule.agreement)];
  const isFew = perGroup.length <= fewProcesses;
  const verdict = (): TimeJudgement['verdict'] => {
    const agree = (sign: 1 | -1): boolean =>
      !isFew || perGroup.every((one) => sign * one > agreement);
    if (lower > margin && agree(1)) return 'regressed';
    if (upper < -margin && agree(-1)) return 'improved';
    return upper < Math.log1p(rule.ceiling) ? 'unchanged' : 'undecided';
  };
  const visible = Math.max(
    margin + (estimate - lower),
    ...(isFew ? perGroup.map((one) => agreement + (estimate - one)) : []),
  );
  return {
    verdict: verdict(),
    ratio: Math.exp(estimate),
    lower: Math.exp(lower),
    upper: Math.exp(upper),
    perProcess: perGroup.map(Math.exp),
    smallestVisible: Math.exp(visible),
  };
}

/** `+4.2 %` of the ratio 1.042. */
export function percent(ratio: number): string {
  const value = (ratio - 1) * 100;
  return `${value < 0 ? '' : '+'}${value.toFixed(1)} %`;
}

/** The ratio of a judgement with its bounds, in words. */
export function describeRatio({ ratio, lower, upper, perProcess }: TimeJudgement): string {
  const bounds = `between ${percent(lower)} and ${percent(upper)}`;
  return `${percent(ratio)}, ${bounds} over ${perProcess.length} processes`;
}

function boundsOf(
  groups: readonly (readonly number[])[],
  perGroup: readonly number[],
  seed: number,
): { readonly lower: number; readonly upper: number } {
  const within = pairedBounds(groups, { seed, levels: [level] });
  const mean = meanOf(perGroup);
  const reach = reachOfProcesses(perGroup);
  return {
    lower: Math.min(within.lower(level), mean - reach),
    upper: Math.max(within.upper(level), mean + reach),
  };
}

/** Of each bound. With less, a slowdown of the size of the ceiling would too often be taken for none. */
const level = 0.99;
/** Processes of one batch: their agreement says more than the spread of three numbers. */
const fewProcesses = 3;
