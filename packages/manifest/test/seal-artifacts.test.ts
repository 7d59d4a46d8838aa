import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { nodeFileSystem, sha256Hex } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { digestFile } from '../src/digest-file.js';
import { openRunRecord, readJournal, reopenRunRecord, verifyRun } from '../src/index.js';
import type { Artifact } from '../src/index.js';
import {
  nextAttempt,
  sampleLayout,
  sampleStart,
  stageFinished,
  stageStarted,
  succeeded,
} from './sample-run.js';

function artifact(path: string, content: string): Artifact {
  return { path, bytes: Buffer.byteLength(content), sha256: sha256Hex(content) };
}

test('the end names every regular file that no event has named, and nothing else', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const record = await openRunRecord(sampleStart(layout));
  const inRun = (name: string): string => layout.relative(join(layout.runDir, name));
  await rig.write({
    [inRun('commands/01-stage-1.log')]: 'log',
    [inRun('commands/02.log')]: 'second',
    [inRun('deep/er/x')]: '',
    [inRun('a')]: 'ä',
    [inRun('.a.12345-0123456789abcdef.atomic-tmp')]: 'temp',
    [inRun('signature.json')]: '{}',
    [inRun('deep/manifest.json')]: '{}',
    outside: 'o',
  });
  await symlink(rig.path('outside'), join(layout.runDir, 'link'));
  await symlink(rig.root, join(layout.runDir, 'folder-link'));
  record.append(stageStarted(1));
  const named = { path: 'commands/01-stage-1.log', bytes: 3, sha256: sha256Hex('what it was') };
  record.append(stageFinished(1, { artifacts: [named] }));
  const { artifacts } = await record.seal(succeeded);
  expect(artifacts).toEqual([
    named,
    artifact('a', 'ä'),
    artifact('deep/manifest.json', '{}'),
    artifact('deep/er/x', ''),
    artifact('commands/02.log', 'second'),
  ]);
});

test('an ordinary run pays for three listings and two looks, and no file is read', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const record = await openRunRecord(sampleStart(layout), { fs });
  await rig.write({ [layout.relative(layout.stageLogPath(1, 'stage-1'))]: 'log' });
  record.append(stageStarted(1));
  record.append(stageFinished(1, { artifacts: [artifact('commands/01-stage-1.log', 'log')] }));
  const before = calls.length;
  await record.seal(succeeded);
  const seal = calls.slice(before).map(({ operation }) => operation);
  const end = seal.indexOf('write');
  expect(seal.slice(0, end).filter((operation) => operation !== 'fstat')).toEqual([
    'readdir',
    'lstat',
    'lstat',
    'readdir',
    'readdir',
  ]);
});

test('what cannot be read is a note, and the record is sealed all the same', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) => {
    const denied =
      (operation === 'open' && String(args[0]).endsWith('secret.txt')) ||
      (operation === 'readdir' && String(args[0]).endsWith('errors'));
    return denied ? { kind: 'error', code: 'EACCES' } : undefined;
  });
  const record = await openRunRecord(sampleStart(layout), { fs });
  await rig.write({
    [layout.relative(join(layout.runDir, 'secret.txt'))]: 'x',
    [layout.relative(join(layout.runDir, 'plain.txt'))]: 'y',
  });
  const { artifacts, summary, status } = await record.seal({ ...succeeded, notes: ['A note.'] });
  expect({ artifacts, status }).toEqual({
    artifacts: [artifact('plain.txt', 'y')],
    status: 'succeeded',
  });
  expect(summary?.split('\n')).toEqual([
    'A note.',
    expect.stringContaining("'secret.txt'"),
    expect.stringContaining("'errors'"),
  ]);
});

test('files beyond a bound are counted and not named', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const folder = join(layout.runDir, 'many');
  const only = join(folder, 'only');
  // One file under many names: making them all takes longer than all other tests.
  const real = (path: string): string => (path.startsWith(folder) && path !== folder ? only : path);
  const fs: FileSystem = {
    ...nodeFileSystem,
    readdir: (path) =>
      path === folder
        ? Array.from({ length: 10_003 }, (_, n) => `${n}`)
        : nodeFileSystem.readdir(path),
    lstat: (path) => nodeFileSystem.lstat(real(path)),
    open: (path, flags, mode) => nodeFileSystem.open(real(path), flags, mode),
  };
  const record = await openRunRecord(sampleStart(layout), { fs });
  await rig.write({ [layout.relative(only)]: 'x' });
  const { artifacts, summary } = await record.seal(succeeded);
  expect(artifacts).toHaveLength(10_000);
  expect(summary).toBe('3 more files of the run are too many to be recorded.');
  expect((await readJournal(layout.journalPath)).damaged).toEqual([]);
});

test('a large file is read in pieces, and other work gets its turn', async () => {
  await using rig = await createRig();
  const fd = openSync(rig.path('big'), 'w');
  ftruncateSync(fd, 2 ** 28);
  writeSync(fd, 'end', 2 ** 28);
  closeSync(fd);
  const expected = createHash('sha256');
  for (let n = 0; n < 256; n++) expected.update(Buffer.alloc(2 ** 20));
  expected.update('end');
  let largest = 0;
  const fs = {
    ...nodeFileSystem,
    read(opened: number, view: Uint8Array, position: number | null) {
      largest = Math.max(largest, view.byteLength);
      return nodeFileSystem.read(opened, view, position);
    },
  };
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 0);
  const digest = await digestFile(rig.path('big'), fs);
  clearInterval(timer);
  expect(digest).toEqual({ bytes: 2 ** 28 + 3, sha256: expected.digest('hex') });
  expect(largest).toBe(2 ** 18);
  expect(turns).toBeGreaterThan(3);
});

test('a file that only an earlier end named may change in a later attempt', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const notes = layout.relative(join(layout.runDir, 'notes.txt'));
  const first = await openRunRecord(sampleStart(layout, 1));
  await rig.write({ [notes]: 'one' });
  await first.seal({ ...succeeded, status: 'failed' });
  const { record } = await reopenRunRecord(layout);
  await record.beginAttempt(nextAttempt(record));
  await rig.write({ [notes]: 'two' });
  const { artifacts } = await record.seal(succeeded);
  expect(artifacts).toEqual([artifact('notes.txt', 'two')]);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact' });
});
