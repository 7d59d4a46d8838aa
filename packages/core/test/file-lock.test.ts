import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, stat, symlink, unlink, utimes, writeFile } from 'node:fs/promises';

import { createManualClock, createRig } from '@codex-orchestrator/testing';
import type { ManualClock, Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import type { Clock } from '../src/clock.js';
import { acquireLock, tryAcquireLock, withFileLock } from '../src/file-lock.js';
import type { FileLock } from '../src/held-lock.js';
import type { LockBusy } from '../src/lock-busy.js';
import { currentProcessIdentity } from '../src/process-identity.js';
import type { Result } from '../src/result.js';
import { longDead } from './long-dead.js';

const linux = process.platform === 'linux';
const hourMs = 3_600_000;

interface LockRig extends Rig {
  readonly lockPath: string;
  /** Puts a lock file there whose last sign of life is that old. */
  leave(content: string | object, ageMs: number): Promise<void>;
}

async function createLockRig(): Promise<LockRig> {
  const rig = await createRig();
  const lockPath = rig.path('x.lock');
  const leave = async (content: string | object, ageMs: number): Promise<void> => {
    await writeFile(lockPath, typeof content === 'string' ? content : JSON.stringify(content));
    await setAge(lockPath, ageMs);
  };
  return Object.assign(rig, { lockPath, leave });
}

async function setAge(path: string, ageMs: number): Promise<void> {
  const then = (Date.now() - ageMs) / 1000;
  await utimes(path, then, then);
}

/** An owner record as it lies on disk, of this very process unless told otherwise. */
function recordOf(changes: Readonly<Record<string, unknown>> = {}): object {
  const { pid, host, processStartedAt, bootId, namespace } = currentProcessIdentity();
  return {
    schema_version: 1,
    kind: 'codex-lock-owner',
    token: '0123456789abcdef',
    task_id: 'demo',
    pid,
    host,
    acquired_at: '2026-01-06T06:53:37.814Z',
    stale_ms: 1000,
    process_started_at: processStartedAt,
    boot_id: bootId,
    namespace,
    fence: 7,
    ...changes,
  };
}

/** A record in the format that knows neither start stamp nor boot id. */
function plainRecordOf(changes: Readonly<Record<string, unknown>> = {}): object {
  const added = { process_started_at: undefined, boot_id: undefined, namespace: undefined };
  return recordOf({ ...added, fence: undefined, ...changes });
}

function expectHeld(result: Result<FileLock, LockBusy>): FileLock {
  if (!result.ok) throw new Error(`Busy: ${result.error.reason}`);
  return result.value;
}

function expectBusy(result: Result<FileLock, LockBusy>): LockBusy {
  if (result.ok) throw new Error('The lock was acquired');
  return result.error;
}

test('a lock has one holder at a time, and its file goes with the release', async () => {
  await using rig = await createLockRig();
  const lock = await acquireLock(rig.lockPath, { taskId: 'demo' });
  const busy = expectBusy(await tryAcquireLock(rig.lockPath));
  expect(busy).toEqual({ path: rig.lockPath, reason: 'owner-alive', owner: lock.owner });
  await expect(lock.release()).resolves.toBe('released');
  expect(await rig.list()).toEqual(['x.lock.fence']);
  await (await acquireLock(rig.lockPath)).release();
});

test('the owner record names process, host, task and fence in the agreed format', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock();
  await using lock = await acquireLock(rig.lockPath, { taskId: 'demo', clock });
  const { pid, host, processStartedAt, bootId, namespace } = currentProcessIdentity();
  expect(await rig.readJson('x.lock')).toEqual({
    schema_version: 1,
    kind: 'codex-lock-owner',
    token: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    task_id: 'demo',
    pid,
    host,
    acquired_at: '2026-01-06T06:53:37.814Z',
    stale_ms: 300_000,
    process_started_at: processStartedAt,
    boot_id: bootId,
    namespace,
    fence: lock.fence,
  });
  expect(lock.owner).toMatchObject({ pid, host, taskId: 'demo', fence: lock.fence });
});

