import { createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  fingerprintOf,
  fingerprintOfCommand,
  OutputSample,
} from '../../src/validator/fingerprint.js';
import { normaliseOutput } from '../../src/validator/normalise-output.js';

test.each<[string, string, string]>([
  ['an ISO time', 'at 2026-01-02T03:04:05.678Z x', 'at 2027-11-12T13:14:15Z x'],
  ['a time with a zone', '2026-01-02 03:04:05,678 +0100 x', '2026-01-02 03:04:06,001 +0100 x'],
  [
    'a time in a file name',
    'log 2026-01-02T03_04_05_678Z-debug.log',
    'log 2026-01-02T03_04_06_001Z-debug.log',
  ],
  ['a clock', '   Start at  03:04:05', '   Start at  13:14:15'],
  ['a clock of twelve hours', 'at 3:04 PM', 'at 11:59 AM'],
  ['a date of a mail', 'Mon, 02 Jan 2026 03:04:05 GMT x', 'Tue, 12 Feb 2026 13:14:15 GMT x'],
  ['a date of date', 'Mon Nov 22 01:31:23 UTC 2026', 'Tue Nov 3 11:31:23 UTC 2027'],
  ['a time of syslog', 'Nov 22 01:31:23 host x', 'Dec  1 21:31:03 host x'],
  ['a time of Go', '2026/11/22 01:31:23 x', '2026/11/23 11:31:23 x'],
  ['milliseconds since the epoch', 'now=1767323045678', 'now=1767323999999'],
  ['milliseconds', 'took 12ms', 'took 9 ms'],
  ['seconds', 'in 1.3 s', 'in 13s'],
  ['minutes and seconds', 'after 2m 3.5s.', 'after 1m10s.'],
  ['a duration in brackets', '--- FAIL: TestX (0.52s)', '--- FAIL: TestX (12.00s)'],
  ['a duration that only slow tests have', ' ✓ adds numbers (305 ms)', ' ✓ adds numbers'],
  ['a duration behind a test', ' × adds numbers 305ms', ' × adds numbers'],
  ['a duration with its unit in the name', '# duration_ms 12.345', '# duration_ms 9'],
  ['the summary of jest', 'Time:        1.234 s, estimated 2 s', 'Time:        900 ms'],
  [
    'the summary of vitest',
    'Duration  1.23s (transform 50ms, tests 5ms)',
    'Duration  523ms (transform 9ms, tests 1.02s)',
  ],
  ['a package that Go has in its cache', 'ok  \tpkg\t0.003s', 'ok  \tpkg\t(cached)'],
  ['a pid', 'worker pid=123 died', 'worker pid=45678 died'],
  ['the pid of a warning', '(node:123) Warning: x', '(node:45678) Warning: x'],
  ['the pid of a sanitizer', '==123==ERROR: x', '==45678==ERROR: x'],
  [
    'a thread',
    "thread 'main' (123) panicked at src/lib.rs:3:5:",
    "thread 'main' (4567) panicked at src/lib.rs:3:5:",
  ],
  ['an address', '<Foo at 0x7f3a12bc4d5e>', '<Foo at 0x7ffc00bc4d5e>'],
  ['a UUID', 'id 0b9f1c3e-1111-4222-8333-444455556666', 'id 99999999-aaaa-4bbb-8ccc-dddddddddddd'],
  ['a temp folder', 'in /tmp/rig-aB3xYz/src/a.ts:3:4', 'in /tmp/rig-Qq7Zz1/src/a.ts:3:4'],
  [
    'a temp folder of macOS',
    'in /private/var/folders/ab/cd_12/T/x-1/a.ts:3',
    'in /var/folders/ab/cd_12/T/x-2/a.ts:3',
  ],
  [
    'a folder of pytest',
    '/tmp/pytest-of-me/pytest-12/test_a0/f',
    '/tmp/pytest-of-me/pytest-13/test_a0/f',
  ],
  ['a worker of xdist', '[gw0] FAILED test_a.py::test_b', '[gw3] FAILED test_a.py::test_b'],
  ['a port', 'connect ECONNREFUSED 127.0.0.1:41234', 'connect ECONNREFUSED 127.0.0.1:5123'],
  ['a port in a URL', 'GET http://localhost:41234/x 500', 'GET http://localhost:5123/x 500'],
  ['a port by name', 'listening on port 41234', 'listening on port 5123'],
  ['a seed', 'Randomized with seed 12345', 'Randomized with seed 99'],
  [
    'a seed of fast-check',
    '{ seed: -1234, path: "0:1:2", endOnFailure: true }',
    '{ seed: 99, path: "3", endOnFailure: true }',
  ],
  ['progress', 'tests/test_a.py ..F   [ 50%]', 'tests/test_a.py ..F   [100%]'],
  ['a bar', '[=====>     ] 50% x', '[=========> ] 90% x'],
  ['lines that were written over', 'load 1%\rload 55%\rdone\nfailed', 'load 7%\rdone\r\nfailed'],
  ['colours', '\u001B[31m1 failed\u001B[39m', '1 failed'],
  ['a link and a title', '\u001B]0;title\u0007\u001B]8;;http://x\u001B\\a\u001B]8;;\u001B\\', 'a'],
  ['memory', 'Time: 00:01.234, Memory: 10.00 MB', 'Time: 00:02.001, Memory: 12.50 MB'],
  ['white space', 'a   b\n\n\tc', 'a b\nc'],
  ['order', 'one failed\ntwo failed', 'two failed\none failed'],
])('%s does not change a fingerprint', (_title, one, other) => {
  expect(normaliseOutput(other).toSorted()).toEqual(normaliseOutput(one).toSorted());
  expect(fingerprintOf(other)).toBe(fingerprintOf(one));
});

