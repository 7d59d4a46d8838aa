import type { Comparison, MetricComparison } from '../compare/comparison.js';
import { comparisonCounts, comparisonTable } from './comparison-tables.js';
import { comparisonSides } from './comparison-sides.js';
import { sentences } from './facts.js';
import { forestPlot } from './forest-plot.js';
import { formatRatio } from './format-quantity.js';
import { renderPage, section } from './page.js';
import type { Section } from './page.js';
import { shortPath, shortText } from './plain-text.js';
import { html } from './safe-html.js';
import type { SafeHtml } from './safe-html.js';
import { stripPlot } from './strip-plot.js';
import { table } from './table.js';
import { verdictBadge } from './verdict-badge.js';
import { verdictPanel } from './verdict-panel.js';

/** What the page of a comparison shows. */
export interface ComparisonPageView {
  /** In ISO 8601. */
  readonly generatedAt: string;
  /** @default 'en' */
  readonly language?: string | undefined;
  /** @default 'Before and after' */
  readonly title?: string | undefined;
  readonly comparison: Comparison;
  /** One per run that was verified. @default none */
  readonly verification?: readonly VerifiedRun[] | undefined;
  /** Command lines that do the comparison again. @default none */
  readonly repeat?: readonly string[] | undefined;
}

export interface VerifiedRun {
  readonly runId: string;
  readonly side: 'after' | 'before';
  /** `intact`, `damaged`, or another word where it could not be verified. */
  readonly verdict: string;
  readonly signature: string;
  readonly findings: number;
  /** Of its manifest; null where it is not known. */
  readonly digest: string | null;
}

/**
 * The page of a comparison: verdict, all points of both sides with their medians, intervals of the ratios
 * over the margin, counts, machines, and how to repeat it. Self-contained, without script, below 200 KB.
 */
export function renderComparisonPage(view: ComparisonPageView): string {
  const { comparison, verification = [], repeat = [] } = view;
  const times = comparison.metrics.filter(isTime);
  return renderPage({
    title: view.title ?? 'Before and after',
    kind: 'Comparison',
    subtitle: sidesLine(comparison),
    language: view.language,
    generatedAt: view.generatedAt,
    sections: [
      section('verdict', 'Verdict', verdict(comparison)),
      ...ratios(comparison),
      ...points(times),
      section('counts', 'Counts and rates', comparisonCounts(comparison)),
      section('numbers', 'All numbers', comparisonTable(comparison)),
      section('runs', 'Runs and machines', comparisonSides(comparison)),
      section('verification', 'Verification', verifiedRuns(verification)),
      ...howToRepeat(comparison, repeat),
    ],
    footer: html`<p>All times are UTC. Ratios are the median after to the median before.</p>`,
  });
}

function isTime({ unit }: MetricComparison): boolean {
  return unit === 'ms';
}

function sidesLine({ before, after }: Comparison): string {
  const named = (side: Comparison['before'], name: string): string =>
    `${name}: ${side.label === null ? '' : `${shortText(side.label, 80)}, `}${side.runIds.length} runs`;
  return `${named(before, 'Before')} · ${named(after, 'After')}`;
}

function verdict(comparison: Comparison): SafeHtml {
  const { stagesAdded, stagesRemoved, notes } = comparison;
  const changes = [
    ...(stagesAdded.length > 0 ? [`Only after: ${listed(stagesAdded)}.`] : []),
    ...(stagesRemoved.length > 0 ? [`Only before: ${listed(stagesRemoved)}.`] : []),
  ];
  return html`${verdictPanel(comparison.verdict, [`${shortText(comparison.reason, 500)}.`])}${sentences([...changes, ...notes])}`;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).map((name) => shortPath(name, 40));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function ratios({ metrics, method }: Comparison): Section[] {
  const rows = metrics
    .filter(({ ratio }) => ratio !== null)
    .map(({ name, ratio, interval, verdict: word }) => ({
      label: name,
      ratio,
      lower: interval?.lower ?? null,
      upper: interval?.upper ?? null,
      verdict: word,
    }));
  if (rows.length === 0) return [];
  const { margin, level } = method;
  const plot = forestPlot(rows, {
    id: 'ratios-chart',
    title: `Ratio after to before, with the interval at ${Math.round(level * 1000) / 10} %`,
    margin,
    note: `The band is the margin: a change by less than ${Math.round(margin * 1000) / 10} % does not matter. An interval that lies beyond it is a change.`,
  });
  return [section('ratios', 'What changed', plot)];
}

function points(times: readonly MetricComparison[]): Section[] {
  const rows = times
    .filter(({ before, after }) => before.values.length + after.values.length > 0)
    .map(({ name, unit, before, after, ratio }) => ({
      label: ratio === null ? name : `${shortPath(name, 60)} ${formatRatio(ratio)}`,
      unit,
      before: before.values,
      after: after.values,
    }));
  if (rows.length === 0) return [];
  const plot = stripPlot({
    id: 'points-chart',
    title: 'Every run as a point',
    rows,
    note: 'Each row has a scale of its own. Heights within a strip mean nothing: they keep points apart.',
  });
  return [section('points', 'Every run', plot)];
}

function verifiedRuns(runs: readonly VerifiedRun[]): SafeHtml {
  if (runs.length === 0) return html`<p>No run of this comparison was verified.</p>`;
  const damaged = runs.filter((run) => run.verdict !== 'intact');
  const ranked = [...damaged, ...runs.filter((run) => run.verdict === 'intact')];
  return html`<p>
      ${damaged.length === 0 ? `All ${runs.length} records are what was recorded.` : `${damaged.length} of ${runs.length} records are not intact.`}
    </p>
    ${table({
      caption: 'Records',
      columns: [
        { header: 'Run', kind: 'code' },
        { header: 'Side' },
        { header: 'Record' },
        { header: 'Signature' },
        { header: 'Findings', kind: 'number' },
        { header: 'Digest', kind: 'code' },
      ],
      rows: ranked.map((run) => [
        shortPath(run.runId, 80),
        run.side,
        verdictBadge(run.verdict),
        verdictBadge(run.signature),
        String(run.findings),
        run.digest ?? '–',
      ]),
      maxRows: 80,
      maxBytes: 30_000,
    })}`;
}

function howToRepeat({ method }: Comparison, repeat: readonly string[]): Section[] {
  const facts = `Seed ${method.seed}, ${method.resamples} resamples, at least ${method.minRuns} runs a side.`;
  const lines = repeat
    .slice(0, 20)
    .map((line) => html`<li><code>${shortText(line, 600)}</code></li>`);
  const content = html`<p>${facts}</p>
    ${
      lines.length > 0 &&
      html`<ol class="commands">
        ${lines}
      </ol>`
    }`;
  return [section('repeat', 'How to repeat', content)];
}
