import { renameSync, symlinkSync } from 'node:fs';
import { appendFile, chmod, mkdir, rename, stat, symlink } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { loadPacks } from '../src/packs/load-packs.js';
import { stampPacks } from '../src/packs/stamp-packs.js';
import { digest, manifestOf, rigWith } from './packs-rig.js';

function stampOfSample(name: string, content = `content of ${name}`): string {
  return digest(`system:prompts/${name}.md\n${content}\n`);
}

test('stamping makes a changed pack one that is used', async () => {
  await using rig = await rigWith({ name: 'a' }, { name: 'b' });
  await appendFile(rig.path('prompts/b.md'), 'more\n');
  const untouched = await stat(rig.path(manifestOf('a')));

  const stamping = await stampPacks({ root: rig.root, ids: 'all' });

  const newStamp = stampOfSample('b', 'content of b\nmore');
  expect(stamping).toEqual({
    packs: [
      {
        ...{ id: 'a', manifestPath: manifestOf('a') },
        ...{ oldStamp: stampOfSample('a'), newStamp: stampOfSample('a') },
        ...{ isChanged: false, isWritten: false },
      },
      {
        ...{ id: 'b', manifestPath: manifestOf('b') },
        ...{ oldStamp: stampOfSample('b'), newStamp, isChanged: true, isWritten: true },
      },
    ],
    problems: [],
  });
  expect(loadPacks({ root: rig.root, strict: true }).packs).toHaveLength(2);
  // Whoever replaces a file gives it another inode.
  expect((await stat(rig.path(manifestOf('a')))).ino).toBe(untouched.ino);
});

test('only the stamp of the file changes, and its mode stays', async () => {
  await using rig = await rigWith({ name: 'a' });
  const before =
    '\uFEFF{\r\n   "later": {"stamp": 1, "n": 1.0e3},\r\n   "id":"a", "domain":"d",\r\n   "system":"prompts/a.md",\r\n   "stamp": ["?"],\r\n   "\u00e9": "\\u00e9"\r\n}';
  await rig.write({ [manifestOf('a')]: before });
  await chmod(rig.path(manifestOf('a')), 0o640);

  await stampPacks({ root: rig.root, ids: ['a'] });

  const after = await rig.read(manifestOf('a'));
  expect(after).toBe(before.replace('["?"]', `"${stampOfSample('a')}"`));
  expect((await stat(rig.path(manifestOf('a')))).mode & 0o777).toBe(0o640);
  expect(await rig.list()).toEqual([manifestOf('a'), 'prompts/a.md']);
});

test('a dry run reports and writes nothing', async () => {
  await using rig = await rigWith({ name: 'a', manifest: { stamp: undefined } });
  const before = await rig.read(manifestOf('a'));

  const { packs } = await stampPacks({ root: rig.root, ids: ['a'], dryRun: true });

  expect(packs).toMatchObject([
    { oldStamp: null, newStamp: stampOfSample('a'), isChanged: true, isWritten: false },
  ]);
  expect(await rig.read(manifestOf('a'))).toBe(before);
});

test('an id that no pack has is refused before anything is written', async () => {
  await using rig = await rigWith({ name: 'a', manifest: { stamp: 'old' } });
  const before = await rig.read(manifestOf('a'));

  await expect(stampPacks({ root: rig.root, ids: ['a', 'b'] })).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    message: 'Cannot stamp "b": the packs are "a"',
  });
  expect(await rig.read(manifestOf('a'))).toBe(before);
});

test('a pack that cannot be stamped holds up no other', async () => {
  await using rig = await rigWith(
    { name: 'a', manifest: { stamp: 'old', system: 'gone.md' } },
    { name: 'b', manifest: { stamp: 'old', experienceSlots: 'many' } },
    { name: 'c', manifest: { stamp: 'old' } },
  );

  const all = await stampPacks({ root: rig.root, ids: 'all' });

  expect(all.packs.map(({ id, isWritten }) => [id, isWritten])).toEqual([
    ['b', true],
    ['c', true],
  ]);
  expect(all.problems).toMatchObject([
    { code: 'SOURCE_MISSING', packId: 'a', path: 'gone.md' },
    { code: 'SETTING_INVALID', packId: 'b' },
  ]);
  expect((await stampPacks({ root: rig.root, ids: ['c'] })).problems).toEqual([]);
});

