import { existsSync, symlinkSync, unlinkSync } from 'node:fs';

import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Fault, FaultyCall, Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { acquireLock, tryAcquireLock, withFileLock } from '../src/file-lock.js';
import { nodeFileSystem } from '../src/file-system.js';
import { currentProcessIdentity } from '../src/process-identity.js';
import { longDead } from './long-dead.js';

const { host, bootId: boot_id, namespace } = currentProcessIdentity();
const deadOwner = { ...(await longDead()), token: 'dead', host, boot_id, namespace };

const nothing = (): Promise<void> => Promise.resolve();
const leaveDeadLock = (rig: Rig): Promise<void> => rig.write({ 'x.lock': deadOwner });

/** The calls of taking a lock, with nothing going wrong. */
async function callsOf(prepare: (rig: Rig) => Promise<void>): Promise<readonly FaultyCall[]> {
  await using rig = await createRig();
  await prepare(rig);
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  await acquireLock(rig.path('x.lock'), { fs });
  return [...calls];
}

/** A file system in which one call, counted over all operations, goes wrong. */
function failingAt(call: number, fault: Fault): typeof nodeFileSystem {
  let made = 0;
  return faultyFileSystem(nodeFileSystem, () => {
    made += 1;
    return made === call ? fault : undefined;
  }).fs;
}

test.each([
  ['an acquisition', nothing],
  ['a takeover', leaveDeadLock],
])(
  'whichever call of %s fails, the lock is had or left as if nothing was',
  async (_name, prepare) => {
    const calls = await callsOf(prepare);
    expect(calls.length).toBeGreaterThan(8);
    for (const [index, { operation }] of calls.entries()) {
      await using rig = await createRig();
      await prepare(rig);
      const label = `call ${index + 1}, ${operation}`;
      const fs = failingAt(index + 1, { kind: 'error', code: 'EIO' });
      const failed = await tryAcquireLock(rig.path('x.lock'), { fs }).catch((error: unknown) => {
        expect(error, label).toMatchObject({ code: 'LOCK_FAILED', path: rig.path('x.lock') });
        return undefined;
      });
      if (failed?.ok === true) await expect(failed.value.release()).resolves.toBe('released');
      // This process is alive: a lock or claim left by the failure would keep the next one out.
      await withFileLock(rig.path('x.lock'), nothing, { waitMs: 0 });
    }
  },
);

test.each([
  ['an acquisition', nothing],
  ['a takeover', leaveDeadLock],
])('a write of %s that comes back short is followed up or reported', async (_name, prepare) => {
  const writes = (await callsOf(prepare)).filter(({ operation }) => operation === 'write');
  expect(writes.length).toBe(2);
  for (const bytes of [0, 5]) {
    for (let nth = 1; nth <= writes.length; nth += 1) {
      await using rig = await createRig();
      await prepare(rig);
      const { fs } = faultyFileSystem(nodeFileSystem, (call) =>
        call.operation === 'write' && call.nth === nth ? { kind: 'short', bytes } : undefined,
      );
      const taking = acquireLock(rig.path('x.lock'), { fs, waitMs: 0 });
      if (bytes === 0) await expect(taking).rejects.toMatchObject({ code: 'LOCK_FAILED' });
      else await (await taking).release();
      await withFileLock(rig.path('x.lock'), nothing, { waitMs: 0 });
    }
  }
});

test('a full disk leaves no lock, no claim and no temporary file', async () => {
  await using rig = await createRig();
  await leaveDeadLock(rig);
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'write' ? { kind: 'error', code: 'ENOSPC' } : undefined,
  );
  await expect(acquireLock(rig.path('x.lock'), { fs })).rejects.toMatchObject({
    code: 'LOCK_FAILED',
    errno: 'ENOSPC',
  });
  expect(await rig.list()).toEqual(['x.lock', 'x.lock.fence']);
});

