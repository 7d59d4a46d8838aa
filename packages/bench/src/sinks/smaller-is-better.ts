import type { BenchResults, GuardResult, Measure } from '../results/result.js';
import { guardsOf, ratioText } from './guard-facts.js';

interface Point {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra: string;
}

/**
 * What github-action-benchmark reads as `customSmallerIsBetter`: one point per number of a guard, with the
 * half-width of its interval as `range`. Of time guards the value is the processor time of the candidate.
 */
export function renderSmallerIsBetter(results: readonly BenchResults[]): string {
  return `${JSON.stringify(guardsOf(results).flatMap(pointsOf), null, 2)}\n`;
}

function pointsOf(guard: GuardResult): readonly Point[] {
  return guard.measures
    .filter(({ value }) => Number.isFinite(value))
    .map((measure) => ({
      name: `${guard.guard}: ${measure.name}`,
      unit: measure.unit,
      value: measure.value,
      ...rangeOf(measure),
      extra: [guard.verdict, ratioText(guard), guard.reason].filter((text) => text).join('\n'),
    }));
}

function rangeOf({ lower, upper }: Measure): { range?: string } {
  if (lower === undefined || upper === undefined) return {};
  return { range: `± ${Number(((upper - lower) / 2).toPrecision(3))}` };
}