test('a stamp of settings that is right stays, and another form is written when asked for', async () => {
  await using rig = await rigWith({ name: 'a', manifest: { experienceSlots: 2 } });

  const first = await stampPacks({ root: rig.root, ids: 'all', form: 'settings' });
  expect(first.packs).toMatchObject([{ isWritten: true }]);
  const again = await stampPacks({ root: rig.root, ids: 'all' });
  expect(again.packs).toMatchObject([{ isWritten: false, newStamp: first.packs[0]?.newStamp }]);
  expect(loadPacks({ root: rig.root, strict: true }).packs).toHaveLength(1);

  const back = await stampPacks({ root: rig.root, ids: 'all', form: 'sources' });
  expect(back.packs).toMatchObject([{ isWritten: true, newStamp: stampOfSample('a') }]);
});

test('settings that no stamp can cover are a problem of that form only', async () => {
  await using rig = await rigWith({
    name: 'a',
    manifest: { stamp: 'old', retrievalPolicy: { kind: 'newer' } },
  });

  const { packs, problems } = await stampPacks({ root: rig.root, ids: 'all', form: 'settings' });

  expect(packs).toEqual([]);
  expect(problems).toMatchObject([{ code: 'STAMP_NOT_WRITTEN', packId: 'a' }]);
  expect((await stampPacks({ root: rig.root, ids: 'all' })).packs).toHaveLength(1);
});

test('capitals in a stamp are no change', async () => {
  await using rig = await rigWith({
    name: 'a',
    manifest: { stamp: stampOfSample('a').toUpperCase() },
  });

  const { packs } = await stampPacks({ root: rig.root, ids: 'all' });

  expect(packs).toMatchObject([{ isChanged: false, isWritten: false }]);
});

test('a manifest behind a symlink is replaced where it lies', async () => {
  await using rig = await rigWith({ name: 'a', manifest: { stamp: 'old' } });
  await rename(rig.path(manifestOf('a')), rig.path('real.json'));
  await symlink(rig.path('real.json'), rig.path(manifestOf('a')));

  await stampPacks({ root: rig.root, ids: 'all' });

  expect(await rig.readJson('real.json')).toMatchObject({ stamp: stampOfSample('a') });
  expect(nodeFileSystem.lstat(rig.path(manifestOf('a'))).isSymbolicLink()).toBe(true);
});

test('a write that fails leaves the old manifest, and the next pack is stamped', async () => {
  const old = { manifest: { stamp: 'old' } };
  for (const operation of ['open', 'write', 'rename']) {
    await using rig = await rigWith({ name: 'a', ...old }, { name: 'b', ...old });
    let failed = false;
    const { fs } = faultyFileSystem(nodeFileSystem, (call) => {
      const isWrite = call.operation !== 'open' || call.args[1] === 'wx';
      if (failed || call.operation !== operation || !isWrite) return undefined;
      failed = true;
      return { kind: 'error', code: 'ENOSPC' };
    });

    const { packs, problems } = await stampPacks({ root: rig.root, ids: 'all', fs });

    expect(problems, operation).toMatchObject([{ code: 'STAMP_NOT_WRITTEN', packId: 'a' }]);
    expect(packs).toMatchObject([{ id: 'b', isWritten: true }]);
    expect(await rig.readJson(manifestOf('a'))).toMatchObject({ stamp: 'old' });
    expect(await rig.list('.agent')).toHaveLength(2);
  }
});

test('a folder that became a way out since it was read is not written through', async () => {
  await using outside = await rigWith({ name: 'a', manifest: { stamp: 'theirs' } });
  await using rig = await rigWith({ name: 'a', manifest: { stamp: 'old' } });
  await mkdir(rig.path('aside'));
  const swapping = faultyFileSystem(nodeFileSystem, ({ operation, nth }) => {
    // The pack has two files: the manifest is read, and now its source is closed too.
    if (operation === 'close' && nth === 2) {
      renameSync(rig.path('.agent'), rig.path('aside/agent'));
      symlinkSync(outside.path('.agent'), rig.path('.agent'));
    }
    return undefined;
  });

  const { packs, problems } = await stampPacks({ root: rig.root, ids: 'all', fs: swapping.fs });

  expect(packs).toEqual([]);
  expect(problems).toMatchObject([{ code: 'STAMP_NOT_WRITTEN' }]);
  expect(await outside.readJson(manifestOf('a'))).toMatchObject({ stamp: 'theirs' });
});
