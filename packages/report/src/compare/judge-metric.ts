import type { Interval } from '../statistics/bootstrap-interval.js';
import { median } from '../statistics/median.js';
import { rankSum } from '../statistics/rank-sum.js';
import { ratioOfMedians } from '../statistics/ratio-of-medians.js';
import type { ComparisonMethod, MetricComparison } from './comparison.js';
import type { MetricValues } from './metric-definitions.js';

/** The verdict on one metric; `barrier` says why it cannot be judged, whatever its values are. */
export function judgeMetric(
  { kind, ...values }: MetricValues,
  barrier: string | null,
  method: ComparisonMethod,
): MetricComparison {
  const medians = { before: medianOf(values.before), after: medianOf(values.after) };
  const base = {
    ...values,
    before: { values: values.before, median: medians.before },
    after: { values: values.after, median: medians.after },
    ratio: ratioOf(medians.before, medians.after),
  };
  if (barrier !== null) return { ...base, ...notJudged(barrier) };
  const judgement =
    kind === 'count' && isConstant(values.before) && isConstant(values.after)
      ? judgeExactly(values.before[0] ?? 0, values.after[0] ?? 0)
      : judgeByInterval(values, medians.before, method);
  return { ...base, ...judgement };
}

type Judgement = Pick<
  MetricComparison,
  'interval' | 'p' | 'reason' | 'smallestVisible' | 'test' | 'verdict'
>;

/** Fewer runs that agree don't show that the count never varies. */
const EXACT_FROM = 3;

function isConstant(values: readonly number[]): boolean {
  return values.length >= EXACT_FROM && values.every((value) => value === values[0]);
}

function judgeExactly(before: number, after: number): Judgement {
  const exact = { interval: null, p: null, smallestVisible: null, test: 'exact' } as const;
  if (after === before) {
    return { ...exact, verdict: 'unchanged', reason: `it is ${String(after)} in every run` };
  }
  return {
    ...exact,
    verdict: after > before ? 'regressed' : 'improved',
    reason: `it was ${String(before)} in every run and is ${String(after)} in every run`,
  };
}

function judgeByInterval(
  { before, after }: Pick<MetricValues, 'after' | 'before'>,
  medianBefore: number | null,
  method: ComparisonMethod,
): Judgement {
  const { minRuns } = method;
  if (before.length < minRuns || after.length < minRuns) {
    const runs = `${String(before.length)} before and ${String(after.length)} after`;
    return notJudged(`it is known of ${runs}, at least ${String(minRuns)} of each are needed`);
  }
  if (medianBefore === 0)
    return notJudged('its median before is 0, of which nothing is a multiple');
  const { ratio, interval } = ratioOfMedians(before, after, method);
  return {
    ...verdictOn(interval, method),
    interval: Number.isFinite(interval.upper) ? interval : null,
    test: 'bootstrap',
    p: rankSum(before, after).p,
    smallestVisible: interval.lower > 0 ? ((1 + method.margin) * ratio) / interval.lower : null,
  };
}

function notJudged(reason: string): Judgement {
  return {
    interval: null,
    p: null,
    smallestVisible: null,
    test: null,
    verdict: 'not-judged',
    reason,
  };
}

function verdictOn(
  interval: Interval,
  { margin }: ComparisonMethod,
): Pick<MetricComparison, 'reason' | 'verdict'> {
  const { lower, upper } = interval;
  const range = `the ratio is between ${digits(lower)} and ${digits(upper)}`;
  const limit = 1 + margin;
  if (lower > limit) return { verdict: 'regressed', reason: `${range}, above ${digits(limit)}` };
  if (upper < 1 / limit) {
    return { verdict: 'improved', reason: `${range}, below ${digits(1 / limit)}` };
  }
  const wide = 1 + 2 * margin;
  if (lower >= 1 / wide && upper <= wide) {
    const within = `within ${digits(1 / wide)} and ${digits(wide)}`;
    return { verdict: 'unchanged', reason: `${range}, ${within}` };
  }
  return { verdict: 'undecided', reason: `${range}, which leaves both open` };
}

function medianOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : median(values);
}

function ratioOf(before: number | null, after: number | null): number | null {
  return before === null || after === null || before === 0 ? null : after / before;
}

function digits(ratio: number): string {
  return Number.isFinite(ratio) ? ratio.toFixed(3) : 'any number';
}
