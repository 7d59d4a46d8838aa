import type { CommandResult } from '@codex-orchestrator/exec';
import { expect, test } from 'vitest';

import { describeFailure } from '../src/error-file.js';

test('long output is cut at its start and marked', () => {
  const details = describeFailure(resultWith(`${'a'.repeat(10)}${'b'.repeat(8192)}`, 'short'), 1);
  expect(details).toMatchObject({
    stdout: `…${'b'.repeat(8192)}`,
    stdout_truncated: true,
    stderr: 'short',
  });
  expect(details).not.toHaveProperty('stderr_truncated');
});

test('output of which only the end was kept is marked too', () => {
  const result = resultWith('end', '');
  const details = describeFailure({ ...result, stdout: { ...result.stdout, truncated: true } }, 1);
  expect(details).toMatchObject({ stdout: 'end', stdout_truncated: true });
});

test('a cut never leaves half a character', () => {
  const { stdout } = describeFailure(resultWith(`😀${'b'.repeat(8191)}`, ''), 1);
  expect(stdout).toBe(`…${'b'.repeat(8191)}`);
});

test.each([
  [
    { kind: 'exited', exitCode: 3 },
    { outcome: 'exited', exit_code: 3, message: 'Exited with code 3' },
  ],
  [
    { kind: 'signalled', signal: 'SIGSEGV', exitCode: 139 },
    { signal: 'SIGSEGV', exit_code: 139 },
  ],
  [
    { kind: 'timed-out', timeoutMs: 10, exitCode: 124 },
    { message: 'Timed out after 10 ms', exit_code: 124 },
  ],
  [
    { kind: 'spawn-failed', errno: 'EACCES', subject: 'command', message: 'no', exitCode: 126 },
    { errno: 'EACCES', exit_code: 126 },
  ],
] as const)('the outcome %j is told as %j', (outcome, details) => {
  expect(describeFailure({ ...resultWith('', ''), outcome }, 2)).toMatchObject({
    ...details,
    attempts: 2,
  });
});

function resultWith(stdout: string, stderr: string): CommandResult {
  const tail = (text: string) => ({ text, totalBytes: text.length, truncated: false });
  return {
    outcome: { kind: 'exited', exitCode: 1 },
    startedAtMs: 0,
    durationMs: 0,
    stdout: tail(stdout),
    stderr: tail(stderr),
    drained: true,
    leftovers: false,
    groupEnd: 'by-itself',
    problems: [],
  };
}
