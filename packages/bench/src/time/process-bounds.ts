/**
 * The 99 % quantiles of Student's t distribution, from one degree of freedom on; beyond the table the last
 * one serves, which is a little too wide.
 */
const quantiles = [
  ...[31.821, 6.965, 4.541, 3.747, 3.365, 3.143, 2.998, 2.896, 2.821, 2.764],
  ...[2.718, 2.681, 2.65, 2.624, 2.602, 2.583, 2.567, 2.552, 2.539, 2.528],
  ...[2.518, 2.508, 2.5, 2.492, 2.485, 2.479, 2.473, 2.467, 2.462, 2.457],
];

/**
 * How far the mean of what processes say may be from the truth, to one side, with 99 % confidence. Rounds
 * within a process share its luck, so that only processes count as observations.
 *
 * @param perProcess What each process says; infinity for fewer than two.
 */
export function reachOfProcesses(perProcess: readonly number[]): number {
  const count = perProcess.length;
  if (count < 2) return Number.POSITIVE_INFINITY;
  const mean = meanOf(perProcess);
  const variance = perProcess.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (count - 1);
  const quantile = quantiles[Math.min(count - 1, quantiles.length) - 1] ?? Number.POSITIVE_INFINITY;
  return quantile * Math.sqrt(variance / count);
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
