import { markdownText } from '../markdown-text.js';
import type { ComparedSide, Comparison } from './comparison.js';
import {
  describeMachines,
  describeMethod,
  describeRuns,
  reasonsOf,
  rowsOf,
  verdictWords,
} from './comparison-words.js';
import { stageLines } from './render-comparison-text.js';

/**
 * A comparison as markdown without headings, ends with a newline: the verdict, the table, why, which runs,
 * the machines and how it was computed. Names from outside are shown as they are and format nothing.
 */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const { verdict, reason, before, after, method } = comparison;
  const notes = [...reasonsOf(comparison), ...stageLines(comparison), ...comparison.notes];
  const sections = [
    `**${sentence(verdictWords(verdict))}**: ${markdownText(reason)}.`,
    table(comparison),
    bullets(notes),
    `Runs and machines:\n\n${bullets([...sideLines('Before', before), ...sideLines('After', after)])}`,
    `How it was computed:\n\n${bullets(describeMethod(method))}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function table(comparison: Comparison): string {
  const rows = rowsOf(comparison).map(({ name, before, after, ratio, verdict }) =>
    markdownRow([markdownText(name), before, after, ratio, verdict]),
  );
  const head = ['metric', 'before: median (n)', 'after: median (n)', 'ratio [interval]', 'verdict'];
  return [markdownRow(head), markdownRow(['---', '---:', '---:', '---:', '---']), ...rows].join(
    '\n',
  );
}

/** A line of a table of cells that are markdown already. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function sideLines(name: string, side: ComparedSide): readonly string[] {
  return [
    `${name}: ${describeRuns(side)}`,
    ...describeMachines(side).map((line) => `${name}, machine of ${line}.`),
  ];
}

/** A list of sentences in which parts can be from outside. */
export function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${sentence(markdownText(line))}`).join('\n');
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
