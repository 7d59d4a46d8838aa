import type { Iteration } from '../loop/iteration.js';

/**
 * The iteration with the best result: most validators passed, then fewest that did not, then one that
 * left the protected files alone, then one whose turns all completed, and of equals the earliest, which
 * got there with the least change. Where nobody judges, the latest that completed, as each one goes on
 * from the one before. Null where there is none.
 */
export function bestIteration(iterations: readonly Iteration[]): number | null {
  const judged = iterations.filter(({ validators }) => validators.length > 0);
  if (judged.length === 0) return iterations.findLast(({ completed }) => completed)?.n ?? null;
  let best = judged[0];
  for (const iteration of judged) {
    if (best && isBetter(iteration, best)) best = iteration;
  }
  return best?.n ?? null;
}

function isBetter(one: Iteration, other: Iteration): boolean {
  const difference = rank(one)
    .map((value, index) => value - (rank(other)[index] ?? 0))
    .find((value) => value !== 0);
  return difference !== undefined && difference > 0;
}

function rank({ validators, tampered, completed }: Iteration): number[] {
  const passed = validators.filter(({ outcome }) => outcome === 'passed').length;
  const untouched = tampered.length === 0;
  return [passed, passed - validators.length, untouched ? 1 : 0, completed ? 1 : 0];
}
