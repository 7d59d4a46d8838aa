import type { GuardResult } from '../results/result.js';

/** What a measurement says about a promise. */
export type Finding = Pick<GuardResult, 'measures' | 'reason' | 'sizes' | 'verdict'>;

/** No result, which is a defect. */
export function failed(reason: string): Finding {
  return { verdict: 'failed', reason, measures: [] };
}

/** At most four digits after the point, for reasons. */
export function shortNumber(value: number): string {
  return String(Number(value.toFixed(4)));
}
