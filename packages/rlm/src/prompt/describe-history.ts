import type { Iteration } from '../loop/iteration.js';
import { quoteLine } from './quote-data.js';

/** What was tried, one line for each iteration; where not all have room, the latest have. */
export function describeHistory(history: readonly Iteration[], maxBytes: number): string {
  const lines: string[] = [];
  let room = maxBytes - 60;
  for (const iteration of history.toReversed()) {
    const line = `- ${describeIteration(iteration)}`;
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) break;
    lines.unshift(line);
  }
  const left = history.length - lines.length;
  if (left > 0 && lines.length > 0) lines.unshift(`- (${left} earlier ones are left out)`);
  return lines.join('\n');
}

function describeIteration(iteration: Iteration): string {
  const { n, summary, diff } = iteration;
  const said = summary === null ? 'it said nothing' : JSON.stringify(quoteLine(summary, 240));
  const files =
    diff === null ? '' : `, ${diff.files} ${diff.files === 1 ? 'file' : 'files'} changed`;
  return `iteration ${n}: ${describeOutcome(iteration)}${files}: ${said}`;
}

function describeOutcome({ completed, turns, validators, tampered }: Iteration): string {
  const broken = turns.find(({ outcome }) => outcome !== 'completed');
  const failed = validators.filter(({ outcome }) => outcome !== 'passed');
  const names = failed.slice(0, 5).map(({ name, outcome }) => `${quoteLine(name, 64)} ${outcome}`);
  const parts = [
    ...(completed ? [] : [`the turn ended ${broken?.outcome ?? 'early'}`]),
    ...(tampered.length > 0 ? ['protected files were changed'] : []),
    ...names,
  ];
  if (parts.length > 0) return parts.join(', ');
  return validators.length > 0 ? 'all validators passed' : 'done';
}