test.each<[string, string, string]>([
  ['a count', 'Tests  3 failed | 5 passed (8)', 'Tests  2 failed | 6 passed (8)'],
  ['a count of specs', '3 specs, 1 failure', '4 specs, 1 failure'],
  ['a name', 'FAIL adds numbers', 'FAIL adds strings'],
  ['a line', 'src/a.ts:12:5 error', 'src/a.ts:13:5 error'],
  ['a column', 'src/a.ts:12:5 error', 'src/a.ts:12:6 error'],
  ['an expected value', 'expected 41 to be 42', 'expected 40 to be 42'],
  ['a short number in hex', 'expected 0xff', 'expected 0xfe'],
  ['a version', 'v1.2.3', 'v1.2.4'],
  ['a coverage', 'Lines : 79.8% ( 80/100 )', 'Lines : 81.8% ( 82/100 )'],
  ['a file in a temp folder', '/tmp/x1/src/a.ts:3', '/tmp/x2/src/b.ts:3'],
  ['how often a line is there', 'FAIL\nFAIL', 'FAIL'],
])('%s changes a fingerprint', (_title, one, other) => {
  expect(fingerprintOf(other)).not.toBe(fingerprintOf(one));
});

test('the folder that a validator ran in does not change its fingerprint', () => {
  const one = fingerprintOf('/home/me/a/src/x.ts:3 failed', ['/home/me/a']);
  expect(fingerprintOf('/elsewhere/b/src/x.ts:3 failed', ['/elsewhere/b'])).toBe(one);
  expect(fingerprintOf('/elsewhere/b/src/x.ts:3 failed')).not.toBe(one);
});

interface Outcome {
  readonly name: string;
  readonly failed: boolean;
}

function makeRun(random: SeededRandom): readonly Outcome[] {
  const count = 1 + random.integer(0, 39);
  return Array.from({ length: count }, (_, index) => ({
    name: `test ${'abcdefgh'[random.integer(0, 7)] ?? ''} ${index}`,
    failed: index === 0 || random.integer(0, 2) === 0,
  }));
}

/** What a runner could print of it: everything that may differ, differs. */
function print(run: readonly Outcome[], random: SeededRandom): string {
  const ms = (): string => `${random.integer(0, 99999) / 10}ms`;
  const lines = run.map(({ name, failed }) => {
    const stack = `    at src/${name.replaceAll(' ', '-')}.ts:${name.length}:7`;
    return failed
      ? ` × ${name} ${ms()}\n${stack}`
      : ` ✓ ${name}${random.integer(0, 1) ? ` ${ms()}` : ''}`;
  });
  const shuffled = lines.sort(() => random.integer(0, 2) - 1);
  const failed = run.filter((outcome) => outcome.failed).length;
  return [
    `\u001B[1mrun\u001B[22m pid ${random.integer(0, 99998)}, seed ${random.integer(0, 99998)}`,
    ...shuffled,
    `Tests  ${failed} failed | ${run.length - failed} passed (${run.length})`,
    `Start at  0${random.integer(0, 9)}:1${random.integer(0, 9)}:3${random.integer(0, 9)}`,
    `Duration  ${ms()} (transform ${ms()}, setup ${ms()})`,
  ].join('\n');
}

test('the same failures have the same fingerprint, and one failure less has another', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = createSeededRandom(seed);
    const run = makeRun(random);
    const fingerprint = fingerprintOf(print(run, random));
    expect(fingerprintOf(print(run, random)), `seed ${seed}`).toBe(fingerprint);
    const fixed = run.map((outcome, index) =>
      index === 0 ? { ...outcome, failed: false } : outcome,
    );
    expect(fingerprintOf(print(fixed, random)), `seed ${seed}`).not.toBe(fingerprint);
    const renamed = run.map((outcome, index) =>
      index === 0 ? { ...outcome, name: 'other' } : outcome,
    );
    expect(fingerprintOf(print(renamed, random)), `seed ${seed}`).not.toBe(fingerprint);
  }
});

function sampleOf(text: string, pieceBytes: number): OutputSample {
  const sample = new OutputSample();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    sample.add({ stream: 'stdout', bytes: bytes.subarray(at, at + pieceBytes) });
  }
  return sample;
}

test('a long output is known by its start and its end, whatever took how long and however it came', () => {
  const print = (took: (line: number) => string, verdict: string): string =>
    `${Array.from({ length: 15_000 }, (_, line) => `step ${line} took ${took(line)}`).join('\n')}\n${verdict}\n`;
  const one = fingerprintOfCommand(
    'failed 1',
    sampleOf(
      print(() => '12.25ms', '3 failed'),
      65_536,
    ),
  );
  const longer = print((line) => `${line % 1000}.125ms`, '3 failed');
  expect(fingerprintOfCommand('failed 1', sampleOf(longer, 4099))).toBe(one);
  expect(
    fingerprintOfCommand(
      'failed 1',
      sampleOf(
        print(() => '1ms', '2 failed'),
        65_536,
      ),
    ),
  ).not.toBe(one);
  expect(fingerprintOfCommand('timed-out 124', sampleOf(longer, 4099))).not.toBe(one);
});

test('lines made to be slow come to their end', () => {
  const hostile = [
    '1'.repeat(100_000),
    '='.repeat(100_000),
    'C:\\'.repeat(50_000),
    `✓${' a'.repeat(50_000)}`,
    '(1s '.repeat(20_000),
    'seed '.repeat(20_000),
    '\u001B]'.repeat(50_000),
    '\u001B['.repeat(50_000),
    '::'.repeat(50_000),
  ];
  // The limit of this test is what it holds against: a pattern that is not linear takes hours.
  for (const line of hostile) expect(fingerprintOf(line)).toMatch(/^[0-9a-f]{64}$/);
});