test('of many who try at once in one process one gets the lock', async () => {
  await using rig = await createLockRig();
  const results = await Promise.all(Array.from({ length: 20 }, () => tryAcquireLock(rig.lockPath)));
  expect(results.filter((result) => result.ok)).toHaveLength(1);
});

test('a second release gives the answer of the first', async () => {
  await using rig = await createLockRig();
  const lock = await acquireLock(rig.lockPath);
  await lock.release();
  await using next = await acquireLock(rig.lockPath);
  await expect(lock.release()).resolves.toBe('released');
  expect(await readFile(rig.lockPath, 'utf8')).toContain(next.owner.token);
});

test('a release leaves the lock of a successor alone', async () => {
  await using rig = await createLockRig();
  const lock = await acquireLock(rig.lockPath);
  await unlink(rig.lockPath);
  await using successor = await acquireLock(rig.lockPath);
  await expect(lock.release()).resolves.toBe('not-owner');
  expect(await readFile(rig.lockPath, 'utf8')).toContain(successor.owner.token);
});

test('a release finds a removed lock file and says so', async () => {
  await using rig = await createLockRig();
  const lock = await acquireLock(rig.lockPath);
  await unlink(rig.lockPath);
  await expect(lock.release()).resolves.toBe('not-owner');
});

test('disposing releases', async () => {
  await using rig = await createLockRig();
  {
    await using lock = await acquireLock(rig.lockPath);
    expect(existsSync(lock.path)).toBe(true);
  }
  expect(existsSync(rig.lockPath)).toBe(false);
});

test('folders are made as needed', async () => {
  await using rig = await createLockRig();
  await using lock = await acquireLock(rig.path('a/b/x.lock'));
  expect(existsSync(lock.path)).toBe(true);
});

// Fencing numbers

test('every holder has a greater number than all before', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock();
  const numbers: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const lock = await acquireLock(rig.lockPath, { clock });
    numbers.push(lock.fence);
    await lock.release();
  }
  const first = clock.nowMs();
  expect(numbers).toEqual([first, first + 1, first + 2, first + 3, first + 4]);
});

test.each([
  ['removed', undefined],
  ['emptied', ''],
  ['damaged', '000012\n'],
  ['filled with zero bytes', '\0'.repeat(17)],
  ['beyond all numbers', `${'9'.repeat(16)}\n`],
  ['thrown back', '0000000000000001\n'],
])('the numbers still grow after the counter was %s', async (_name, content) => {
  await using rig = await createLockRig();
  const clock = createManualClock();
  const before = await acquireLock(rig.lockPath, { clock });
  await before.release();
  await rm(`${rig.lockPath}.fence`);
  if (content !== undefined) await writeFile(`${rig.lockPath}.fence`, content);
  await clock.advance(1);
  await using after = await acquireLock(rig.lockPath, { clock });
  expect(after.fence).toBeGreaterThan(before.fence);
});

test('the numbers grow while the clock runs backwards', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock();
  const before = await acquireLock(rig.lockPath, { clock });
  await before.release();
  clock.jumpWall(-hourMs);
  await using after = await acquireLock(rig.lockPath, { clock });
  expect(after.fence).toBe(before.fence + 1);
});

// Takeover: whose lock may be taken

test('the lock of a dead process is taken over at once, however fresh it is', async () => {
  await using rig = await createLockRig();
  await rig.leave(recordOf(await longDead()), 0);
  await using lock = expectHeld(await tryAcquireLock(rig.lockPath));
  expect(await rig.readJson('x.lock')).toMatchObject({ token: lock.owner.token });
  expect(await rig.list()).toEqual(['x.lock', 'x.lock.fence']);
});

test.skipIf(!linux)('a live pid with another start stamp is a dead owner', async () => {
  await using rig = await createLockRig();
  await rig.leave(recordOf({ process_started_at: '1' }), 0);
  await expectHeld(await tryAcquireLock(rig.lockPath)).release();
});

test('the lock of a live process is never taken, however old it is', async () => {
  await using rig = await createLockRig();
  await rig.leave(recordOf(), hourMs);
  const busy = expectBusy(await tryAcquireLock(rig.lockPath, { staleAfterMs: 1 }));
  expect(busy.reason).toBe('owner-alive');
  expect(busy.owner).toMatchObject({ pid: process.pid, token: '0123456789abcdef', fence: 7 });
});

