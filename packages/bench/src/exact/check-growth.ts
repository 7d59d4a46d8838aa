import { bootstrapInterval, fitExponent, median } from '@codex-orchestrator/report/statistics';
import type { Interval } from '@codex-orchestrator/report/statistics';

import type { GuardDescription } from '../guard/guard-description.js';
import type { Measure, SizeSample } from '../results/result.js';
import { wrongCounts } from './check-counts.js';
import { failed, shortNumber } from './finding.js';
import type { Finding } from './finding.js';

type Growth = Extract<GuardDescription, { readonly kind: 'growth' }>;

/** How far above what is promised the exponent of a count may be. */
export const countsTolerance = 0.1;
/** The same of processor time, whose exponent is an estimate. */
export const cpuTolerance = 0.25;

const seed = 1;
const microsecondsPerMs = 1000;

/** Holds counts per size, in the order of the sizes, against the promised growth. */
export function checkCountGrowth({ sizes, exponent }: Growth, measured: unknown): Finding {
  if (!Array.isArray(measured) || measured.length !== sizes.length) {
    return failed('the measurement gave no counts for some size');
  }
  const perSize = measured as readonly Readonly<Record<string, number>>[];
  const wrong = sizes.flatMap((size, index) => {
    const why = wrongCounts(perSize[index]);
    return why === undefined ? [] : [`at size ${size}, ${why}`];
  });
  if (wrong[0] !== undefined) return failed(wrong[0]);
  const names = [...new Set(perSize.flatMap((counts) => Object.keys(counts)))];
  const incomplete = names.find((name) => perSize.some((counts) => !Object.hasOwn(counts, name)));
  if (incomplete !== undefined)
    return failed(`the count \`${incomplete}\` is missing at some size`);
  const limit = exponent + countsTolerance;
  const measures = names.map((name) => {
    const points = sizes.map((size, index) => ({ size, cost: perSize[index]?.[name] ?? 0 }));
    return exponentMeasure(name, fitExponent(points), limit);
  });
  const above = measures.filter(({ value }) => value > limit);
  return {
    verdict: above.length > 0 ? 'regressed' : 'held',
    reason: (above.length > 0 ? above : measures).map(sentence).join('; '),
    measures,
    sizes: sizes.map((size, index) => ({ size, costs: perSize[index] ?? {} })),
  };
}

/**
 * Holds processor time against the promised growth. The rounds hold the milliseconds of one call per size,
 * in the order of the sizes.
 */
export function checkCpuGrowth(growth: Growth, rounds: unknown): Finding {
  const { sizes, exponent } = growth;
  if (!areRounds(rounds, sizes.length)) {
    return failed('the measurement gave no processor time for some size');
  }
  const limit = exponent + cpuTolerance;
  const slopes = slopesOf(sizes, rounds);
  const interval = intervalOf(slopes);
  const measure = {
    ...exponentMeasure('cpu', median(slopes), limit),
    lower: interval.lower,
    upper: interval.upper,
  };
  return {
    verdict: verdictOf(interval, limit),
    reason: `${sentence(measure)}, the interval is ${shortNumber(interval.lower)} to ${shortNumber(interval.upper)}`,
    measures: [measure],
    sizes: sizes.map((size, index) => sizeSample(size, rounds, index)),
  };
}

function slopesOf(
  sizes: readonly number[],
  rounds: readonly (readonly number[])[],
): readonly number[] {
  return rounds.map((costs) =>
    fitExponent(
      sizes.map((size, index) => ({ size, cost: (costs[index] ?? 0) * microsecondsPerMs })),
    ),
  );
}

/** From the one-sided lower 95 % bound to the upper one. */
function intervalOf(slopes: readonly number[]): Interval {
  const draw = (random: () => number): number =>
    median(slopes.map(() => slopes[Math.floor(random() * slopes.length)] ?? 0));
  return bootstrapInterval({ draw, level: 0.9, seed });
}

function verdictOf({ lower, upper }: Interval, limit: number): 'held' | 'regressed' | 'undecided' {
  if (lower > limit) return 'regressed';
  return upper <= limit ? 'held' : 'undecided';
}

function areRounds(rounds: unknown, sizes: number): rounds is readonly (readonly number[])[] {
  return (
    Array.isArray(rounds) &&
    rounds.length > 0 &&
    rounds.every(
      (costs) =>
        Array.isArray(costs) &&
        costs.length === sizes &&
        costs.every((cost) => Number.isFinite(cost) && (cost as number) > 0),
    )
  );
}

function sizeSample(size: number, rounds: readonly (readonly number[])[], at: number): SizeSample {
  const inOrder = rounds.map((costs) => costs[at] ?? 0);
  return { size, costs: { cpuMs: median(inOrder) }, rounds: { cpuMs: inOrder } };
}

function exponentMeasure(name: string, value: number, limit: number) {
  return { name: `exponent of ${name}`, unit: 'exponent', value, limit };
}

function sentence({ name, value, limit }: Measure): string {
  const text = `${name} is ${shortNumber(value)}`;
  return limit === undefined ? text : `${text}, the limit is ${shortNumber(limit)}`;
}
