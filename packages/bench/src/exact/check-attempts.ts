import type { GuardDescription } from '../guard/guard-description.js';
import { checkExact } from './check-exact.js';
import { checkCountGrowth } from './check-growth.js';
import { failed } from './finding.js';
import type { Finding } from './finding.js';

/** Holds counts that were taken more than once, because they broke the promise, against it: the last decides. */
export function checkAttempts(description: GuardDescription, taken: unknown): Finding {
  if (!Array.isArray(taken) || taken.length === 0) return failed('the measurement gave no counts');
  const findings = taken.map((counts: unknown) => checkCounts(description, counts));
  const [first] = findings;
  const last = findings.at(-1);
  if (first === undefined || last === undefined) return failed('the measurement gave no counts');
  const changed = first.verdict !== last.verdict;
  const before = changed ? ` (counted ${taken.length} times; at first ${first.reason})` : '';
  return { ...last, reason: `${last.reason}${before}` };
}

function checkCounts(description: GuardDescription, counts: unknown): Finding {
  switch (description.kind) {
    case 'exact':
      return checkExact(description, counts);
    case 'growth':
      return checkCountGrowth(description, counts);
    case 'memory':
    case 'time':
      return failed(`a guard of ${description.kind} has no counts`);
  }
}
