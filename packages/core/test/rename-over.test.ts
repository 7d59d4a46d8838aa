import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { nodeFileSystem } from '../src/index.js';
import { renameOver } from '../src/rename-over.js';

test.each(['EPERM', 'EBUSY', 'EACCES'])(
  'on Windows a rename that fails with %s is tried again until it works',
  async (code) => {
    await using rig = await createRig();
    await rig.write({ from: 'new', to: 'old' });
    const clock = createManualClock();
    const faulty = failingRename(code, 3);
    const renaming = renameOver(rig.path('from'), rig.path('to'), {
      fs: faulty.fs,
      clock,
      platform: 'win32',
    });
    expect(await rig.read('to')).toBe('old');
    await clock.advance(10 + 20 + 40);
    await renaming;
    expect(await rig.read('to')).toBe('new');
    expect(faulty.count('rename')).toBe(4);
  },
);

test('on Windows the tries end after about two seconds', async () => {
  const clock = createManualClock();
  const faulty = failingRename('EPERM', Infinity);
  const renaming = renameOver('from', 'to', { fs: faulty.fs, clock, platform: 'win32' });
  const outcome = expect(renaming).rejects.toMatchObject({ code: 'EPERM' });
  await clock.advance(2000);
  await outcome;
  expect(clock.pendingTimers).toBe(0);
});

test.each([
  ['win32', 'ENOENT'],
  ['linux', 'EPERM'],
  ['darwin', 'EACCES'],
] as const)('on %s, %s is final', async (platform, code) => {
  const clock = createManualClock();
  const faulty = failingRename(code, Infinity);
  const renaming = renameOver('from', 'to', { fs: faulty.fs, clock, platform });
  await expect(renaming).rejects.toMatchObject({ code });
  expect(faulty.count('rename')).toBe(1);
});

function failingRename(code: string, times: number) {
  return faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
    operation === 'rename' && nth <= times ? { kind: 'error', code } : undefined,
  );
}
