/**
 * `npm run faults`: breaks the built command line in every way that we know of and counts what was
 * lost. `--quick` takes a sample, `--only <part>` (repeatable) some parts, `--seed <n>` repeats a run,
 * `--jobs <n>` sets how many cases run at once, `--cli <entry>` takes another installation,
 * `--write-docs` puts the newest result of each part into docs/reliability.md.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

import { openCommandLine } from './command-line.mjs';
import { parts } from './parts.mjs';
import { runParts } from './run-parts.mjs';
import { writeResults } from './write-results.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    seed: { type: 'string' },
    jobs: { type: 'string' },
    cli: { type: 'string' },
    'write-docs': { type: 'boolean', default: false },
  },
});

const commandLine = openCommandLine(values.cli);
try {
  const results = await runParts(selectParts(values.only), {
    commandLine,
    commands: commandLine.commands,
    quick: values.quick,
    seed: Number(values.seed ?? Date.now() % 1_000_000),
    jobs: Number(values.jobs ?? availableParallelism()),
    print: (line) => {
      console.log(line);
    },
  });
  writeResults(results, {
    quick: values.quick,
    docs: values['write-docs'],
    order: parts.map(({ id }) => id),
  });
  process.exitCode = results.some(({ lost }) => lost > 0) ? 1 : 0;
} finally {
  commandLine.dispose();
}

/** @param {string[] | undefined} wanted */
function selectParts(wanted) {
  if (wanted === undefined) return parts;
  const unknown = wanted.filter((id) => !parts.some((part) => part.id === id));
  if (unknown.length > 0) {
    throw new Error(
      `No part ${unknown.join(', ')}; there are ${parts.map(({ id }) => id).join(', ')}`,
    );
  }
  return parts.filter(({ id }) => wanted.includes(id));
}
