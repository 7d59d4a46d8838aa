import { spawnSync } from 'node:child_process';
import { symlink, utimes } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { isTempName, nodeFileSystem, sweepTempFiles, systemRandom } from '../src/index.js';
import { createTempPath } from '../src/temp-path.js';

const HOUR_MS = 3_600_000;

test.each([
  'manifest.json',
  'a',
  'ü'.repeat(127),
  'x'.repeat(255),
  '😀'.repeat(63),
  `x${'ü'.repeat(127)}`,
])('the temp path of %s is a hidden sibling that fits and is recognised', (name) => {
  const path = createTempPath(join('folder', name), systemRandom);
  expect(join('folder', basename(path))).toBe(path);
  expect(Buffer.byteLength(basename(path))).toBeLessThanOrEqual(255);
  expect(basename(path)).toMatch(/^\./);
  expect(basename(path)).not.toContain('\uFFFD');
  expect(isTempName(basename(path))).toBe(true);
  expect(createTempPath(join('folder', name), systemRandom)).not.toBe(path);
});

test.each([
  'manifest.json',
  '.manifest.json.tmp',
  '.a.1-0000000000000000.atomic-tmp.bak',
  'a.1-0000000000000000.atomic-tmp',
  '.a.x-0000000000000000.atomic-tmp',
  '.a.1-000000000000000g.atomic-tmp',
])('%s is no temp name', (name) => {
  expect(isTempName(name)).toBe(false);
});

test('a sweep takes old files of dead writers and nothing else', async () => {
  await using rig = await createRig();
  const clock = createManualClock();
  const dead = String(deadPid());
  const names = {
    deadOld: tempName(dead),
    deadYoung: tempName(dead).replace('.a.', '.b.'),
    aliveOld: tempName(String(process.ppid)),
    ownYoung: tempName(String(process.pid)),
    ordinary: 'a',
    below: `sub/${tempName(dead)}`,
  };
  await rig.write(Object.fromEntries(Object.values(names).map((name) => [name, ''])));
  const old = (clock.nowMs() - HOUR_MS - 1000) / 1000;
  for (const name of [names.deadOld, names.aliveOld, names.ordinary, names.below]) {
    await utimes(rig.path(name), old, old);
  }
  const young = (clock.nowMs() - HOUR_MS + 1000) / 1000;
  await utimes(rig.path(names.deadYoung), young, young);

  expect(await sweepTempFiles(rig.root, { clock })).toEqual([rig.path(names.deadOld)]);
  const kept = Object.values(names).filter((name) => name !== names.deadOld);
  expect(await rig.list()).toEqual(kept.sort());
});

test('a file older than this process is not its own, though it has its pid', async () => {
  await using rig = await createRig();
  const name = tempName(String(process.pid));
  await rig.write({ [name]: '' });
  const before = performance.timeOrigin / 1000 - 60;
  await utimes(rig.path(name), before, before);
  expect(await sweepTempFiles(rig.root, { olderThanMs: 0 })).toEqual([rig.path(name)]);
});

test('a symlink with a temp name is left alone', async () => {
  await using rig = await createRig();
  const name = tempName(String(deadPid()));
  await symlink('nowhere', rig.path(name));
  expect(await sweepTempFiles(rig.root, { olderThanMs: -HOUR_MS })).toEqual([]);
});

test('a missing folder is an empty one', async () => {
  await using rig = await createRig();
  expect(await sweepTempFiles(rig.path('no'))).toEqual([]);
});

test('a file that somebody else removed first is not counted', async () => {
  await using rig = await createRig();
  await rig.write({ [tempName(String(deadPid()))]: '' });
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'unlink' ? { kind: 'error', code: 'ENOENT' } : undefined,
  );
  expect(await sweepTempFiles(rig.root, { olderThanMs: -HOUR_MS, fs })).toEqual([]);
});

test.each(['readdir', 'lstat', 'unlink'])('a failing %s is told with the path', async (failing) => {
  await using rig = await createRig();
  await rig.write({ [tempName(String(deadPid()))]: '' });
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === failing ? { kind: 'error', code: 'EACCES' } : undefined,
  );
  await expect(sweepTempFiles(rig.root, { olderThanMs: -HOUR_MS, fs })).rejects.toMatchObject({
    code: 'SWEEP_FAILED',
    errno: 'EACCES',
  });
});

function tempName(pid: string): string {
  return `.a.${pid}-0123456789abcdef.atomic-tmp`;
}

function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}
