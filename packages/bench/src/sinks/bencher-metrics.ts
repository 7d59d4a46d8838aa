import type { BenchResults, GuardResult } from '../results/result.js';
import { guardsOf } from './guard-facts.js';

interface Metric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

/** Of names of benchmarks and of slugs of measures there. */
const maxNameCharacters = 1024;
const maxSlugCharacters = 64;

/** Bencher Metric Format: `{ guard: { measure: { value, lower_value, upper_value } } }`. */
export function renderBencherMetrics(results: readonly BenchResults[]): string {
  const benchmarks = guardsOf(results)
    .map((guard) => [guard.guard.slice(0, maxNameCharacters), metricsOf(guard)] as const)
    .filter(([, metrics]) => Object.keys(metrics).length > 0);
  return `${JSON.stringify(Object.fromEntries(benchmarks), null, 2)}\n`;
}

function metricsOf(guard: GuardResult): Readonly<Record<string, Metric>> {
  const finite = guard.measures.filter(({ value }) => Number.isFinite(value));
  return Object.fromEntries(
    finite.map(({ name, value, lower, upper }) => [
      slugOf(name),
      {
        value,
        ...(lower !== undefined && { lower_value: lower }),
        ...(upper !== undefined && { upper_value: upper }),
      },
    ]),
  );
}

function slugOf(name: string): string {
  const known = { cpu: 'cpu-time', wall: 'wall-time' }[name];
  const slug = (known ?? name)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, maxSlugCharacters)
    .replaceAll(/^-|-$/g, '');
  return slug === '' ? 'value' : slug;
}
