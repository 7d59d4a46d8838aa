import { unlinkSync } from 'node:fs';

import {
  currentProcessIdentity,
  identifyProcess,
  nodeFileSystem,
  tryAcquireLock,
} from '@codex-orchestrator/core';
import type { ProcessIdentity } from '@codex-orchestrator/core';
import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { awaitReplacement } from '../src/log/await-replacement.js';

function ownerRecord(identity: ProcessIdentity): object {
  return {
    token: 'x',
    pid: identity.pid,
    host: identity.host,
    process_started_at: identity.processStartedAt,
    boot_id: identity.bootId,
    namespace: identity.namespace,
  };
}

/** Another process of this machine that runs. */
function otherProcess(): ProcessIdentity {
  const parent = identifyProcess(process.ppid);
  if (!parent) throw new Error('there is no parent');
  return parent;
}

/** Counts looks at the lock, and does something at each. */
function looksAt(act: (look: number) => void = () => undefined) {
  return faultyFileSystem(nodeFileSystem, ({ operation, nth }) => {
    if (operation === 'open') act(nth);
    return undefined;
  });
}

test('nobody is waited for without a lock', async () => {
  await using rig = await createRig();
  const faulty = looksAt();
  awaitReplacement(rig.path('lock'), { fs: faulty.fs, clock: createManualClock() });
  expect(faulty.count('open')).toBe(1);
});

test('a live process of this machine is waited for until its lock is gone', async () => {
  await using rig = await createRig();
  await rig.write({ lock: ownerRecord(otherProcess()) });
  const faulty = looksAt((look) => {
    if (look === 4) unlinkSync(rig.path('lock'));
  });
  awaitReplacement(rig.path('lock'), { fs: faulty.fs, clock: createManualClock() });
  expect(faulty.count('open')).toBe(4);
});

test('neither a dead process is waited for, nor this one', async () => {
  await using rig = await createRig();
  const dead = { ...otherProcess(), processStartedAt: '1' };
  await rig.write({ dead: ownerRecord(dead) });
  await using lock = await held(rig.path('own'));
  expect(lock.owner.pid).toBe(currentProcessIdentity().pid);
  for (const name of process.platform === 'linux' ? ['dead', 'own'] : ['own']) {
    const faulty = looksAt();
    awaitReplacement(rig.path(name), { fs: faulty.fs, clock: createManualClock() });
    expect(faulty.count('open'), name).toBe(1);
  }
});

async function held(path: string) {
  const taken = await tryAcquireLock(path);
  if (!taken.ok) throw new Error('the lock is not free');
  return taken.value;
}

test('a lock that nobody lets go, or nobody can read, is waited for no longer than five seconds', async () => {
  await using rig = await createRig();
  await rig.write({ other: ownerRecord(otherProcess()), torn: '{"pid":' });
  for (const name of ['other', 'torn']) {
    const clock = createManualClock();
    const faulty = looksAt(() => {
      void clock.advance(1001);
    });
    awaitReplacement(rig.path(name), { fs: faulty.fs, clock });
    expect(faulty.count('open'), name).toBe(5);
  }
});