test.skipIf(!linux)('a live owner stays in sight when its host is renamed', async () => {
  await using rig = await createLockRig();
  await rig.leave(recordOf({ host: 'the-old-name' }), hourMs);
  const busy = expectBusy(await tryAcquireLock(rig.lockPath, { staleAfterMs: 1 }));
  expect(busy.reason).toBe('owner-alive');
});

const outOfSight: readonly [string, Readonly<Record<string, unknown>>][] = [
  ['on another host', { host: 'elsewhere', boot_id: 'another', process_started_at: '1' }],
  ['before a reboot, or on a namesake', { boot_id: 'another', process_started_at: '1' }],
  ['in another container', { namespace: 'pid:[1] time:[2]', process_started_at: '1' }],
];

test.skipIf(!linux).each(outOfSight)(
  'an owner %s keeps its lock while it gives signs of life',
  async (_name, changes) => {
    await using rig = await createLockRig();
    await rig.leave(recordOf(changes), 0);
    const busy = expectBusy(await tryAcquireLock(rig.lockPath, { staleAfterMs: 60_000 }));
    expect(busy.reason).toBe('owner-out-of-sight');
    await setAge(rig.lockPath, 61_000);
    await expectHeld(await tryAcquireLock(rig.lockPath, { staleAfterMs: 60_000 })).release();
  },
);

test('an owner out of sight is given the silence that it asked for', async () => {
  await using rig = await createLockRig();
  await rig.leave(recordOf({ host: 'elsewhere', boot_id: 'another', stale_ms: hourMs }), 61_000);
  expectBusy(await tryAcquireLock(rig.lockPath, { staleAfterMs: 60_000 }));
});

test.each([
  ['empty', ''],
  ['torn', '{"schema_version":1,"kind":"codex-lo'],
  ['not JSON', 'pid 42'],
  ['a JSON list', '[1]'],
  ['without an owner', '{"pid":42}'],
  ['of a pid that is none', JSON.stringify({ token: 'a', host: 'b', pid: -1 })],
  ['very long', 'x'.repeat(100_000)],
])('a lock file that is %s is taken over when it is old', async (_name, content) => {
  await using rig = await createLockRig();
  await rig.leave(content, 60_000);
  const busy = expectBusy(await tryAcquireLock(rig.lockPath));
  expect(busy).toEqual({ path: rig.lockPath, reason: 'owner-out-of-sight', owner: undefined });
  await setAge(rig.lockPath, hourMs);
  await expectHeld(await tryAcquireLock(rig.lockPath)).release();
});

test('a record without start stamp and boot id keeps the lock while its pid is in use', async () => {
  await using rig = await createLockRig();
  // The clock gives the process an age of its own; the record must be younger to be its.
  await rig.leave(plainRecordOf({ acquired_at: new Date().toISOString() }), hourMs);
  const busy = expectBusy(await tryAcquireLock(rig.lockPath, { staleAfterMs: 1000 }));
  expect(busy.reason).toBe('owner-alive');
});

test.skipIf(!linux)(
  'such a record loses it when the process is younger than the lock',
  async () => {
    await using rig = await createLockRig();
    await rig.leave(plainRecordOf(), 1000 * hourMs);
    await expectHeld(await tryAcquireLock(rig.lockPath)).release();
  },
);

test('such a record of a dead process loses the lock when it is old', async () => {
  await using rig = await createLockRig();
  const { pid } = await longDead();
  await rig.leave(plainRecordOf({ pid }), hourMs);
  await expectHeld(await tryAcquireLock(rig.lockPath)).release();
});

test('what a taker that died left is no obstacle and is cleared away', async () => {
  await using rig = await createLockRig();
  const dead = recordOf(await longDead());
  await rig.leave(dead, 0);
  await rig.write({ 'x.lock.acquire-0000000000000000-0': dead, 'x.lock.acquire': '' });
  await expectHeld(await tryAcquireLock(rig.lockPath)).release();
  expect(await rig.list()).toEqual(['x.lock.acquire', 'x.lock.fence']);
});

