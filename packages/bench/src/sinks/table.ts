import { plainText } from '@codex-orchestrator/report/html';

import type { BenchResults, GuardResult } from '../results/result.js';
import {
  costText,
  guardsOf,
  quantity,
  ratioText,
  roundsText,
  verdictSentence,
} from './guard-facts.js';
import type { ReportExtras } from './guard-facts.js';

/** Results as aligned text for terminals: what came of each guard, then why, then the verdict. */
export function renderTable(
  results: readonly BenchResults[],
  { trend = [] }: ReportExtras = {},
): string {
  const guards = guardsOf(results);
  const rows = [
    ['verdict', 'guard', 'cost', 'ratio', 'rounds'],
    ...guards.map((guard) =>
      [guard.verdict, guard.guard, costText(guard), ratioText(guard), roundsText(guard)].map(
        plainText,
      ),
    ),
  ];
  const why = guards.filter(({ verdict }) => needsReason(verdict)).map(reasonLine);
  const controls = results
    .flatMap((each) => each.controls)
    .filter(({ passed }) => !passed)
    .map(({ name, guard, reason }) => `control not passed: ${name} of ${guard}: ${reason}`);
  const notes = [...why, ...controls, ...trend.map((note) => `trend: ${note}`)].map(plainText);
  const parts = [aligned(rows), notes.join('\n'), verdictSentence(results)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function needsReason(verdict: GuardResult['verdict']): boolean {
  return verdict === 'failed' || verdict === 'regressed' || verdict === 'undecided';
}

function reasonLine({ guard, verdict, reason, promise, smallestVisible }: GuardResult): string {
  const visible =
    smallestVisible === undefined || verdict !== 'undecided'
      ? ''
      : ` (the smallest slowdown it could have seen: ${quantity(smallestVisible, 'ratio')})`;
  return `${guard} ${verdict}: ${reason}${visible}; promised: ${promise}`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
