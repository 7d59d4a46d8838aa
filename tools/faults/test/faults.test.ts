import { afterAll, beforeAll, expect, test } from 'vitest';

import { openCommandLine } from '../src/command-line.mjs';
import { parts } from '../src/parts.mjs';
import { runParts } from '../src/run-parts.mjs';

let commandLine: ReturnType<typeof openCommandLine>;
beforeAll(() => {
  commandLine = openCommandLine();
});
afterAll(() => {
  commandLine.dispose();
});

const sampleTimeoutMs = 120_000;

test.each(parts)('a sample of: $title', { timeout: sampleTimeoutMs }, async (part) => {
  const lines: string[] = [];
  const results = await runParts([part], {
    commandLine,
    commands: commandLine.commands,
    quick: true,
    seed: 1,
    jobs: 2,
    print: (line) => lines.push(line),
  });
  const lost = results.filter((result) => result.lost > 0);
  expect(lost, lines.join('\n')).toStrictEqual([]);
});
