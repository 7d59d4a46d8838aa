import type { HistoryCheckAnswer, HistoryFinding } from '../commands/metrics/answers.js';
import type { Colors } from './colors.js';
import { totalWords } from './metrics-update.js';
import { printableLine } from './printable.js';
import type { Line } from './styled-line.js';

const styles: Readonly<Record<string, keyof Colors>> = {
  ok: 'green',
  warning: 'yellow',
  error: 'red',
  info: 'dim',
};

/** What `metrics doctor` found, for people: the verdict, then what is wrong, where, and the way out. */
export function renderHistoryCheck({ status, findings, totals }: HistoryCheckAnswer): Line[] {
  return [
    ['Status: ', { text: status, style: styles[status] ?? 'bold' }],
    ...findings.flatMap(renderFinding),
    ...(totals === null ? [] : [`Total: ${totalWords(totals)}`]),
  ];
}

function renderFinding({ severity, code, path, offset, message, fix }: HistoryFinding): Line[] {
  const place = offset === null ? path : `${path}, byte ${offset}`;
  return [
    [
      '  ',
      { text: severity.padEnd('warning'.length), style: styles[severity] ?? 'bold' },
      `  ${code}: ${printableLine(place, 400)}: ${printableLine(message, 400)}`,
    ],
    ...(fix === null ? [] : [`           ${fix}`]),
  ];
}
