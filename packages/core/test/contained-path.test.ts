import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { resolveInside } from '../src/contained-path.js';
import { nodeFileSystem } from '../src/file-system.js';

const escape = expect.objectContaining({ code: 'PATH_ESCAPES_ROOT' }) as Error;

/** A root with a folder and a file in it, and a folder beside it. */
async function createTree(): Promise<Rig & { readonly inside: string }> {
  const rig = await createRig();
  await rig.write({ 'root/folder/file': '', 'beside/secret': '' });
  return Object.assign(rig, { inside: rig.path('root') });
}

test.each([
  ['folder/file', 'folder/file'],
  ['folder/../folder/file', 'folder/file'],
  ['not/there/yet', 'not/there/yet'],
  ['folder/file/below-a-file', 'folder/file/below-a-file'],
  ['..dots', '..dots'],
  ['.', '.'],
  ['', '.'],
])('%j stays inside', async (path, expected) => {
  await using tree = await createTree();
  expect(resolveInside(tree.inside, path)).toBe(join(tree.inside, expected));
});

test.each([
  ['..'],
  ['../beside/secret'],
  ['folder/../../beside'],
  ['/'],
  ['/etc/passwd'],
  ['a\0b'],
])('%j does not stay inside', async (path) => {
  await using tree = await createTree();
  expect(() => resolveInside(tree.inside, path)).toThrow(escape);
});

test('a sibling whose name begins like the root is outside', async () => {
  await using tree = await createTree();
  expect(() => resolveInside(tree.inside, `${tree.inside}-2/file`)).toThrow(escape);
});

test('an absolute path inside the root is accepted', async () => {
  await using tree = await createTree();
  expect(resolveInside(tree.inside, tree.path('root/folder/new'))).toBe(
    tree.path('root/folder/new'),
  );
});

test('a root that does not exist yet still contains its own', async () => {
  await using tree = await createTree();
  expect(resolveInside(tree.path('new/base'), 'a/b')).toBe(tree.path('new/base/a/b'));
  expect(() => resolveInside(tree.path('new/base'), '../b')).toThrow(escape);
});

test('a symlink that stays inside is followed, one that leaves is refused', async () => {
  await using tree = await createTree();
  await symlink('folder', tree.path('root/in'));
  await symlink('../beside', tree.path('root/out'));
  await symlink(tree.path('beside/secret'), tree.path('root/file-out'));
  expect(resolveInside(tree.inside, 'in/file')).toBe(tree.path('root/in/file'));
  for (const path of ['out', 'out/secret', 'out/not/there', 'file-out', 'in/../out']) {
    expect(() => resolveInside(tree.inside, path), path).toThrow(escape);
  }
});

test('a dangling symlink counts as the place where a write through it would go', async () => {
  await using tree = await createTree();
  await symlink('../beside/new', tree.path('root/out'));
  await symlink('folder/new', tree.path('root/in'));
  await symlink('out', tree.path('root/chain'));
  expect(resolveInside(tree.inside, 'in')).toBe(tree.path('root/in'));
  for (const path of ['out', 'out/below', 'chain', 'chain/below']) {
    expect(() => resolveInside(tree.inside, path), path).toThrow(escape);
  }
});

test('a symlink loop is refused', async () => {
  await using tree = await createTree();
  await symlink('b', tree.path('root/a'));
  await symlink('a', tree.path('root/b'));
  expect(() => resolveInside(tree.inside, 'a/x')).toThrow(escape);
});

test('a root that is reached through a symlink takes paths in both spellings', async () => {
  await using tree = await createTree();
  await symlink(tree.inside, tree.path('alias'));
  await mkdir(tree.path('root/deep'));
  const alias = tree.path('alias');
  expect(resolveInside(alias, 'folder/file')).toBe(join(alias, 'folder/file'));
  expect(resolveInside(alias, tree.path('root/deep/x'))).toBe(tree.path('root/deep/x'));
  expect(() => resolveInside(alias, tree.path('beside'))).toThrow(escape);
});

test('a path that cannot be examined is refused', async () => {
  await using tree = await createTree();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
    operation === 'realpath' && nth === 2 ? { kind: 'error', code: 'EACCES' } : undefined,
  );
  expect(() => resolveInside(tree.inside, 'folder/file', { fs })).toThrow(escape);
});
