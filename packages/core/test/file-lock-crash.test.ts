import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

import { bundleChildProgram, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { afterAll, expect, test } from 'vitest';

import { tryAcquireLock, withFileLock } from '../src/file-lock.js';
import { nodeFileSystem } from '../src/file-system.js';
import { currentProcessIdentity } from '../src/process-identity.js';
import { sweepTempFiles } from '../src/temp-path.js';
import { longDead } from './long-dead.js';

const crasher = await bundleChildProgram(new URL('./fixtures/lock-crasher.ts', import.meta.url));
afterAll(() => crasher[Symbol.asyncDispose]());

interface Crash {
  readonly killed: boolean;
  /** The number that the program was given before it died, if it came so far. */
  readonly fence: number;
}

/** Runs a program that takes and releases `x.lock` and dies before a call. */
function crash(rig: Rig, operation: string, nth: number): Promise<Crash> {
  return run([process.execPath, crasher.path, rig.path('x.lock'), operation, String(nth)]);
}

/** Programs start sooner without what the environment asks Node to load. */
const bareEnvironment = { PATH: process.env['PATH'] };

async function run([program = '', ...args]: readonly string[]): Promise<Crash> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: bareEnvironment,
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  const [, fence = '0'] = /fence (\d+)/.exec(text) ?? [];
  return { killed: child.signalCode === 'SIGKILL', fence: Number(fence) };
}

/** The lock works for the next one, and after a sweep nothing but the counter is left. */
async function expectRecovered(rig: Rig, crashes: readonly Crash[], label: string): Promise<void> {
  const result = await tryAcquireLock(rig.path('x.lock'));
  if (!result.ok) throw new Error(`${label}: ${result.error.reason}`);
  for (const { fence } of crashes) expect(result.value.fence, label).toBeGreaterThan(fence);
  await result.value.release();
  await sweepTempFiles(rig.root, { olderThanMs: -1000 });
  expect(await rig.list(), label).toEqual(['x.lock.fence']);
}

const { host, bootId: boot_id, namespace } = currentProcessIdentity();
const deadOwner = { ...(await longDead()), token: 'dead', host, boot_id, namespace };

async function leaveDeadLock(rig: Rig): Promise<void> {
  await rig.write({ 'x.lock': deadOwner });
}

/** The operations of taking and releasing the lock, in order, when nothing goes wrong. */
async function operationsOf(prepare: (rig: Rig) => Promise<void>): Promise<string[]> {
  await using rig = await createRig();
  await prepare(rig);
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  await withFileLock(rig.path('x.lock'), () => Promise.resolve(), { fs });
  return calls.map(({ operation }) => operation);
}

/** Kills a program before each of the calls (counted from 1), several programs at a time. */
async function expectRecovery(
  calls: readonly number[],
  prepare: (rig: Rig) => Promise<void>,
): Promise<void> {
  const next = calls.values();
  const work = async (): Promise<void> => {
    for (const call of next) {
      await using rig = await createRig();
      await prepare(rig);
      const crashed = await crash(rig, 'any', call);
      expect(crashed.killed).toBe(true);
      await expectRecovered(rig, [crashed], `killed before call ${call}`);
    }
  };
  await Promise.all([work(), work(), work()]);
}

test('a process killed before any call of acquiring and releasing leaves a lock that works', async () => {
  const nothing = (): Promise<void> => Promise.resolve();
  const operations = await operationsOf(nothing);
  expect(operations).toEqual(expect.arrayContaining(['open', 'write', 'link', 'unlink']));
  await expectRecovery(
    [...operations.keys()].map((index) => index + 1),
    nothing,
  );
});

test('a process killed before any call of a takeover leaves a lock that works', async () => {
  const operations = await operationsOf(leaveDeadLock);
  expect(operations).toEqual(expect.arrayContaining(['rename', 'readdir']));
  // Before the first link and after the last claim is removed it is an acquisition like any other.
  const from = operations.indexOf('link') + 2;
  const to = operations.indexOf('unlink', operations.indexOf('readdir')) + 2;
  await expectRecovery(
    Array.from({ length: to - from + 1 }, (_, index) => from + index),
    leaveDeadLock,
  );
});

test('takers that die one after another with a claim in hand leave a lock that works', async () => {
  await using rig = await createRig();
  await leaveDeadLock(rig);
  const crashes: Crash[] = [];
  for (let taker = 0; taker < 3; taker += 1) crashes.push(await crash(rig, 'rename', 1));
  const claims = (await rig.list()).filter((name) => name.startsWith('x.lock.acquire-'));
  expect(claims.map((name) => name.slice(-2))).toEqual(['-0', '-1', '-2']);
  await expectRecovered(rig, crashes, 'three dead claims');
});

test('a live taker that is paused with a claim in hand keeps everybody else out', async () => {
  await using rig = await createRig();
  await leaveDeadLock(rig);
  await crash(rig, 'rename', 1);
  const [claim = ''] = (await rig.list()).filter((name) => name.startsWith('x.lock.acquire-'));
  const { pid, processStartedAt: process_started_at } = currentProcessIdentity();
  const dead = (await rig.readJson(claim)) as object;
  await rig.write({ [claim]: { ...dead, pid, process_started_at } });
  const result = await tryAcquireLock(rig.path('x.lock'));
  expect(result).toMatchObject({ ok: false, error: { reason: 'contended' } });
});

const strace = spawnSync('strace', ['-V']).status === 0;

test.skipIf(!strace).each([
  ['links its record to the lock', 'link', 1, false],
  ['draws its number', 'write', 1, false],
  ['removes the temporary name', 'unlink', 1, false],
  ['removes the lock', 'unlink', 2, false],
  ['claims a dead lock', 'link', 2, true],
  ['replaces a dead lock', 'rename', 1, true],
  ['removes its claim', 'unlink', 2, true],
])(
  'killed by the system when it %s, a process leaves a lock that works (needs strace)',
  async (_step, call, nth, takesOver) => {
    await using rig = await createRig();
    if (takesOver) await leaveDeadLock(rig);
    const crashed = await crashInCall(rig, call, nth);
    expect(crashed.killed).toBe(true);
    await expectRecovered(rig, [crashed], call);
  },
);

/** As `crash`, the kill coming from outside, as the kernel enters the call. */
async function crashInCall(rig: Rig, call: string, nth: number): Promise<Crash> {
  const lockPath = rig.path('x.lock');
  const only = call === 'write' ? ['-P', `${lockPath}.fence`] : [];
  const inject = `inject=?${call},?${call}at:signal=KILL:when=${nth}`;
  const trace = ['strace', '-f', '-qq', '-o', '/dev/null', ...only, '-e', inject];
  return run([...trace, process.execPath, crasher.path, lockPath]);
}
