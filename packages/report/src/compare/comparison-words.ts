import type { Interval } from '../statistics/bootstrap-interval.js';
import type {
  ComparedSide,
  Comparison,
  ComparisonMethod,
  ComparisonVerdict,
  Distribution,
  MetricComparison,
  RateComparison,
} from './comparison.js';
import type { MachineFingerprint } from './run-sample.js';

/** One line of the table of a comparison. Names can come from outside; everything else is made here. */
export interface ComparisonRow {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly ratio: string;
  readonly verdict: string;
}

/** The table of a comparison, one line per metric and per rate. */
export function rowsOf({ metrics, rates }: Comparison): readonly ComparisonRow[] {
  return [...metrics.map(rowOfMetric), ...rates.map(rowOfRate)];
}

function rowOfMetric(metric: MetricComparison): ComparisonRow {
  return {
    name: metric.name,
    before: describeMedian(metric.before, metric.unit),
    after: describeMedian(metric.after, metric.unit),
    ratio: describeRatio(metric),
    verdict: verdictWords(metric.verdict),
  };
}

function rowOfRate({ name, before, after, ...rate }: RateComparison): ComparisonRow {
  return {
    name,
    before: `${String(before.hits)} of ${String(before.runs)}`,
    after: `${String(after.hits)} of ${String(after.runs)}`,
    ratio: describeDifference(rate),
    verdict: verdictWords(rate.verdict),
  };
}

function describeMedian({ values, median }: Distribution, unit: MetricComparison['unit']): string {
  if (median === null) return 'not known';
  return `${describeValue(median, unit)} (${String(values.length)})`;
}

function describeRatio({ ratio, interval, test }: MetricComparison): string {
  if (ratio === null) return '-';
  const around = test === 'exact' ? ' exact' : bracketed(interval, (value) => value.toFixed(3));
  return `${ratio.toFixed(3)}${around}`;
}

function describeDifference({
  difference,
  interval,
}: Pick<RateComparison, 'difference' | 'interval'>): string {
  if (difference === null) return '-';
  const points = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`;
  return `${points(difference)}${bracketed(interval, points)} points`;
}

function bracketed(interval: Interval | null, show: (value: number) => string): string {
  return interval === null ? '' : ` [${show(interval.lower)}, ${show(interval.upper)}]`;
}

/** With its unit, to the microsecond below a second and to the millisecond above; counts as they are. */
export function describeValue(value: number, unit: MetricComparison['unit']): string {
  if (unit === 'bytes') return `${short(value)} B`;
  if (unit === 'count') return short(value);
  return value < 1000 ? `${short(value)} ms` : `${(value / 1000).toFixed(3)} s`;
}

function short(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

export function verdictWords(verdict: ComparisonVerdict): string {
  return verdict.replaceAll('-', ' ');
}

/** Why each metric and rate that is not simply unchanged got its verdict. */
export function reasonsOf({ metrics, rates }: Comparison): readonly string[] {
  return [
    ...metrics.map((metric) => ({ ...metric, more: evidenceOf(metric) })),
    ...rates.map((rate) => ({ ...rate, more: '' })),
  ]
    .filter(({ verdict }) => verdict !== 'unchanged')
    .map(
      ({ name, verdict, reason, more }) => `${name}, ${verdictWords(verdict)}: ${reason}${more}.`,
    );
}

function evidenceOf({ p, smallestVisible, verdict }: MetricComparison): string {
  const rank = p === null ? '' : `; rank-sum p ${p < 0.0001 ? 'below 0.0001' : p.toFixed(4)}`;
  if (verdict !== 'undecided' || smallestVisible === null) return rank;
  return `${rank}; these runs would have shown an increase from ${smallestVisible.toFixed(3)} up`;
}

/** One sentence per side: which runs, and which of them count. */
export function describeRuns(side: ComparedSide): string {
  const { label, leftOut, measured, repeated, runIds } = side;
  const others = leftOut.map(({ status, runs }) => `${String(runs)} ${status}`);
  const parts = [
    `${countRuns(runIds.length)}${label === null ? '' : ` (${label})`}`,
    `${String(measured)} measured`,
    ...(others.length === 0 ? [] : [`left out: ${others.join(', ')}`]),
    ...(repeated.length === 0 ? [] : [`given more than once: ${listed(repeated)}`]),
    ...(side.firstStartedAt === null
      ? []
      : [`begun ${side.firstStartedAt} to ${side.lastStartedAt ?? ''}`]),
    ...commitPart(side),
  ];
  return `${parts.join('; ')}.`;
}

function commitPart({ commits }: ComparedSide): readonly string[] {
  const known = commits.flatMap(({ commit }) => commit?.slice(0, 12) ?? []);
  return known.length === 0 ? [] : [`commit ${listed(known)}`];
}

function countRuns(runs: number): string {
  return runs === 1 ? '1 run' : `${String(runs)} runs`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${String(names.length - 5)} more` : shown;
}

/** The machines of one side, one line each. */
export function describeMachines({ machines }: ComparedSide): readonly string[] {
  return machines.map(
    ({ machine, runs }) =>
      `${countRuns(runs)}: ${machine === null ? 'machine not known' : describeMachine(machine)}`,
  );
}

export function describeMachine(machine: MachineFingerprint): string {
  const { id, cpuModel, cpus, memoryMb, os, arch, node } = machine;
  return `${id}, ${cpuModel}, ${String(cpus)} processors, ${String(memoryMb)} MB, ${os} ${arch}, Node ${node}`;
}

/** How the verdicts came about, and what gives the same digits again. */
export function describeMethod(method: ComparisonMethod): readonly string[] {
  const { level, seed, resamples, margin, minRuns } = method;
  const wide = 1 + 2 * margin;
  const limits = [1 + margin, 1 / (1 + margin), 1 / wide, wide].map((limit) => limit.toFixed(3));
  const [above, below, from, to] = limits;
  const percent = String(Math.round(level * 10_000) / 100);
  return [
    `Ratio: median after over median before; interval: bootstrap of the ratio of medians, ${String(resamples)} resamples, ${percent} %, seed ${String(seed)}.`,
    `Regressed: all of the interval is above ${above ?? ''}; improved: below ${below ?? ''}; unchanged: within ${from ?? ''} and ${to ?? ''}; else undecided. At least ${String(minRuns)} succeeded runs of each side, all of one machine.`,
    'Exact: a count that is the same in every run of a side, of at least three.',
    `Rates: difference of shares over all runs that ended, in points, with Newcombe's interval, ${percent} %.`,
  ];
}
