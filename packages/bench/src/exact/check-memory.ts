import { median } from '@codex-orchestrator/report/statistics';

import type { GuardDescription } from '../guard/guard-description.js';
import { failed, shortNumber } from './finding.js';
import type { Finding } from './finding.js';

type Memory = Extract<GuardDescription, { readonly kind: 'memory' }>;

/**
 * Holds what the peak of a process grows by per byte of input against what is promised. The peaks are in
 * bytes, per size several, null where the system does not tell them.
 */
export function checkMemory(
  { inputBytes, slope }: Memory,
  peaks: readonly (readonly (number | null)[])[],
): Finding {
  if (peaks.some((perSize) => perSize.includes(null))) {
    const reason = 'this system does not tell the peak of the memory of a process';
    return { verdict: 'undecided', reason, measures: [] };
  }
  const known = peaks as readonly (readonly number[])[];
  if (known.length !== inputBytes.length || known.some(isUnusable)) {
    return failed('the measurement gave no peak for some size');
  }
  const sizes = inputBytes.map((size, index) => {
    const inOrder = known[index] ?? [];
    return { size, costs: { peakBytes: median(inOrder) }, rounds: { peakBytes: inOrder } };
  });
  const smallest = sizes[0];
  const largest = sizes.at(-1);
  if (smallest === undefined || largest === undefined) return failed('there are no sizes');
  const value =
    (largest.costs.peakBytes - smallest.costs.peakBytes) / (largest.size - smallest.size);
  return {
    verdict: value > slope ? 'regressed' : 'held',
    reason: `the peak grows by ${shortNumber(value)} bytes per byte of input, the limit is ${shortNumber(slope)}`,
    measures: [{ name: 'peak per input byte', unit: 'ratio', value, limit: slope }],
    sizes,
  };
}

function isUnusable(perSize: readonly number[]): boolean {
  return perSize.length === 0 || perSize.some((peak) => !(Number.isFinite(peak) && peak > 0));
}
