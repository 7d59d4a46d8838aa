import {
  factList,
  forestPlot,
  growthPlot,
  html,
  lineChart,
  pairedRounds,
  renderPage,
  section,
  sentences,
  table,
  verdictBadge,
  verdictPanel,
} from '@codex-orchestrator/report/html';
import type { ForestRow, GrowthSeries, SafeHtml, Section } from '@codex-orchestrator/report/html';

import type { BenchResults, GuardResult, SizeSample } from '../results/result.js';
import { defaultTimeRule } from '../time/verdict.js';
import {
  buildText,
  costText,
  guardsOf,
  machineText,
  measureOf,
  quantity,
  ratioText,
  repeatCommand,
  roundRatio,
  roundsText,
  verdictSentence,
  worstVerdict,
} from './guard-facts.js';
import type { ReportExtras } from './guard-facts.js';

/** A regression lies beyond it with all of its interval. */
const { margin } = defaultTimeRule;
const maxBytes = 2_000_000;

/** Results as one page that needs nothing besides itself, with its charts drawn and no script. */
export function renderHtml(
  results: readonly BenchResults[],
  { trend = [] }: ReportExtras = {},
): string {
  const guards = guardsOf(results);
  const sections = [
    section('verdict', 'Verdict', verdictPart(results)),
    section('guards', 'Guards', guardTable(guards)),
    ...ratioSection(guards),
    ...guards.flatMap(roundsSection),
    ...guards.flatMap(sizesSection),
    ...(trend.length > 0 ? [section('trend', 'Trend', sentences(trend))] : []),
    ...controlSection(results),
    section('machine', 'Machine and builds', machinePart(results)),
  ];
  return renderPage({
    title: 'Performance guards',
    kind: 'bench',
    sections,
    generatedAt: lastStart(results),
    maxBytes,
  });
}

/** So that the same results are the same page. */
function lastStart(results: readonly BenchResults[]): string {
  const starts = results.map(({ startedAt }) => startedAt).sort();
  return starts.at(-1) ?? new Date(0).toISOString();
}

function verdictPart(results: readonly BenchResults[]): SafeHtml {
  const reasons = guardsOf(results)
    .filter(({ verdict }) => ['failed', 'regressed', 'undecided'].includes(verdict))
    .map(({ guard, verdict, reason, smallestVisible }) => {
      const visible =
        smallestVisible === undefined || verdict !== 'undecided'
          ? ''
          : ` (the smallest slowdown it could have seen: ${quantity(smallestVisible, 'ratio')})`;
      return `${guard}: ${reason}${visible}`;
    });
  const notes = [...new Set(results.flatMap((each) => each.notes))];
  return html`${verdictPanel(worstVerdict(results), [verdictSentence(results)])}${sentences(
    [...reasons, ...notes],
    60,
  )}`;
}

function guardTable(guards: readonly GuardResult[]): SafeHtml {
  return table({
    caption: 'What is promised, and what was found',
    columns: [
      { header: 'guard', kind: 'code' },
      { header: 'verdict' },
      { header: 'base → candidate' },
      { header: 'ratio [interval]' },
      { header: 'processes × rounds', kind: 'number' },
      { header: 'promise' },
      { header: 'why' },
    ],
    rows: guards.map((guard) => [
      guard.guard,
      verdictBadge(guard.verdict),
      costText(guard),
      ratioText(guard),
      roundsText(guard),
      guard.promise,
      guard.reason,
    ]),
    maxBytes: 200_000,
  });
}

function ratioSection(guards: readonly GuardResult[]): readonly Section[] {
  const rows = guards.map(forestRow).filter((row) => row !== undefined);
  if (rows.length === 0) return [];
  const plot = forestPlot(rows, {
    id: 'ratios',
    title: 'Processor time of the candidate to that of the base',
    note: 'The band is the margin: a regression lies beyond it with all of its interval.',
    margin,
  });
  return [section('ratios', 'Ratios', plot)];
}

