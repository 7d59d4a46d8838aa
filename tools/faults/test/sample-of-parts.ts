import { afterAll, beforeAll, expect, test } from 'vitest';

import { openCommandLine } from '../src/command-line.mjs';
import type { Part } from '../src/run-parts.mjs';
import { runParts } from '../src/run-parts.mjs';

const sampleTimeoutMs = 240_000;

/** Tests a sample of each of these parts, on a command line of its own. */
export function testSamples(parts: readonly Part[]): void {
  let commandLine: ReturnType<typeof openCommandLine>;
  beforeAll(() => {
    commandLine = openCommandLine();
  });
  afterAll(() => {
    commandLine.dispose();
  });

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
}
