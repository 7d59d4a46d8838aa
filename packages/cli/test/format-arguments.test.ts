import { expect, test } from 'vitest';

import { formatArguments } from '../src/arguments/format-arguments.js';
import { parseArguments } from '../src/arguments/parse-arguments.js';
import { commandTable } from '../src/command-table.js';

function roundTrip(flags: Record<string, string | number | boolean>, words: readonly string[]) {
  const request = parseArguments(formatArguments('start', flags, words), commandTable);
  if (request.kind !== 'command') throw new Error('Expected a command');
  const given = Object.entries(request.flags).filter(([, value]) => value !== undefined);
  return { flags: Object.fromEntries(given), words: request.positionals };
}

test.each<[Record<string, string | number | boolean>, readonly string[]]>([
  [{}, []],
  [{ task: '0101', keepGoing: true, interactive: false, maxParallel: 8 }, ['pipeline']],
  [{ task: '--keep-going', approvalPolicy: 'a=b "c" \n d' }, ['--']],
  [{ parentRun: '-', target: ':x', format: 'ndjson', deadline: 1 }, ['--format=json']],
])('what was read is written so that it is read again: %j %j', (flags, words) => {
  expect(roundTrip(flags, words)).toStrictEqual({ flags, words });
});