function forestRow(guard: GuardResult): ForestRow | undefined {
  if (guard.kind !== 'time') return undefined;
  const ratio = measureOf(guard, 'ratio');
  const { value = null, lower = null, upper = null } = ratio ?? {};
  return { label: guard.guard, ratio: value, lower, upper, verdict: guard.verdict };
}

function roundsSection(guard: GuardResult, index: number): readonly Section[] {
  const rounds = (guard.samples ?? [])
    .map((sample) => ({ process: sample.process, ratio: roundRatio(sample) }))
    .filter((round): round is { process: number; ratio: number } => round.ratio !== undefined);
  if (rounds.length === 0) return [];
  const plot = pairedRounds({
    id: `rounds-${index}`,
    title: 'The ratio of each round, in the order of time',
    rounds,
    margin,
  });
  return [section(`rounds-of-${index}`, `Rounds of ${guard.guard}`, plot)];
}

function sizesSection(guard: GuardResult, index: number): readonly Section[] {
  const { sizes = [] } = guard;
  if (sizes.length === 0) return [];
  const chart =
    guard.kind === 'memory' ? memoryChart(guard, sizes, index) : growthChart(guard, sizes, index);
  const title = guard.kind === 'memory' ? 'Memory of' : 'Growth of';
  return [section(`sizes-of-${index}`, `${title} ${guard.guard}`, chart)];
}

function growthChart(guard: GuardResult, sizes: readonly SizeSample[], index: number): SafeHtml {
  const limits = guard.measures.filter(({ unit }) => unit === 'exponent');
  return growthPlot({
    id: `growth-${index}`,
    title: guard.promise,
    note: limits
      .map(
        ({ name, value, limit }) =>
          `${name}: ${value.toFixed(2)}${limit === undefined ? '' : ` of ${limit.toFixed(2)}`}`,
      )
      .join('; '),
    series: seriesOf(sizes),
    promised: limits[0]?.limit ?? 1,
    costUnit: sizes.some(({ costs }) => Object.hasOwn(costs, 'cpuMs')) ? 'ms' : 'count',
  });
}

function memoryChart(guard: GuardResult, sizes: readonly SizeSample[], index: number): SafeHtml {
  return lineChart({
    id: `memory-${index}`,
    title: guard.promise,
    series: seriesOf(sizes).map(({ label, points }) => ({
      label,
      points: points.map(({ size, cost }) => ({ x: size, y: cost })),
    })),
    xUnit: 'bytes',
    yUnit: 'bytes',
    xLabel: 'input',
  });
}

function seriesOf(sizes: readonly SizeSample[]): readonly GrowthSeries[] {
  const names = [...new Set(sizes.flatMap(({ costs }) => Object.keys(costs)))];
  return names.map((label) => ({
    label,
    points: sizes.flatMap(({ size, costs }) => {
      const cost = Object.hasOwn(costs, label) ? costs[label] : undefined;
      return cost === undefined ? [] : [{ size, cost }];
    }),
  }));
}

function controlSection(results: readonly BenchResults[]): readonly Section[] {
  const controls = results.flatMap((each) => each.controls);
  if (controls.length === 0) return [];
  const content = table({
    caption: 'Known answers that the measurement had to give',
    columns: [
      { header: 'control' },
      { header: 'guard', kind: 'code' },
      { header: 'outcome' },
      { header: 'why' },
    ],
    rows: controls.map(({ name, guard, passed, reason }) => [
      name,
      guard,
      verdictBadge(passed ? 'passed' : 'failed'),
      reason,
    ]),
  });
  return [section('controls', 'Controls', content)];
}

function machinePart(results: readonly BenchResults[]): SafeHtml {
  const parts = results.map((each) =>
    factList([
      { name: 'part', value: `${each.project}, ${each.part}` },
      { name: 'machine', value: machineText(each) },
      { name: 'candidate', value: buildText(each.candidate), isCode: true },
      { name: 'base', value: buildText(each.base), isCode: true },
      { name: 'started', value: each.startedAt },
      { name: 'to repeat', value: repeatCommand(each), isCode: true },
    ]),
  );
  return html`${parts}`;
}