// Clocks

/** Moves the clock on in small steps; tells whether the promise settled. */
async function settlesWithin(
  clock: ManualClock,
  promise: Promise<unknown>,
  ms: number,
): Promise<boolean> {
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  promise.then(note, note);
  for (let passedMs = 0; passedMs < ms; passedMs += 10) await clock.advance(10);
  return settled;
}

test('a clock that jumps ahead does not make a lock stale for those who wait', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock(Date.now());
  await rig.leave('', 0);
  const waiting = tryAcquireLock(rig.lockPath, { clock, staleAfterMs: 60_000, waitMs: 2000 });
  await clock.advance(10);
  clock.jumpWall(hourMs);
  expect(await settlesWithin(clock, waiting, 3000)).toBe(true);
  expect(expectBusy(await waiting).reason).toBe('owner-out-of-sight');
});

test('a lock from the future is stale once nothing was heard for long enough', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock(Date.now());
  await rig.leave('', -hourMs);
  const waiting = tryAcquireLock(rig.lockPath, { clock, staleAfterMs: 1000, waitMs: 2000 });
  expect(await settlesWithin(clock, waiting, 900)).toBe(false);
  expect(await settlesWithin(clock, waiting, 1000)).toBe(true);
  await expectHeld(await waiting).release();
});

test('a sign of life starts the silence anew for those who wait', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock(Date.now());
  await rig.leave('', 0);
  const waiting = tryAcquireLock(rig.lockPath, { clock, staleAfterMs: 1000, waitMs: 10_000 });
  expect(await settlesWithin(clock, waiting, 900)).toBe(false);
  await utimes(rig.lockPath, clock.nowMs() / 1000, clock.nowMs() / 1000);
  expect(await settlesWithin(clock, waiting, 900)).toBe(false);
  expect(await settlesWithin(clock, waiting, 200)).toBe(true);
  await expectHeld(await waiting).release();
});

// Waiting

test('who waits gets the lock when it is released', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock();
  const lock = await acquireLock(rig.lockPath);
  const waiting = acquireLock(rig.lockPath, { clock, waitMs: Infinity });
  expect(await settlesWithin(clock, waiting, 5000)).toBe(false);
  await lock.release();
  expect(await settlesWithin(clock, waiting, 20)).toBe(true);
  await using next = await waiting;
  expect(next.fence).toBeGreaterThan(0);
});

test('a wait that is over names the holder', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock();
  const holder = await acquireLock(rig.lockPath);
  const waiting = acquireLock(rig.lockPath, { clock, waitMs: 500 });
  expect(await settlesWithin(clock, waiting, 600)).toBe(true);
  await expect(waiting).rejects.toMatchObject({
    code: 'LOCK_TIMEOUT',
    path: rig.lockPath,
    message: expect.stringContaining(`process ${process.pid} on`) as string,
  });
  await holder.release();
});

test('an aborted wait rejects with the reason and leaves nothing behind', async () => {
  await using rig = await createLockRig();
  const controller = new AbortController();
  const holder = await acquireLock(rig.lockPath);
  const { signal } = controller;
  const waiting = acquireLock(rig.lockPath, { signal, waitMs: Infinity });
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  await expect(tryAcquireLock(rig.path('y.lock'), { signal })).rejects.toThrow('enough');
  expect(await rig.list()).toEqual(['x.lock', 'x.lock.fence']);
  await holder.release();
});

// Heartbeat

test('a holder gives signs of life three times within the time of silence', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock();
  await using lock = await acquireLock(rig.lockPath, { clock, staleAfterMs: 30_000 });
  for (let beat = 1; beat <= 4; beat += 1) {
    await clock.advance(10_000);
    expect(Math.round((await stat(rig.lockPath)).mtimeMs)).toBe(clock.nowMs());
  }
  expect(lock.signal.aborted).toBe(false);
});

test('the heartbeat ends with the release', async () => {
  await using rig = await createLockRig();
  const clock = createManualClock();
  const lock = await acquireLock(rig.lockPath, { clock });
  expect(clock.pendingTimers).toBe(1);
  await lock.release();
  expect(clock.pendingTimers).toBe(0);
});

