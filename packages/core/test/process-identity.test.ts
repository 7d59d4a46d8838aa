import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';

import { expect, test } from 'vitest';

import {
  currentProcessIdentity,
  identifyProcess,
  parseProcessStat,
  processLiveness,
  readProcessStat,
} from '../src/process-identity.js';
import type { ProcessIdentity } from '../src/process-identity.js';

const linux = process.platform === 'linux';

/** A child that runs until it is killed. */
function startChild(): ChildProcess & { readonly pid: number } {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
  return child as ChildProcess & { readonly pid: number };
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

function identify(pid: number): ProcessIdentity {
  const identity = identifyProcess(pid);
  if (!identity) throw new Error(`No process ${pid}`);
  return identity;
}

test('this process is alive under its own identity', () => {
  const identity = currentProcessIdentity();
  expect(identity.pid).toBe(process.pid);
  expect(identity).toEqual(identifyProcess(process.pid));
  expect(processLiveness(identity)).toBe(linux ? 'alive' : 'unknown');
});

test.skipIf(!linux)('on Linux an identity holds start stamp, boot id and namespaces', () => {
  expect(currentProcessIdentity()).toEqual({
    pid: process.pid,
    processStartedAt: expect.stringMatching(/^\d+$/) as string,
    bootId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    host: expect.any(String) as string,
    namespace: expect.stringMatching(/^pid:\[\d+\]/) as string,
  });
});

test('another process is alive until it ends, then dead', async () => {
  const child = startChild();
  const identity = identify(child.pid);
  expect(processLiveness(identity)).toBe(linux ? 'alive' : 'unknown');
  await stop(child);
  expect(processLiveness(identity)).toBe('dead');
  expect(identifyProcess(child.pid)).toBeUndefined();
});

test.skipIf(!linux)('a stopped process is alive', async () => {
  const child = startChild();
  child.kill('SIGSTOP');
  expect(processLiveness(identify(child.pid))).toBe('alive');
  await stop(child);
});

test.skipIf(!linux)('a live pid with another start stamp is a dead process', () => {
  expect(processLiveness({ ...currentProcessIdentity(), processStartedAt: '1' })).toBe('dead');
});

test('a live pid without a start stamp is unknown', () => {
  expect(processLiveness({ ...currentProcessIdentity(), processStartedAt: null })).toBe('unknown');
});

test('a process of another boot of this host is dead', () => {
  const before = { ...currentProcessIdentity(), bootId: '00000000-0000-0000-0000-000000000000' };
  expect(processLiveness(before)).toBe(linux ? 'dead' : 'unknown');
});

test('nothing is known about a process of another host', () => {
  expect(processLiveness({ ...currentProcessIdentity(), host: 'elsewhere.invalid' })).toBe(
    'unknown',
  );
});

test.skipIf(!linux)('nothing is known about a process of another pid namespace', () => {
  const dead = { ...currentProcessIdentity(), processStartedAt: '1' };
  expect(processLiveness({ ...dead, namespace: 'pid:[1]' })).toBe('unknown');
});

test('an identity that was written down without a namespace is taken for one of ours', () => {
  const { pid, processStartedAt, bootId, host } = currentProcessIdentity();
  expect(processLiveness({ pid, processStartedAt, bootId, host })).toBe(
    linux ? 'alive' : 'unknown',
  );
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 31, 2 ** 40])('%d is no process', (pid) => {
  expect(identifyProcess(pid)).toBeUndefined();
  expect(processLiveness({ ...currentProcessIdentity(), pid })).toBe('dead');
});

test.skipIf(!linux)('a zombie is dead', async () => {
  // The shell starts a child and then becomes a program that never collects it.
  const shell = spawn('sh', ['-c', 'read line <&3 & echo $!; exec sleep 1000 3<&-'], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
  });
  const [, stdout] = shell.stdio;
  if (!stdout) throw new Error('the shell has no stdout');
  const [printed] = (await once(stdout, 'data')) as [Buffer];
  await expect.poll(() => readFileSync(`/proc/${shell.pid}/comm`, 'utf8')).toBe('sleep\n');
  const identity = identify(Number(printed.toString()));
  (shell.stdio[3] as Writable).end('\n');
  await expect.poll(() => processLiveness(identity)).toBe('dead');
  expect(process.kill(identity.pid, 0)).toBe(true);
  expect(identifyProcess(identity.pid)).toBeUndefined();
  await stop(shell);
});

test.skipIf(!linux)(
  'a running process has a parent, a group and the stamp of its identity',
  async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { detached: true });
    const pid = Number(child.pid);
    expect(readProcessStat(pid)).toMatchObject({
      parentPid: process.pid,
      processGroup: pid,
      startedAt: identify(pid).processStartedAt,
    });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(readProcessStat(pid)).toBeUndefined();
  },
);

test('the start stamp is found after program names with spaces and parentheses', () => {
  const rest = Array.from({ length: 30 }, (_, index) => String(index + 4)).join(' ');
  expect(parseProcessStat(`42 (a) b (c)) S ${rest}`)).toEqual({
    state: 'S',
    parentPid: 4,
    processGroup: 5,
    startedAt: '22',
  });
  expect(parseProcessStat('42 (cut')).toBeUndefined();
});
