import type { BenchResults, GuardResult, Measure, PairedSample } from '../results/result.js';
import { guardsOf } from './guard-facts.js';

/**
 * The Go benchmark data format, as `benchstat` reads it: each call of a time guard is one line under
 * `build: base` or `build: candidate`, each count one of a unit that is exact, and each size one of its own.
 * `benchstat -col build <file>` holds both builds against each other.
 */
export function renderGoBenchmark(results: readonly BenchResults[]): string {
  const exact = new Set(
    guardsOf(results)
      .flatMap((guard) => (guard.kind === 'exact' ? guard.measures : []))
      .map(unitName),
  );
  return [
    ...[...exact].sort().map((unit) => `Unit ${unit} assume=exact`),
    ...results.flatMap(linesOf),
    '',
  ].join('\n');
}

function linesOf(results: BenchResults): readonly string[] {
  const { machine, project, guards } = results;
  const place = [
    `goos: ${value(machine.os)}`,
    `goarch: ${value(machine.arch)}`,
    `pkg: ${value(project)}`,
    `cpu: ${value(machine.cpuModel)}`,
    `node: ${value(machine.node)}`,
  ];
  const suffix = `-${machine.cpus}`;
  const base = guards.flatMap((guard) => callLines(guard, 'base', suffix));
  const candidate = guards.flatMap((guard) => [
    ...callLines(guard, 'candidate', suffix),
    ...countLines(guard, suffix),
    ...sizeLines(guard, suffix),
  ]);
  return ['', ...place, ...underBuild('base', base), ...underBuild('candidate', candidate)];
}

function underBuild(build: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`build: ${build}`, ...lines];
}

function callLines(
  { guard, samples = [] }: GuardResult,
  side: 'base' | 'candidate',
  suffix: string,
): readonly string[] {
  const name = benchmarkName(guard);
  return samples
    .flatMap(({ calls }: PairedSample) => calls.filter((call) => call.side === side))
    .map(
      ({ cpuMs, wallMs }) =>
        `${name}${suffix}\t1\t${nanoseconds(wallMs)} ns/op\t${nanoseconds(cpuMs)} cpu-ns/op`,
    );
}

function countLines({ kind, guard, measures }: GuardResult, suffix: string): readonly string[] {
  const finite = measures.filter((measure) => Number.isFinite(measure.value));
  if (kind !== 'exact' || finite.length === 0) return [];
  const values = finite.map((measure) => `${measure.value} ${unitName(measure)}`);
  return [`${benchmarkName(guard)}${suffix}\t1\t${values.join('\t')}`];
}

function sizeLines({ guard, sizes = [] }: GuardResult, suffix: string): readonly string[] {
  return sizes.flatMap(({ size, costs }) => {
    const values = Object.entries(costs)
      .filter(([, cost]) => Number.isFinite(cost))
      .map(([name, cost]) => `${cost} ${word(name)}`);
    if (values.length === 0) return [];
    return [`${benchmarkName(guard)}/size=${size}${suffix}\t1\t${values.join('\t')}`];
  });
}

function unitName({ name }: Measure): string {
  return word(name);
}

function nanoseconds(ms: number): number {
  return Math.round(ms * 1e6);
}

/** `core/append-lines` as `BenchmarkCore/append-lines`: behind the word no small letter may stand. */
function benchmarkName(guard: string): string {
  const name = word(guard);
  return `Benchmark${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** Words end at white space there, and `-<number>` at the end of one means processors. */
function word(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}_./-]+/gu, '-').replace(/-(?=\d+$)/, '_');
  return plain === '' ? '_' : plain;
}

/** A value ends with its line. */
function value(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ').trim();
}
