import type {
  Comparison,
  ComparisonVerdict,
  MetricComparison,
  RateComparison,
} from './comparison.js';

type Judged = Pick<MetricComparison | RateComparison, 'id' | 'name' | 'reason' | 'verdict'>;

/**
 * What the single verdicts come to: one that regressed decides; nobody calls it unchanged or improved
 * where the duration of runs could not be told. What else is open is named.
 */
export function overallVerdict(
  metrics: readonly MetricComparison[],
  rates: readonly RateComparison[],
): Pick<Comparison, 'reason' | 'verdict'> {
  const all: readonly Judged[] = [...metrics, ...rates];
  const named = (verdict: ComparisonVerdict): readonly string[] =>
    all.filter((each) => each.verdict === verdict).map(({ name }) => name);
  const regressed = named('regressed');
  if (regressed.length > 0)
    return { verdict: 'regressed', reason: `worse than before: ${list(regressed)}` };
  const duration = metrics.find(({ id }) => id === 'duration');
  if (duration === undefined || metrics.every(({ verdict }) => verdict === 'not-judged')) {
    return { verdict: 'not-judged', reason: duration?.reason ?? 'there is nothing to judge' };
  }
  if (duration.verdict === 'undecided' || duration.verdict === 'not-judged') {
    return { verdict: 'undecided', reason: `duration is ${said(duration)}: ${duration.reason}` };
  }
  const open = [...named('undecided'), ...named('not-judged')];
  const rest = open.length === 0 ? '' : `; not decided: ${list(open)}`;
  const improved = named('improved');
  return improved.length > 0
    ? { verdict: 'improved', reason: `better than before: ${list(improved)}${rest}` }
    : { verdict: 'unchanged', reason: `no difference that matters was found${rest}` };
}

function said({ verdict }: Judged): string {
  return verdict.replace('-', ' ');
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(', ');
  return names.length > SHOWN ? `${shown} and ${String(names.length - SHOWN)} more` : shown;
}

const SHOWN = 8;
