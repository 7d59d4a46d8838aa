import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  differsInLineBreaks,
  splitStamp,
  withStamp,
} from '../src/instructions/instruction-stamp.js';
import { digest } from './packs-rig.js';

function stampLine(rest: string): string {
  return `<!-- codex:instruction-stamp ${digest(rest)} -->`;
}

test('the worked example: the stamp covers what follows the line break of its line', () => {
  const text = withStamp('# Rules\n\nBe brief.\n');

  expect(text).toBe(
    '<!-- codex:instruction-stamp cef506e3fafcca624dfefdc13e4d3f01a6f3e15ac49d3526de07d2be560a5101 -->\n# Rules\n\nBe brief.\n',
  );
});

test.each([
  ['# Rules\n', `${stampLine('# Rules\n')}\n# Rules\n`],
  ['# Rules\r\nx\r\n', `${stampLine('# Rules\r\nx\r\n')}\r\n# Rules\r\nx\r\n`],
  ['\uFEFF# Rules', `\uFEFF${stampLine('# Rules')}\n# Rules`],
  ['<!-- codex:instruction-stamp old -->\r\nx\n', `${stampLine('x\n')}\r\nx\n`],
  ['<!-- codex:instruction-stamp -->\n\nx', `${stampLine('\nx')}\n\nx`],
  ['<!--codex:instruction-stamp-->x', `${stampLine('x')}x`],
  ['\uFEFF<!-- CODEX:Instruction-Stamp\tA b -->\nx', `\uFEFF${stampLine('x')}\nx`],
  ['<!-- codex:instruction-stamp a --> \nx', `${stampLine(' \nx')} \nx`],
  [
    '\n<!-- codex:instruction-stamp a -->\nx',
    `${stampLine('\n<!-- codex:instruction-stamp a -->\nx')}\n\n<!-- codex:instruction-stamp a -->\nx`,
  ],
  [
    '<!-- codex:instruction-stamps a -->\nx',
    `${stampLine('<!-- codex:instruction-stamps a -->\nx')}\n<!-- codex:instruction-stamps a -->\nx`,
  ],
  [
    '<!-- codex:instruction-stamp a\n-->\nx',
    `${stampLine('<!-- codex:instruction-stamp a\n-->\nx')}\n<!-- codex:instruction-stamp a\n-->\nx`,
  ],
])('stamping %j', (before, after) => {
  expect(withStamp(before)).toBe(after);
  expect(withStamp(after)).toBe(after);
});

test('any text taken apart is the same text put together, and stamping it twice changes nothing', () => {
  const bits = [
    ...[
      '\uFEFF',
      '<!-- ',
      'codex:instruction-stamp',
      ' ',
      '-->',
      '\n',
      '\r\n',
      '\r',
      'a'.repeat(64),
    ],
    ...['# x', '<!-- codex:instruction-stamp ', ' -->\n', 'é\u2028', '<', '>', '-', '\t'],
  ] as [string, ...string[]];
  for (let seed = 1; seed <= 5000; seed += 1) {
    const random = createSeededRandom(seed);
    const text = Array.from({ length: random.integer(0, 8) }, () => random.pick(bits)).join('');

    const { mark, line, lineEnd, rest, declared } = splitStamp(text);
    expect(mark + line + lineEnd + rest, `seed ${seed}`).toBe(text);
    const stamped = withStamp(text);
    expect(splitStamp(stamped), `seed ${seed}`).toMatchObject({ rest, declared: digest(rest) });
    expect(withStamp(stamped)).toBe(stamped);
    expect(declared === null).toBe(line === '');
  }
});

test('a line that never ends takes no time to look through', () => {
  const text = `<!--${' '.repeat(500_000)}codex:instruction-stamp${' '.repeat(500_000)}`;
  const before = process.cpuUsage();

  expect(splitStamp(text).declared).toBeNull();

  expect(process.cpuUsage(before).user / 1000).toBeLessThan(500);
});

test('a stamp of the same text with other line breaks is known as such', () => {
  const unix = 'a\nb\n';
  const windows = 'a\r\nb\r\n';
  const parts = (rest: string, declared: string) => ({ ...splitStamp(rest), declared });

  expect(differsInLineBreaks(parts(windows, digest(unix)))).toBe(true);
  expect(differsInLineBreaks(parts(unix, digest(windows).toUpperCase()))).toBe(true);
  expect(differsInLineBreaks(parts(unix, digest('a\nc\n')))).toBe(false);
});
