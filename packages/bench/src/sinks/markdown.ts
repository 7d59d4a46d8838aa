import { shortText } from '@codex-orchestrator/report/html';

import type { BenchResults, GuardResult } from '../results/result.js';
import {
  buildText,
  changedCounts,
  costText,
  guardsOf,
  machineText,
  measureText,
  quantity,
  ratioText,
  repeatCommand,
  roundsText,
  verdictSentence,
} from './guard-facts.js';
import type { ReportExtras } from './guard-facts.js';

/** Results for a page of a forge: the verdict in one sentence, then what it rests on. */
export function renderMarkdown(
  results: readonly BenchResults[],
  { trend = [] }: ReportExtras = {},
): string {
  const parts = [
    '## Performance guards',
    `**${verdictSentence(results)}**`,
    guardTable(guardsOf(results)),
    ...listed('Broken or without a result', guardsOf(results).filter(isBad).map(reasonText)),
    ...listed('Changed counters', guardsOf(results).flatMap(counterTexts)),
    ...listed('Not decided', guardsOf(results).filter(isUndecided).map(undecidedText)),
    ...listed('Trend (a note, never a verdict)', trend.map(escaped)),
    ...listed('Controls', controlTexts(results)),
    ...listed('Notes', [...new Set(results.flatMap(({ notes }) => notes.map(escaped)))]),
    ...listed('Machine', machineTexts(results)),
    ...listed(
      'To repeat',
      results.map((each) => code(repeatCommand(each))),
    ),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const header = ['guard', 'base → candidate', 'ratio [interval]', 'verdict', 'processes × rounds'];

function guardTable(guards: readonly GuardResult[]): string {
  if (guards.length === 0) return '';
  const rows = guards.map((guard) => [
    code(guard.guard),
    escaped(costText(guard)),
    escaped(ratioText(guard)),
    `${marks[guard.verdict]} ${guard.verdict}`,
    roundsText(guard),
  ]);
  return [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** Signs that show without colours. */
const marks: Readonly<Record<GuardResult['verdict'], string>> = {
  held: '✓',
  improved: '✓',
  regressed: '✗',
  unchanged: '✓',
  identical: '✓',
  undecided: '?',
  new: '–',
  failed: '✗',
};

function listed(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return [`### ${title}`, lines.map((line) => `- ${line}`).join('\n')];
}

function isBad({ verdict }: GuardResult): boolean {
  return verdict === 'failed' || verdict === 'regressed';
}

function isUndecided({ verdict }: GuardResult): boolean {
  return verdict === 'undecided';
}

function reasonText({ guard, reason, promise }: GuardResult): string {
  return `${code(guard)}: ${escaped(reason)}. Promised: ${escaped(promise)}`;
}

function counterTexts(guard: GuardResult): readonly string[] {
  return changedCounts(guard).map((measure) => {
    const { value, limit } = measure;
    const hint = limit !== undefined && value < limit ? '; the budget can be lowered' : '';
    return `${code(guard.guard)}: ${escaped(measureText(measure))}${hint}`;
  });
}

function undecidedText({ guard, reason, smallestVisible }: GuardResult): string {
  const visible =
    smallestVisible === undefined
      ? ''
      : `; the smallest slowdown it could have seen is ${quantity(smallestVisible, 'ratio')}`;
  return `${code(guard)}: ${escaped(reason)}${visible}`;
}

function controlTexts(results: readonly BenchResults[]): readonly string[] {
  return results
    .flatMap(({ controls }) => controls)
    .map(
      ({ name, guard, passed, reason }) =>
        `${passed ? '✓' : '✗'} ${escaped(name)} of ${code(guard)}: ${escaped(reason)}`,
    );
}

function machineTexts(results: readonly BenchResults[]): readonly string[] {
  return results.map(
    (each) =>
      `${escaped(`${each.project}, ${each.part}`)}: ${escaped(machineText(each))}; candidate ${escaped(buildText(each.candidate))}, base ${escaped(buildText(each.base))}`,
  );
}

/** Text from outside as one line in which nothing is markup. */
function escaped(text: string): string {
  return (
    shortText(text, 600)
      .replaceAll(/[\\`*_{}[\]()#+!|~-]/g, '\\$&')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // An invisible stop: nobody is called, and no issue is linked.
      .replaceAll('@', '@\u200b')
  );
}

/** The same in letters of one width, with a fence that is longer than any in it. */
function code(text: string): string {
  const plain = shortText(text, 300).replaceAll('|', '\\|');
  const runs = plain.match(/`+/g) ?? [];
  const fence = '`'.repeat(1 + Math.max(0, ...runs.map((run) => run.length)));
  const room = runs.length > 0 ? ' ' : '';
  return `${fence}${room}${plain}${room}${fence}`;
}
