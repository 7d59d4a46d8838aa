import { expect, test } from 'vitest';

import { describeDuration, describeSkip, summariseCommand } from '../src/summaries.js';
import type { SummarisedResult } from '../src/summaries.js';

const succeeded = { kind: 'exited', exitCode: 0 } as const;
const failed = { kind: 'exited', exitCode: 2 } as const;

test.each([
  [result(succeeded, 'out', 'err'), 'hint', 'hint'],
  [result(succeeded, ' out \n', 'err'), undefined, 'out'],
  [result(succeeded, ' \n', 'err\n'), undefined, 'err'],
  [result(succeeded), undefined, 'Command completed with code 0'],
  [result(succeeded, 'out'), '', 'out'],
  [result(failed, 'out', 'err'), 'hint', 'Exited with code 2 — err'],
  [result(failed, 'out'), undefined, 'Exited with code 2 — out'],
  [result(failed), 'hint', 'Exited with code 2'],
  [
    result({ kind: 'signalled', signal: 'SIGKILL', exitCode: 137 }, '', 'x'),
    undefined,
    'Terminated with signal SIGKILL — x',
  ],
  [
    result({ kind: 'timed-out', timeoutMs: 90_000, exitCode: 124 }),
    'hint',
    'Timed out after 1 min 30 s',
  ],
  [
    result({ kind: 'silent', silenceTimeoutMs: 1500, exitCode: 124 }),
    undefined,
    'Stopped after 1.5 s without output',
  ],
  [result({ kind: 'cancelled', reason: 'x', exitCode: 130 }), undefined, 'Cancelled'],
  [
    result({
      kind: 'spawn-failed',
      errno: 'ENOENT',
      subject: 'command',
      message: 'no such file',
      exitCode: 127,
    }),
    undefined,
    'Could not be started: no such file',
  ],
])('%j with the hint %j reads %j', (commandResult, hint, summary) => {
  expect(summariseCommand(commandResult, hint)).toBe(summary);
});

test('long output is cut at 240 characters, never inside of one', () => {
  const summary = summariseCommand(result(succeeded, `${'x'.repeat(239)}😀${'y'.repeat(50)}`));
  expect(summary).toBe(`${'x'.repeat(239)}…`);
  expect(summariseCommand(result(succeeded, 'x'.repeat(240)))).toBe('x'.repeat(240));
});

test('colours do not get into summaries', () => {
  expect(summariseCommand(result(failed, '', '\u001B[31mred\u001B[0m'))).toBe(
    'Exited with code 2 — red',
  );
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [1560, '1.5 s'],
  [59_999, '59.9 s'],
  [60_000, '1 min'],
  [3_725_000, '62 min 5 s'],
])('%i milliseconds are %s', (ms, text) => {
  expect(describeDuration(ms)).toBe(text);
});

test.each([
  [{ kind: 'dependency-failed', because: 'a' }, "Not run: it needs 'a', which did not succeed"],
  [{ kind: 'run-failed', because: 'a' }, "Not run: 'a' failed first"],
  [{ kind: 'deadline-exceeded' }, 'Not run: the deadline of the run passed first'],
  [{ kind: 'run-cancelled' }, 'Not run: the run was cancelled first'],
] as const)('%j reads %s', (reason, text) => {
  expect(describeSkip(reason)).toBe(text);
});

function result(outcome: SummarisedResult['outcome'], stdout = '', stderr = ''): SummarisedResult {
  const tail = (text: string) => ({ text, totalBytes: text.length, truncated: false });
  return { outcome, stdout: tail(stdout), stderr: tail(stderr) };
}