test.each(['EPERM', 'ENOTSUP', 'EMLINK'])(
  'a file system that answers links with %s has locks all the same',
  async (code) => {
    await using rig = await createRig();
    const lockPath = rig.path('x.lock');
    const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
      operation === 'link' ? { kind: 'error', code } : undefined,
    );
    const first = await acquireLock(lockPath, { fs });
    const second = await tryAcquireLock(lockPath, { fs });
    expect(second).toMatchObject({ ok: false, error: { reason: 'owner-alive' } });
    await expect(first.release()).resolves.toBe('released');

    await leaveDeadLock(rig);
    const third = await acquireLock(lockPath, { fs });
    expect(third.fence).toBeGreaterThan(first.fence);
    await expect(third.release()).resolves.toBe('released');
    expect(await rig.list()).toEqual(['x.lock.fence']);
  },
);

test('a number drawn by another between the look and the lock is entered in the record', async () => {
  await using rig = await createRig();
  const lockPath = rig.path('x.lock');
  const drawn = 9_000_000_000_000;
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (operation === 'link')
      overwrite(`${lockPath}.fence`, `${String(drawn).padStart(16, '0')}\n`);
    return undefined;
  });
  const lock = await acquireLock(lockPath, { fs });
  expect(lock.fence).toBe(drawn + 1);
  expect(await rig.readJson('x.lock')).toMatchObject({ fence: drawn + 1 });
  await expect(lock.release()).resolves.toBe('released');
});

function overwrite(path: string, text: string): void {
  const fd = nodeFileSystem.open(path, 'r+');
  nodeFileSystem.write(fd, Buffer.from(text), 0);
  nodeFileSystem.close(fd);
}

test('a holder whose file cannot be examined for a while goes on', async () => {
  await using rig = await createRig();
  const clock = createManualClock();
  let broken = false;
  const { fs } = faultyFileSystem(nodeFileSystem, () =>
    broken ? { kind: 'error', code: 'EIO' } : undefined,
  );
  const lock = await acquireLock(rig.path('x.lock'), { fs, clock, staleAfterMs: 30_000 });
  broken = true;
  await clock.advance(20_000);
  broken = false;
  await clock.advance(10_000);
  broken = true;
  await clock.advance(20_000);
  expect(lock.signal.aborted).toBe(false);
  await clock.advance(10_000);
  expect(lock.signal.reason).toMatchObject({ code: 'LOCK_COMPROMISED', errno: 'EIO' });
});

test('a release that fails says so and can be tried again', async () => {
  await using rig = await createRig();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) =>
    operation === 'unlink' && args[0] === rig.path('x.lock')
      ? { kind: 'error', code: 'EACCES' }
      : undefined,
  );
  let refuse = true;
  const patched = {
    ...nodeFileSystem,
    unlink: (path: string) => {
      (refuse ? fs : nodeFileSystem).unlink(path);
    },
  };
  const lock = await acquireLock(rig.path('x.lock'), { fs: patched });
  await expect(lock.release()).rejects.toMatchObject({ code: 'LOCK_FAILED', errno: 'EACCES' });
  refuse = false;
  await expect(lock.release()).resolves.toBe('released');
});

test.each([
  { name: 'within its time', silentMs: 0, left: false },
  { name: 'after its time', silentMs: 30_000, left: true },
])('a lock that cannot be read $name stays: $left', async ({ silentMs, left }) => {
  await using rig = await createRig();
  const clock = createManualClock();
  let broken = false;
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    broken && operation === 'open' ? { kind: 'error', code: 'EMFILE' } : undefined,
  );
  const lock = await acquireLock(rig.path('x.lock'), { fs, clock, staleAfterMs: 30_000 });
  broken = true;
  await clock.advance(silentMs);
  if (left) await expect(lock.release()).rejects.toMatchObject({ errno: 'EMFILE' });
  else await expect(lock.release()).resolves.toBe('released');
  expect(existsSync(rig.path('x.lock'))).toBe(left);
});

test('a lock whose name is a link now is not removed', async () => {
  await using rig = await createRig();
  const lock = await acquireLock(rig.path('x.lock'));
  unlinkSync(rig.path('x.lock'));
  symlinkSync('elsewhere', rig.path('x.lock'));
  await expect(lock.release()).rejects.toMatchObject({ code: 'LOCK_FAILED', errno: 'ELOOP' });
});
