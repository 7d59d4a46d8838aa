import type { GuardDescription } from '../guard/guard-description.js';
import { unitOf, wrongCounts } from './check-counts.js';
import { failed } from './finding.js';
import type { Finding } from './finding.js';

type Exact = Extract<GuardDescription, { readonly kind: 'exact' }>;

/** Holds counts against their budget. */
export function checkExact({ budget }: Exact, measured: unknown): Finding {
  const wrong = wrongCounts(measured);
  if (wrong !== undefined) return failed(wrong);
  const counts = measured as Readonly<Record<string, number>>;
  const missing = Object.keys(budget).filter((name) => !Object.hasOwn(counts, name));
  if (missing.length > 0) {
    return failed(`the budget names what was not measured: ${missing.join(', ')}`);
  }
  const budgeted = Object.entries(budget).map(([name, limit]) => ({
    name,
    unit: unitOf(name),
    value: counts[name] ?? 0,
    limit,
  }));
  const others = Object.entries(counts)
    .filter(([name]) => !Object.hasOwn(budget, name))
    .map(([name, value]) => ({ name, unit: unitOf(name), value }));
  return { ...judge(budgeted), measures: [...budgeted, ...others] };
}

interface Budgeted {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
}

function judge(counts: readonly Budgeted[]): Pick<Finding, 'reason' | 'verdict'> {
  const above = counts.filter(({ value, limit }) => value > limit);
  if (above.length > 0) {
    const reasons = above.map(
      ({ name, value, limit }) => `${name} is ${value}, the budget is ${limit}`,
    );
    return { verdict: 'regressed', reason: reasons.join('; ') };
  }
  const below = counts.filter(({ value, limit }) => value < limit);
  if (below.length > 0) {
    const reasons = below.map(
      ({ name, value, limit }) =>
        `${name} is ${value}: the budget can be lowered from ${limit} to ${value}`,
    );
    return { verdict: 'improved', reason: reasons.join('; ') };
  }
  const names = counts.map(({ name, value }) => `${name} ${value}`);
  return { verdict: 'held', reason: `as budgeted: ${names.join(', ')}` };
}
