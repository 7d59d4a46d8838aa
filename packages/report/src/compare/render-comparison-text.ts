import { plainText } from '../html/plain-text.js';
import type { Comparison } from './comparison.js';
import {
  describeMachines,
  describeMethod,
  describeRuns,
  reasonsOf,
  rowsOf,
  verdictWords,
} from './comparison-words.js';

/** A comparison for a terminal: no colours, no control characters, ends with a newline. */
export function renderComparisonText(comparison: Comparison): string {
  const { verdict, reason, before, after, notes } = comparison;
  const sections = [
    [`${verdictWords(verdict)}: ${reason}`],
    [`before: ${describeRuns(before)}`, `after:  ${describeRuns(after)}`],
    table(comparison),
    [...reasonsOf(comparison), ...stageLines(comparison), ...notes],
    [
      ...describeMachines(before).map((line) => `machine before: ${line}`),
      ...describeMachines(after).map((line) => `machine after:  ${line}`),
    ],
    describeMethod(comparison.method),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.map(cleanLine).join('\n')).join('\n\n')}\n`;
}

/** What only one side has. */
export function stageLines({ stagesAdded, stagesRemoved }: Comparison): readonly string[] {
  return [
    ...stagesAdded.map((id) => `Stage ${id} is new.`),
    ...stagesRemoved.map((id) => `Stage ${id} is gone.`),
  ];
}

function table(comparison: Comparison): readonly string[] {
  const rows = rowsOf(comparison).map(({ name, before, after, ratio, verdict }) =>
    [name, before, after, ratio, verdict].map(plainText),
  );
  const lines = [['metric', 'before', 'after', 'ratio', 'verdict'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  return lines.map((cells) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
  );
}

/** As `plainText`, but the columns of a table keep their spaces. */
function cleanLine(line: string): string {
  const parts = line.split(/( {2,})/);
  return parts
    .map((part) => (/^ *$/.test(part) ? part : plainText(part)))
    .join('')
    .trimEnd();
}
