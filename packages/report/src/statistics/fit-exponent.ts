import { linearRegression } from 'simple-statistics';

import { ReportError } from '../errors.js';
import { checkValues } from './check-values.js';

export interface CostPoint {
  /** How much there was to do. Above 0. */
  readonly size: number;
  /** What it cost, in any unit. 0 counts as 1. */
  readonly cost: number;
}

/**
 * The power of the size that the cost grows with: 0 is constant, 1 linear, 2 quadratic. It is the slope of
 * the line through the logarithms.
 *
 * @throws ReportError `SAMPLES_EMPTY`; `SAMPLES_INVALID` where a size is not above 0, a cost is negative, or
 * all sizes are the same.
 */
export function fitExponent(points: readonly CostPoint[]): number {
  checkValues(
    'exponent',
    points.flatMap(({ size, cost }) => [size, cost]),
  );
  const wrong = points.find(({ size, cost }) => size <= 0 || cost < 0);
  if (wrong !== undefined) {
    throw new ReportError(
      'SAMPLES_INVALID',
      `Cannot compute the exponent: a cost of ${wrong.cost} at size ${wrong.size} has no logarithm`,
    );
  }
  if (new Set(points.map(({ size }) => size)).size < 2) {
    throw new ReportError(
      'SAMPLES_INVALID',
      'Cannot compute the exponent: all points are of one size',
    );
  }
  const logs = points.map(({ size, cost }) => [Math.log(size), cost === 0 ? 0 : Math.log(cost)]);
  return linearRegression(logs).m;
}
