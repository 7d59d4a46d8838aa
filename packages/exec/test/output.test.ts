import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { nodeFileSystem, systemClock } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { runCommand } from '../src/index.js';
import type { OutputFilter } from '../src/index.js';
import { blockForMs } from './processes.js';

test('the log has the exact bytes of the command, text or not', async () => {
  await using rig = await createRig();
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256));
  await rig.write({ input: bytes });
  const logPath = rig.path('a.log');
  const result = await runCommand(['cat', rig.path('input')], { logPath });
  expect(digest(await readFile(logPath))).toBe(digest(bytes));
  const counts = { bytes: 70_000, seenBytes: 70_000, omittedBytes: 0 };
  expect(result.log).toEqual({ path: logPath, ...counts, sha256: digest(bytes) });
  expect(result.stdout).toMatchObject({ totalBytes: 70_000, truncated: true });
});

test('a command that writes into its own log is told by the digest', async () => {
  await using rig = await createRig();
  const logPath = rig.path('a.log');
  const honest = await runCommand('echo out', { logPath });
  expect(honest.log?.sha256).toBe(digest(await readFile(logPath)));
  const forger = await runCommand(`echo failed; echo passed, all of it >${logPath}`, { logPath });
  expect(forger.log?.sha256).toBe(digest(Buffer.from('failed\n')));
  expect(forger.log?.sha256).not.toBe(digest(await readFile(logPath)));
});

test('the log has both streams in the order of arrival', async () => {
  await using rig = await createRig();
  const script =
    'for i in 1 2 3; do echo "out $i"; sleep 0.03; echo "err $i" >&2; sleep 0.03; done';
  await runCommand(script, { logPath: rig.path('a.log') });
  expect(await rig.read('a.log')).toBe('out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n');
});

test('a character that comes in two pieces is one character in the answer', async () => {
  await using rig = await createRig();
  const pieces: string[] = [];
  const script = "printf 'caf\\303'; sleep 0.05; printf '\\251 \\377\\000!'";
  const { stdout } = await runCommand(script, {
    logPath: rig.path('a.log'),
    onOutput: ({ bytes }) => pieces.push(bytes.toString('hex')),
  });
  expect(stdout.text).toBe('café \u{fffd}\0!');
  expect(pieces).toEqual(['636166c3', 'a920ff0021']);
  expect((await readFile(rig.path('a.log'))).toString('hex')).toBe('636166c3a920ff0021');
});

test('a drain time that passes while this process is blocked is no reason to give up', async () => {
  const clock: Clock = {
    ...systemClock,
    schedule(delayMs, run) {
      const cancel = systemClock.schedule(delayMs, run);
      blockForMs(300);
      return cancel;
    },
  };
  const command = '(sleep 0.05; echo LATE) & echo EARLY';
  const { stdout, drained } = await runCommand(command, { clock, drainMs: 1 });
  expect({ text: stdout.text, drained }).toEqual({ text: 'EARLY\nLATE\n', drained: true });
});

test('a log over its limit keeps the start and the end of a real command', async () => {
  await using rig = await createRig();
  const options = { logPath: rig.path('a.log'), logMaxBytes: 4096, tailBytes: 16 };
  const result = await runCommand('seq 1 100000', options);
  const text = await rig.read('a.log');
  expect(text).toMatch(/^1\n2\n3\n/);
  expect(text).toMatch(/99999\n100000\n$/);
  expect(text.length).toBeLessThanOrEqual(4096);
  expect(result.log).toMatchObject({ bytes: text.length, seenBytes: 588_895 });
  expect(result.stdout).toMatchObject({ text: '98\n99999\n100000\n', totalBytes: 588_895 });
});

