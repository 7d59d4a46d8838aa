import { quoteName } from '../render/quote-text.js';

import type { Explanation, Selection } from './select-experiences.js';

const HEADER = ['slot', 'experience', 'score', 'rank', 'factors', 'why'];

/**
 * A selection as a table for people: one line for its columns, one per candidate in the order of their
 * rank, and one with what the chosen ones take of a prompt.
 */
export function explainSelection({ chosen, explanations, cost }: Selection): string[] {
  const rows = [HEADER, ...explanations.map(rowOf)];
  const widths = HEADER.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const sum = `${chosen.length} of ${explanations.length} chosen, about ${cost.tokens} tokens, ${cost.bytes} bytes`;
  return [...lines, sum];
}

function rowOf(explanation: Explanation): string[] {
  const { slot, id, rawScore, policyScore, reason, sentence } = explanation;
  return [
    slot === null ? '-' : String(slot),
    quoteName(id),
    rawScore.toFixed(2),
    policyScore.toFixed(3),
    factorsOf(explanation),
    `${reason}: ${sentence}`,
  ];
}

function factorsOf({ penalty, usefulness, decay, similarity, similarTo }: Explanation): string {
  const parts: string[] = [];
  if (penalty !== null) parts.push(`penalty ${penalty.toFixed(2)}`);
  if (usefulness !== null) parts.push(`useful ${usefulness.toFixed(2)}`);
  if (decay !== null) parts.push(`age ${decay.toFixed(2)}`);
  if (similarity !== null) {
    parts.push(`similar ${similarity.toFixed(2)} to ${quoteName(similarTo ?? '')}`);
  }
  return parts.length === 0 ? '-' : parts.join(', ');
}
