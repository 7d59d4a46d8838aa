import { errorFunction, wilcoxonRankSum } from 'simple-statistics';

import { checkValues } from './check-values.js';

/**
 * The rank-sum test of Wilcoxon, Mann and Whitney, two-sided: how likely samples as different as these are
 * where both come from the same distribution. It is exact up to twenty values on each side without ties;
 * beyond, the normal approximation corrected for ties and continuity, whose `p` has six digits.
 *
 * @throws ReportError `SAMPLES_EMPTY`, or `SAMPLES_INVALID` where a value is no finite number.
 */
export function rankSum(
  before: readonly number[],
  after: readonly number[],
): { readonly p: number } {
  checkValues('rank sum', before);
  checkValues('rank sum', after);
  const sizes = { before: before.length, after: after.length };
  const ranks = wilcoxonRankSum(before, after);
  // How many pairs have the greater value before; half of a tie.
  const wins = ranks - (sizes.before * (sizes.before + 1)) / 2;
  const ties = tieSizes([...before, ...after]);
  const isSmall = Math.max(sizes.before, sizes.after) <= EXACT_UP_TO;
  const p = isSmall && ties.length === 0 ? exactP(wins, sizes) : normalP(wins, sizes, ties);
  return { p: Math.min(1, Math.max(0, p)) };
}

const EXACT_UP_TO = 20;

interface Sizes {
  readonly before: number;
  readonly after: number;
}

/** How many values are the same, for each value that occurs more than once. */
function tieSizes(values: readonly number[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].filter((count) => count > 1);
}

function exactP(wins: number, { before, after }: Sizes): number {
  const ways = waysByWins(before, after);
  const all = ways.reduce((total, count) => total + count, 0);
  const tail = Math.min(wins, before * after - wins);
  const within = ways.slice(0, tail + 1).reduce((total, count) => total + count, 0);
  return (2 * within) / all;
}

/** In how many orders of the values each number of wins comes about: the coefficients of the q-binomial. */
function waysByWins(before: number, after: number): number[] {
  let ways = [1];
  for (let step = 1; step <= before; step++) {
    ways = dividedBy(multipliedBy(ways, after + step), step);
  }
  return ways;
}

/** The polynomial times `1 - q^power`. */
function multipliedBy(ways: readonly number[], power: number): number[] {
  const product = [...ways, ...new Array<number>(power).fill(0)];
  ways.forEach((count, at) => {
    product[at + power] = (product[at + power] ?? 0) - count;
  });
  return product;
}

/** The polynomial over `1 - q^power`, of which it is a multiple. */
function dividedBy(product: readonly number[], power: number): number[] {
  const quotient: number[] = [];
  for (let at = 0; at < product.length - power; at++) {
    quotient.push((product[at] ?? 0) + (at >= power ? (quotient[at - power] ?? 0) : 0));
  }
  return quotient;
}

function normalP(wins: number, { before, after }: Sizes, ties: readonly number[]): number {
  const all = before + after;
  const tied = ties.reduce((sum, count) => sum + (count ** 3 - count), 0);
  const variance = ((before * after) / 12) * (all + 1 - tied / (all * (all - 1)));
  if (variance <= 0) return 1;
  const distance = Math.max(0, Math.abs(wins - (before * after) / 2) - 0.5);
  return 1 - errorFunction(distance / Math.sqrt(2 * variance));
}