test.skipIf(process.platform === 'win32')(
  'a pipe or a link in the place of a log or of its end is replaced, and not written through',
  async () => {
    await using rig = await createRig();
    await rig.write({ precious: 'kept' });
    const logPath = rig.path('a.log');
    for (const trap of ['mkfifo', `ln -s ${rig.path('precious')}`]) {
      await runCommand(`${trap} ${logPath}`, { cwd: rig.root });
      const script = `seq 1 3000; ${trap} trap; mv -f trap ${logPath}.tail; seq 1 3000`;
      const { log, outcome } = await runCommand(script, {
        cwd: rig.root,
        logPath,
        logMaxBytes: 4096,
      });
      expect(outcome).toMatchObject({ kind: 'exited', exitCode: 0 });
      expect(log?.seenBytes).toBe(2 * 13_893);
      expect(await rig.read('precious')).toBe('kept');
      await runCommand(`rm -f ${logPath} ${logPath}.tail*`);
    }
  },
);

test('a filter sees each stream whole and stands before log, answer and observer', async () => {
  await using rig = await createRig();
  const observed: string[] = [];
  const result = await runCommand("printf 'sec'; sleep 0.05; printf 'ret!'; printf 'x' >&2", {
    logPath: rig.path('a.log'),
    createFilter: (stream) => upperCaseAtTheEnd(stream),
    onOutput: ({ stream, bytes }) => observed.push(`${stream} ${bytes.toString()}`),
  });
  expect(result.stdout).toEqual({ text: 'stdout SECRET!', totalBytes: 14, truncated: false });
  expect(result.stderr.text).toBe('stderr X');
  expect(result.log).toMatchObject({ bytes: 22, seenBytes: 22, omittedBytes: 0 });
  expect(await rig.read('a.log')).toBe('stdout SECRET!stderr X');
  expect(observed).toEqual(['stdout stdout SECRET!', 'stderr stderr X']);
});

test('a filter that fails shuts its stream: unfiltered bytes reach nobody', async () => {
  await using rig = await createRig();
  const failing: OutputFilter = {
    push: (chunk) => {
      if (chunk.includes('secret')) throw new Error('cannot filter');
      return chunk;
    },
    flush: () => Buffer.from('flushed'),
  };
  const passing: OutputFilter = { push: (chunk) => chunk, flush: () => Buffer.alloc(0) };
  const result = await runCommand(
    'echo a; sleep 0.05; echo secret; sleep 0.05; echo b; echo c >&2',
    {
      logPath: rig.path('a.log'),
      createFilter: (stream) => (stream === 'stdout' ? failing : passing),
    },
  );
  expect(await rig.read('a.log')).toBe('a\nc\n');
  expect(result).toMatchObject({
    outcome: { kind: 'exited', exitCode: 0 },
    stdout: { text: 'a\n' },
    stderr: { text: 'c\n' },
    problems: [{ where: 'filter', error: new Error('cannot filter') }],
  });
});

test('a filter that cannot be made shuts both streams', async () => {
  const result = await runCommand('echo secret; echo secret >&2', {
    createFilter: () => {
      throw new Error('no filter');
    },
  });
  expect(result).toMatchObject({ stdout: { totalBytes: 0 }, stderr: { totalBytes: 0 } });
  expect(result.problems).toEqual([{ where: 'filter', error: new Error('no filter') }]);
});

test('a full disk costs the log and not the command', async () => {
  await using rig = await createRig();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, nth }) => {
    if (operation !== 'write') return undefined;
    return nth === 1 ? { kind: 'short', bytes: 100 } : { kind: 'error', code: 'ENOSPC' };
  });
  const result = await runCommand('seq 1 100000', { logPath: rig.path('a.log'), fs });
  expect(result).toMatchObject({
    outcome: { kind: 'exited', exitCode: 0 },
    stdout: { totalBytes: 588_895 },
    log: { bytes: 100, seenBytes: 588_895, omittedBytes: 588_795, error: { code: 'ENOSPC' } },
  });
  expect(await rig.read('a.log')).toHaveLength(100);
});

function upperCaseAtTheEnd(stream: string): OutputFilter {
  const held: Buffer[] = [];
  return {
    push: (chunk) => {
      held.push(Buffer.from(chunk.toString().toUpperCase()));
      return Buffer.alloc(0);
    },
    flush: () => Buffer.concat([Buffer.from(`${stream} `), ...held]),
  };
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
