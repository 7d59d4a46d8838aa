import { mkdir, rm, symlink, utimes } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { inputsHash } from '../src/inputs-hash.js';

function hashOf(rig: Rig, ...globs: string[]): Promise<string> {
  return inputsHash(globs, { root: rig.root, runsDir: rig.path('.runs'), fs: nodeFileSystem });
}

test('inputs have the same digest until a named file changes, comes or goes', async () => {
  await using rig = await createRig();
  await rig.write({ 'src/a.ts': 'a', 'src/deep/b.ts': 'b', 'other.md': 'x' });
  const before = await hashOf(rig, 'src/**');
  expect(before).toMatch(/^[0-9a-f]{64}$/);
  await utimes(rig.path('src/a.ts'), 1, 1);
  await rig.write({ 'other.md': 'y' });
  expect(await hashOf(rig, 'src/**')).toBe(before);
  await rig.write({ 'src/a.ts': 'A' });
  const changed = await hashOf(rig, 'src/**');
  expect(changed).not.toBe(before);
  await rig.write({ 'src/c.ts': '' });
  expect(await hashOf(rig, 'src/**')).not.toBe(changed);
});

test('moving bytes between a name, a file and its neighbour shows', async () => {
  await using one = await createRig();
  await using other = await createRig();
  await one.write({ a: 'x1:b1:y' });
  await other.write({ a: 'x', b: 'y' });
  expect(await hashOf(one, '*')).not.toBe(await hashOf(other, '*'));
});

test('hidden files count, what is excluded does not, nor git and the runs themselves', async () => {
  await using rig = await createRig();
  await rig.write({ 'a/.env': '1', 'a/b.log': '1' });
  const before = await hashOf(rig, '**', '!**/*.log');
  await rig.write({ 'a/b.log': '2', '.git/HEAD': 'x', '.runs/task/cli/r/manifest.json': '{}' });
  expect(await hashOf(rig, '**', '!**/*.log')).toBe(before);
  await rig.write({ 'a/.env': '2' });
  expect(await hashOf(rig, '**', '!**/*.log')).not.toBe(before);
});

test('a symlink counts as where it points to and is not followed', async () => {
  await using outside = await createRig();
  await using rig = await createRig();
  await outside.write({ secret: '1', 'folder/x': '1' });
  await mkdir(rig.path('in'));
  await symlink(outside.path('secret'), rig.path('in/link'));
  await symlink(outside.path('folder'), rig.path('in/folder'));
  await symlink('missing', rig.path('in/dangling'));
  const before = await hashOf(rig, 'in/**');
  await outside.write({ secret: '2', 'folder/x': '2' });
  expect(await hashOf(rig, 'in/**')).toBe(before);
  await rm(rig.path('in/link'));
  await symlink(outside.path('folder/x'), rig.path('in/link'));
  expect(await hashOf(rig, 'in/**')).not.toBe(before);
});

test('globs without a file have a digest as well', async () => {
  await using rig = await createRig();
  expect(await hashOf(rig, 'nothing/**')).toBe(await hashOf(rig, 'none'));
});

test('a file of many pieces is read to its end, and nothing stays open', async () => {
  await using rig = await createRig();
  await rig.write({ big: Buffer.alloc(9 * 1024 * 1024, 'x') });
  const options = { root: rig.root, runsDir: rig.path('.runs') };
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  const before = await inputsHash(['big'], { ...options, fs: faulty.fs });
  await rig.write({
    big: Buffer.concat([Buffer.alloc(9 * 1024 * 1024 - 1, 'x'), Buffer.from('y')]),
  });
  expect(await inputsHash(['big'], { ...options, fs: faulty.fs })).not.toBe(before);
  expect(faulty.unclosed()).toEqual([]);
});

test('a file that cannot be read is an error, and nothing stays open', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'x' });
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'read' ? { kind: 'error', code: 'EIO' } : undefined,
  );
  const hash = inputsHash(['a'], { root: rig.root, runsDir: rig.path('.runs'), fs: faulty.fs });
  await expect(hash).rejects.toMatchObject({ code: 'EIO' });
  expect(faulty.unclosed()).toEqual([]);
});