test.each([
  ['removed', async (path: string) => unlink(path)],
  ['replaced', async (path: string) => writeFile(path, JSON.stringify(recordOf()))],
  ['emptied', async (path: string) => writeFile(path, '')],
])('a holder is told at the next beat that its lock was %s', async (_name, spoil) => {
  await using rig = await createLockRig();
  const clock = createManualClock();
  const lock = await acquireLock(rig.lockPath, { clock, staleAfterMs: 30_000 });
  await spoil(rig.lockPath);
  const before = existsSync(rig.lockPath) && statSync(rig.lockPath).mtimeMs;
  await clock.advance(10_000);
  expect(lock.signal.reason).toMatchObject({ code: 'LOCK_COMPROMISED', path: rig.lockPath });
  expect(existsSync(rig.lockPath) && statSync(rig.lockPath).mtimeMs).toBe(before);
  expect(clock.pendingTimers).toBe(0);
  await expect(lock.release()).resolves.toBe('not-owner');
});

test('a late beat, after a sleep of the machine, is no loss by itself', async () => {
  await using rig = await createLockRig();
  let nowMs = 0;
  let beat = (): void => undefined;
  const clock: Clock = {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    schedule: (_delayMs, run) => {
      beat = run;
      return () => undefined;
    },
  };
  await using lock = await acquireLock(rig.lockPath, { clock, staleAfterMs: 30_000 });
  nowMs = 24 * hourMs;
  beat();
  expect(lock.signal.aborted).toBe(false);
});

// What lies in the way

test('a symlink, a folder or a pipe in the place of the lock is not followed or replaced', async () => {
  await using rig = await createLockRig();
  await rig.write({ target: '' });
  await symlink('target', rig.path('link.lock'));
  await mkdir(rig.path('folder.lock'));
  for (const name of ['link.lock', 'folder.lock']) {
    await expect(tryAcquireLock(rig.path(name))).rejects.toMatchObject({
      code: 'LOCK_FAILED',
      path: rig.path(name),
    });
  }
  expect(await rig.read('target')).toBe('');
});

test.each([
  { staleAfterMs: 0 },
  { staleAfterMs: Number.NaN },
  { staleAfterMs: Infinity },
  { waitMs: -1 },
  { waitMs: Number.NaN },
])('%j is refused', async (options) => {
  await using rig = await createLockRig();
  await expect(acquireLock(rig.lockPath, options)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
  });
});

// withFileLock

test('withFileLock gives the result and releases', async () => {
  await using rig = await createLockRig();
  const fence = await withFileLock(rig.lockPath, (lock) => {
    expect(existsSync(rig.lockPath)).toBe(true);
    return Promise.resolve(lock.fence);
  });
  expect(fence).toBeGreaterThan(0);
  expect(existsSync(rig.lockPath)).toBe(false);
});

test('withFileLock releases when the function fails, and throws its error', async () => {
  await using rig = await createLockRig();
  const failing = withFileLock(rig.lockPath, () => Promise.reject(new Error('mine')));
  await expect(failing).rejects.toThrow('mine');
  expect(existsSync(rig.lockPath)).toBe(false);
});

test('withFileLock rejects when the lock was lost meanwhile', async () => {
  await using rig = await createLockRig();
  const losing = withFileLock(rig.lockPath, () => unlink(rig.lockPath));
  await expect(losing).rejects.toMatchObject({ code: 'LOCK_COMPROMISED', path: rig.lockPath });
});

test('withFileLock lets the functions of one process run one after the other', async () => {
  await using rig = await createLockRig();
  const log: string[] = [];
  const run = (name: string): Promise<void> =>
    withFileLock(rig.lockPath, async () => {
      log.push(`${name} in`);
      await new Promise(setImmediate);
      log.push(`${name} out`);
    });
  await Promise.all([run('a'), run('b'), run('c')]);
  expect(log.map((line) => line.slice(2))).toEqual(['in', 'out', 'in', 'out', 'in', 'out']);
});
