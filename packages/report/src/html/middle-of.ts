import { median } from '../statistics/median.js';

/** The median; undefined of nothing. */
export function middleOf(values: readonly number[]): number | undefined {
  const finite = values.filter((value) => Number.isFinite(value));
  return finite.length === 0 ? undefined : median(finite);
}
