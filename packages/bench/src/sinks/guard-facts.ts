import { formatQuantity } from '@codex-orchestrator/report/html';
import type { Unit } from '@codex-orchestrator/report/html';

import type {
  BenchResults,
  GuardResult,
  GuardVerdict,
  Measure,
  PairedSample,
} from '../results/result.js';

/** What reports say beyond the results themselves. */
export interface ReportExtras {
  /** Notes of the history, which never decide; each one sentence. */
  readonly trend?: readonly string[];
}

export function guardsOf(results: readonly BenchResults[]): readonly GuardResult[] {
  return results.flatMap(({ guards }) => guards);
}

/** The one sentence that a report begins with. */
export function verdictSentence(results: readonly BenchResults[]): string {
  const guards = guardsOf(results);
  const count = (verdict: GuardVerdict): number =>
    guards.filter((guard) => guard.verdict === verdict).length;
  const controls = results.flatMap((each) => each.controls).filter(({ passed }) => !passed).length;
  const bad = [
    count('failed') > 0 && `${count('failed')} without a result`,
    count('regressed') > 0 && `${count('regressed')} regressed`,
    controls > 0 && `${controls} ${controls === 1 ? 'control' : 'controls'} not passed`,
    count('undecided') > 0 && `${count('undecided')} undecided`,
  ].filter((part) => part !== false);
  const total = `${guards.length} ${guards.length === 1 ? 'guard' : 'guards'}`;
  if (guards.length === 0) return 'No guard was checked.';
  return bad.length === 0 ? `All of ${total} hold.` : `Of ${total}: ${bad.join(', ')}.`;
}

/** The worst that is in the results, as one verdict. */
export function worstVerdict(results: readonly BenchResults[]): GuardVerdict {
  const verdicts = new Set(guardsOf(results).map(({ verdict }) => verdict));
  if (verdicts.size === 0 || results.some(({ controls }) => controls.some((each) => !each.passed)))
    return 'failed';
  const order = ['failed', 'regressed', 'undecided'] as const;
  return order.find((verdict) => verdicts.has(verdict)) ?? 'held';
}

export function measureOf(guard: GuardResult, name: string): Measure | undefined {
  return guard.measures.find((measure) => measure.name === name);
}

/** `12.0 ms → 12.6 ms`, or what was counted against what is allowed. */
export function costText(guard: GuardResult): string {
  const costs = guard.measures.filter(({ name }) => name !== 'ratio' && name !== 'wall');
  const shown = costs.filter(({ base, limit }) => base !== undefined || limit !== undefined);
  const measures = shown.length > 0 ? shown : costs;
  const texts = measures.slice(0, 3).map(measureText);
  const more = measures.length - texts.length;
  return [...texts, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

export function measureText({ name, unit, value, base, limit }: Measure): string {
  // A share, such as bytes per byte, is no factor.
  const amount = (one: number): string =>
    unit === 'ratio' ? formatQuantity(one, 'exponent') : quantity(one, unit);
  const from = base === undefined ? '' : `${amount(base)} → `;
  const most = limit === undefined ? '' : ` of ${amount(limit)}`;
  return `${name} ${from}${amount(value)}${most}`;
}

/** `×1.03 [×1.01, ×1.05]`. */
export function ratioText(guard: GuardResult): string {
  const ratio = measureOf(guard, 'ratio');
  if (ratio === undefined) return '';
  const { value, lower, upper } = ratio;
  const text = quantity(value, 'ratio');
  if (lower === undefined || upper === undefined) return text;
  return `${text} [${quantity(lower, 'ratio')}, ${quantity(upper, 'ratio')}]`;
}

/** `3 × 12`: processes and rounds of each. */
export function roundsText({ samples }: GuardResult): string {
  if (samples === undefined || samples.length === 0) return '';
  const processes = new Set(samples.map(({ process }) => process)).size;
  return `${processes} × ${Math.round(samples.length / processes)}`;
}

export function quantity(value: number, unit: string): string {
  return isUnit(unit) ? formatQuantity(value, unit) : `${formatQuantity(value, 'count')} ${unit}`;
}

function isUnit(unit: string): unit is Unit {
  return ['bytes', 'count', 'exponent', 'ms', 'ratio', 'time'].includes(unit);
}

/** Processor time of the candidate to that of the base in a round, each side's calls together. */
export function roundRatio({ calls }: PairedSample): number | undefined {
  const mean = (side: 'base' | 'candidate'): number | undefined => {
    const own = calls.filter((call) => call.side === side).map(({ cpuMs }) => cpuMs);
    return own.length === 0 ? undefined : own.reduce((sum, each) => sum + each, 0) / own.length;
  };
  const [base, candidate] = [mean('base'), mean('candidate')];
  return base === undefined || candidate === undefined || base <= 0 ? undefined : candidate / base;
}

/** Counts that are not what they were or not what they may be. */
export function changedCounts(guard: GuardResult): readonly Measure[] {
  if (guard.kind !== 'exact') return [];
  return guard.measures.filter(
    ({ value, base, limit }) =>
      (base !== undefined && base !== value) || (limit !== undefined && limit !== value),
  );
}

export function repeatCommand({ part, project, seed, base }: BenchResults): string {
  const from = part === 'time' && base?.commit ? ` --base ${base.commit}` : '';
  const seeded = part === 'time' ? ` --seed ${seed}` : '';
  return `bench ${part} --project ${project}${from}${seeded}`;
}

export function machineText({ machine }: BenchResults): string {
  const { cpuModel, cpus, memoryMb, os, arch, node, v8, load, steal } = machine;
  const stolen = steal === null ? 'steal unknown' : `steal ${(steal * 100).toFixed(1)} %`;
  return `${cpuModel}, ${cpus} processors, ${memoryMb} MB, ${os} ${arch}, Node ${node}, V8 ${v8}, load ${load[0].toFixed(2)} to ${load[1].toFixed(2)}, ${stolen}`;
}

/** `3f2a91c0 (changed)`; what is built, in a few characters. */
export function buildText(build: BenchResults['base']): string {
  if (build === null) return 'none';
  const commit = build.commit === null ? 'no commit' : build.commit.slice(0, 12);
  const hash = build.buildHash === null ? '' : `, build ${build.buildHash.slice(0, 12)}`;
  return `${commit}${build.dirty ? ' (changed)' : ''}${hash}`;
}
