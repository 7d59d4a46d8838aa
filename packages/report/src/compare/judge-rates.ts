import { differenceOfShares } from '../statistics/difference-of-shares.js';
import type { ComparisonMethod, Rate, RateComparison } from './comparison.js';
import type { RunSample } from './run-sample.js';

/** How often runs succeeded, and how often a stage of them had to be tried again, of all that ended. */
export function judgeRates(
  before: readonly RunSample[],
  after: readonly RunSample[],
  method: ComparisonMethod,
): readonly RateComparison[] {
  const ended = { before: before.filter(hasEnded), after: after.filter(hasEnded) };
  return rates.map(({ happened, isGood, ...rate }) => {
    const counted = {
      before: rateOf(ended.before, happened),
      after: rateOf(ended.after, happened),
    };
    return { ...rate, ...counted, ...judge(counted, isGood, method) };
  });
}

interface RateDefinition extends Pick<RateComparison, 'id' | 'name'> {
  readonly happened: (sample: RunSample) => boolean;
  readonly isGood: boolean;
}

const rates: readonly RateDefinition[] = [
  {
    id: 'success',
    name: 'runs that succeeded',
    happened: ({ status }) => status === 'succeeded',
    isGood: true,
  },
  {
    id: 'retries',
    name: 'runs with retries',
    happened: ({ stages }) => stages.some(({ attempts }) => attempts > 1),
    isGood: false,
  },
];

export function hasEnded({ status }: RunSample): boolean {
  return !['queued', 'in_progress', 'pending', 'running'].includes(status);
}

function rateOf(samples: readonly RunSample[], happened: (sample: RunSample) => boolean): Rate {
  return { hits: samples.filter(happened).length, runs: samples.length };
}

type Judgement = Pick<RateComparison, 'difference' | 'interval' | 'reason' | 'verdict'>;

function judge(
  { before, after }: { readonly before: Rate; readonly after: Rate },
  isGood: boolean,
  { level, margin }: ComparisonMethod,
): Judgement {
  if (before.runs === 0 || after.runs === 0) {
    const reason = `no run ${before.runs === 0 ? 'before' : 'after'} has ended`;
    return { difference: null, interval: null, verdict: 'not-judged', reason };
  }
  const { difference, interval } = differenceOfShares(before, after, level);
  const { lower, upper } = interval;
  const range = `the difference is between ${points(lower)} and ${points(upper)} points`;
  const judged = (verdict: Judgement['verdict'], why: string): Judgement => ({
    difference,
    interval,
    verdict,
    reason: `${range}, ${why}`,
  });
  if (lower > 0) return judged(isGood ? 'improved' : 'regressed', 'above 0');
  if (upper < 0) return judged(isGood ? 'regressed' : 'improved', 'below 0');
  if (lower >= -2 * margin && upper <= 2 * margin) {
    return judged('unchanged', `at most ${points(2 * margin)} either way`);
  }
  return judged('undecided', 'which leaves both open');
}

function points(share: number): string {
  return (share * 100).toFixed(1);
}
