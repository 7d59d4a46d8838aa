import { identifyProcess } from '@codex-orchestrator/core';
import { createManualClock, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { exitCodeOf, runCommand } from '../src/index.js';
import type { StartedCommand } from '../src/index.js';

test('a command that ends has its own exit code and both its outputs', async () => {
  const result = await runCommand('echo out; echo err >&2; exit 3');
  expect(result).toMatchObject({
    outcome: { kind: 'exited', exitCode: 3 },
    stdout: { text: 'out\n', totalBytes: 4, truncated: false },
    stderr: { text: 'err\n', totalBytes: 4, truncated: false },
    drained: true,
    leftovers: false,
    groupEnd: 'by-itself',
    problems: [],
  });
});

test('a list is started directly: no shell reads its arguments', async () => {
  const result = await runCommand([process.execPath, '-p', 'process.argv[1]', '$HOME; echo *']);
  expect(result.stdout.text).toBe('$HOME; echo *\n');
});

test('a command that dies of a signal has the exit code 128 + n', async () => {
  const { outcome } = await runCommand('kill -SEGV $$');
  expect(outcome).toEqual({ kind: 'signalled', signal: 'SIGSEGV', exitCode: 139 });
  expect(exitCodeOf(outcome)).toBe(139);
});

test('the command sees the given folder and exactly the given environment', async () => {
  await using rig = await createRig();
  const env = { GREETING: 'hello', PATH: process.env['PATH'], DROPPED: undefined };
  const script = 'pwd; echo "$GREETING"; env | grep -c "^\\(HOME\\|DROPPED\\)="';
  const result = await runCommand(script, { cwd: rig.root, env });
  expect(result.stdout.text).toBe(`${rig.root}\nhello\n0\n`);
});

test('standard input is at its end unless something is given', async () => {
  expect(await runCommand('cat')).toMatchObject({ stdout: { totalBytes: 0 } });
  expect(await runCommand('cat', { stdin: 'héllo' })).toMatchObject({ stdout: { text: 'héllo' } });
  const stdin = Uint8Array.of(104, 105);
  expect(await runCommand('cat', { stdin })).toMatchObject({ stdout: { text: 'hi' } });
});

test('a command that does not read its input succeeds all the same', async () => {
  const result = await runCommand(['true'], { stdin: Buffer.alloc(4_000_000) });
  expect(result).toMatchObject({ outcome: { kind: 'exited', exitCode: 0 }, problems: [] });
});

test('the start is wall-clock time and the duration is not', async () => {
  const clock = createManualClock(1_000_000);
  const result = await runCommand(['true'], {
    clock,
    onStarted: () => {
      void clock.advance(250);
      clock.jumpWall(-3_600_000);
    },
  });
  expect(result).toMatchObject({ startedAtMs: 1_000_000, durationMs: 250 });
});

test('the start is announced with the process and its group', async () => {
  const started: StartedCommand[] = [];
  const stamps: unknown[] = [];
  // Still there when it is asked for, on a busy machine too.
  const result = await runCommand('ps -o pgid= -p $$; sleep 0.3', {
    onStarted: (command) => {
      started.push(command);
      stamps.push(identifyProcess(command.pid)?.processStartedAt);
    },
  });
  const pid = Number(result.pid);
  expect(started).toEqual([{ pid, processGroup: pid, startedAt: stamps[0] }]);
  expect(Number(result.stdout.text)).toBe(pid);
});

test('hooks that throw are reported once and change nothing else', async () => {
  const result = await runCommand('echo one; sleep 0.05; echo two', {
    onStarted: () => {
      throw new Error('started');
    },
    onOutput: ({ bytes }) => {
      throw new Error(bytes.toString());
    },
  });
  expect(result).toMatchObject({
    outcome: { kind: 'exited', exitCode: 0 },
    stdout: { text: 'one\ntwo\n' },
    problems: [
      { where: 'onStarted', error: new Error('started') },
      { where: 'onOutput', error: new Error('one\n') },
    ],
  });
});

test.each([
  ['', {}],
  [[''], {}],
  [['true'], { timeoutMs: 0 }],
  [['true'], { silenceTimeoutMs: Number.NaN }],
  [['true'], { graceMs: -1 }],
  [['true'], { drainMs: -1 }],
  [['true'], { tailBytes: 1.5 }],
  [['true'], { logMaxBytes: 10 }],
] as const)(
  'command %j with %o is refused before anything is started',
  async (command, options) => {
    const run = runCommand(command, options);
    await expect(run).rejects.toMatchObject({ name: 'ExecError', code: 'INVALID_OPTION' });
  },
);
