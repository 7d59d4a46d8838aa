import { describeValue } from '../compare/comparison-words.js';
import { metricsOf } from '../compare/metric-definitions.js';
import type { MetricValues } from '../compare/metric-definitions.js';
import { markdownRow } from '../compare/render-comparison-markdown.js';
import { markdownName, markdownText } from '../markdown-text.js';
import { median } from '../statistics/median.js';
import type { EvidenceDocument, EvidenceRun } from './evidence-document.js';

/** What was measured in these runs: one line per metric, of those that succeeded. */
export function numbersTable(runs: readonly EvidenceRun[]): string {
  const samples = runs.map(({ sample }) => sample);
  const measured = samples.filter(({ status }) => status === 'succeeded');
  const rows = metricsOf(measured, measured).map(numbersRow);
  const succeeded = `${String(measured.length)} of ${String(samples.length)}`;
  return [
    markdownRow(['metric', 'median', 'least', 'most', 'runs']),
    markdownRow(['---', '---:', '---:', '---:', '---:']),
    ...rows,
    markdownRow(['runs that succeeded', succeeded, '-', '-', String(samples.length)]),
  ].join('\n');
}

function numbersRow({ name, unit, after: values }: MetricValues): string {
  const show = (of: (values: readonly number[]) => number): string =>
    values.length === 0 ? '-' : describeValue(of(values), unit);
  return markdownRow([
    markdownText(name),
    show(median),
    show((all) => all.reduce((least, value) => Math.min(least, value), Infinity)),
    show((all) => all.reduce((most, value) => Math.max(most, value), 0)),
    String(values.length),
  ]);
}

/** The records that the numbers are from, by what tells whether one was changed since. */
export function digestTable(documents: readonly EvidenceDocument[]): string {
  const rows = documents.flatMap(({ phase, runs }) =>
    runs.map((run) =>
      markdownRow([
        phase,
        run.role,
        markdownName(run.runId),
        markdownText(run.sample.status),
        markdownName(run.manifestPath),
        markdownName(run.manifestSha256),
        run.journalHead === null ? '-' : markdownName(run.journalHead),
      ]),
    ),
  );
  const head = [
    'phase',
    'role',
    'run',
    'status',
    'manifest',
    'sha256 of the manifest',
    'journal head',
  ];
  return [markdownRow(head), markdownRow(head.map(() => '---')), ...rows].join('\n');
}
