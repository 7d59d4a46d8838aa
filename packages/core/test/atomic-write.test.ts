import { spawnSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readlink, stat, symlink, writeFile } from 'node:fs/promises';

import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { isTempName, nodeFileSystem, writeFileAtomic, writeJsonAtomic } from '../src/index.js';

const isRoot = process.getuid?.() === 0;

test('a new file has the content and nothing else appears', async () => {
  await using rig = await createRig();
  const report = await writeFileAtomic(rig.path('a'), 'grüß\n');
  expect(await rig.read('a')).toBe('grüß\n');
  expect(report).toEqual({ bytes: 7, fsyncs: 0 });
  expect(await rig.list()).toEqual(['a']);
});

test('bytes are written as they are, none included', async () => {
  await using rig = await createRig();
  await writeFileAtomic(rig.path('a'), new Uint8Array([0xff, 0, 10]));
  await writeFileAtomic(rig.path('empty'), '');
  expect(nodeFileSystem.stat(rig.path('a')).size).toBe(3);
  expect(await rig.read('empty')).toBe('');
});

test('JSON has two spaces and a final newline', async () => {
  await using rig = await createRig();
  await writeJsonAtomic(rig.path('a.json'), { a: [1] });
  expect(await rig.read('a.json')).toBe('{\n  "a": [\n    1\n  ]\n}\n');
});

test.each([
  ['undefined', undefined],
  ['a function', () => 1],
  ['a bigint', { a: 1n }],
  ['a cycle', cycle()],
])('%s has no JSON form and leaves the old file', async (_name, value) => {
  await using rig = await createRig();
  await rig.write({ 'a.json': 'old' });
  await expect(writeJsonAtomic(rig.path('a.json'), value)).rejects.toMatchObject({
    code: 'INVALID_JSON',
    path: rig.path('a.json'),
    onDisk: 'old',
  });
  expect(await rig.read('a.json')).toBe('old');
});

test('power durability syncs the file, renames, then syncs the folder', async () => {
  await using rig = await createRig();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const report = await writeFileAtomic(rig.path('a'), 'new', { durability: 'power', fs });
  expect(report.fsyncs).toBe(2);
  expect(calls.map((call) => call.operation)).toEqual([
    'lstat',
    ...['open', 'write', 'fstat', 'fsync', 'close'],
    'rename',
    ...['open', 'fsync', 'close'],
  ]);
});

test('a file system without folder sync is no failure', async () => {
  await using rig = await createRig();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
    operation === 'fsync' && nth === 2 ? { kind: 'error', code: 'EINVAL' } : undefined,
  );
  const report = await writeFileAtomic(rig.path('a'), 'new', { durability: 'power', fs });
  expect(report.fsyncs).toBe(1);
});

test('two writes without an await between them happen in their order', async () => {
  await using rig = await createRig();
  const first = writeFileAtomic(rig.path('a'), 'first');
  const second = writeFileAtomic(rig.path('a'), 'second');
  expect(nodeFileSystem.stat(rig.path('a')).size).toBe('second'.length);
  await Promise.all([first, second]);
});

test('an existing file keeps its mode, whatever is asked for', async () => {
  await using rig = await createRig();
  await writeFile(rig.path('a'), 'old', { mode: 0o640 });
  await writeFileAtomic(rig.path('a'), 'new', { mode: 0o600 });
  expect((await stat(rig.path('a'))).mode & 0o7777).toBe(0o640);
});

test('the mode of a new file is exact, whatever the umask', async () => {
  await using rig = await createRig();
  await writeFileAtomic(rig.path('a'), 'new', { mode: 0o666 });
  expect((await stat(rig.path('a'))).mode & 0o7777).toBe(0o666);
});

test('without a mode a new file is like any other new file', async () => {
  await using rig = await createRig();
  await writeFile(rig.path('plain'), '');
  await writeFileAtomic(rig.path('a'), 'new');
  expect((await stat(rig.path('a'))).mode).toBe((await stat(rig.path('plain'))).mode);
});

test('content that replaces a secret is never readable by others, not even half-way', async () => {
  await using rig = await createRig();
  await writeFile(rig.path('a'), 'old', { mode: 0o600 });
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  await writeFileAtomic(rig.path('a'), 'new', { fs });
  expect(calls.find((call) => call.operation === 'open')?.args[2]).toBe(0o600);
});

test.skipIf(!isRoot)('the owner and the set-group-id bit are kept (needs root)', async () => {
  await using rig = await createRig();
  await writeFile(rig.path('a'), 'old');
  await chown(rig.path('a'), 1234, 4321);
  await chmod(rig.path('a'), 0o2750);
  await writeFileAtomic(rig.path('a'), 'new');
  const { uid, gid, mode } = await stat(rig.path('a'));
  expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 1234, gid: 4321, mode: 0o2750 });
});

test.skipIf(!isRoot)('an owner that cannot be kept takes his bits along (needs root)', async () => {
  await using rig = await createRig();
  await writeFile(rig.path('a'), 'old');
  await chown(rig.path('a'), 1234, 4321);
  await chmod(rig.path('a'), 0o6755);
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
    operation === 'fchown' && nth === 1 ? { kind: 'error', code: 'EPERM' } : undefined,
  );
  await writeFileAtomic(rig.path('a'), 'new', { fs });
  const { uid, gid, mode } = await stat(rig.path('a'));
  expect({ uid, gid, mode: mode & 0o7777 }).toEqual({ uid: 0, gid: 4321, mode: 0o755 });
});

test('a symlink stays and the file that it points to is replaced', async () => {
  await using rig = await createRig();
  await rig.write({ 'real/a': 'old' });
  await symlink('real/a', rig.path('link'));
  await writeFileAtomic(rig.path('link'), 'new', { root: rig.root });
  expect(await rig.read('real/a')).toBe('new');
  expect(await readlink(rig.path('link'))).toBe('real/a');
  expect(await rig.list()).toEqual(['link', 'real/a']);
});

test.each([
  ['a symlink to a file outside', 'inside/link'],
  ['a symlinked folder', 'inside/linked/a'],
  ['a path outside', 'outside/a'],
])('with a root, %s is refused and nothing is written', async (_name, path) => {
  await using rig = await createRig();
  await rig.write({ 'outside/file-outside': 'old', 'inside/x': '' });
  await symlink(rig.path('outside/file-outside'), rig.path('inside/link'));
  await symlink(rig.path('outside'), rig.path('inside/linked'));
  const before = await rig.list();
  await expect(
    writeFileAtomic(rig.path(path), 'new', { root: rig.path('inside') }),
  ).rejects.toMatchObject({ code: 'PATH_ESCAPES_ROOT' });
  expect(await rig.list()).toEqual(before);
  expect(await rig.read('outside/file-outside')).toBe('old');
});

test('without a root, a symlink may lead anywhere', async () => {
  await using rig = await createRig();
  await rig.write({ 'outside/a': 'old', 'inside/x': '' });
  await symlink(rig.path('outside/a'), rig.path('inside/link'));
  await writeFileAtomic(rig.path('inside/link'), 'new');
  expect(await rig.read('outside/a')).toBe('new');
});

test('a link to nothing is refused and stays', async () => {
  await using rig = await createRig();
  await symlink('nowhere', rig.path('link'));
  await expect(writeFileAtomic(rig.path('link'), 'new')).rejects.toMatchObject({
    code: 'ATOMIC_WRITE_FAILED',
    errno: 'ENOENT',
    onDisk: 'old',
  });
  expect(await rig.list()).toEqual(['link']);
});

test('a folder is not replaced', async () => {
  await using rig = await createRig();
  await mkdir(rig.path('a'));
  await expect(writeFileAtomic(rig.path('a'), 'new')).rejects.toMatchObject({
    code: 'ATOMIC_WRITE_FAILED',
  });
  expect((await lstat(rig.path('a'))).isDirectory()).toBe(true);
});

test.skipIf(process.platform === 'win32')('a pipe is not replaced (needs mkfifo)', async () => {
  await using rig = await createRig();
  expect(spawnSync('mkfifo', [rig.path('pipe')]).status).toBe(0);
  await expect(writeFileAtomic(rig.path('pipe'), 'new')).rejects.toMatchObject({
    code: 'ATOMIC_WRITE_FAILED',
    onDisk: 'old',
  });
  expect((await lstat(rig.path('pipe'))).isFIFO()).toBe(true);
});

test('a missing folder is an error that names the file', async () => {
  await using rig = await createRig();
  await expect(writeFileAtomic(rig.path('no/a'), 'new')).rejects.toMatchObject({
    code: 'ATOMIC_WRITE_FAILED',
    errno: 'ENOENT',
    path: rig.path('no/a'),
  });
});

test('a name as long as the file system allows can be replaced', async () => {
  await using rig = await createRig();
  const name = `${'ü'.repeat(127)}x`;
  await writeFileAtomic(rig.path(name), 'new');
  expect(await rig.list()).toEqual([name]);
});

test('what already has the temporary name is refused and stays', async () => {
  await using rig = await createRig();
  const random = { bytes: () => new Uint8Array(8) };
  const tempName = `.a.${process.pid}-${'00'.repeat(8)}.atomic-tmp`;
  await symlink('victim', rig.path(tempName));
  await expect(writeFileAtomic(rig.path('a'), 'new', { random })).rejects.toMatchObject({
    code: 'ATOMIC_WRITE_FAILED',
    errno: 'EEXIST',
  });
  expect(isTempName(tempName)).toBe(true);
  expect(await rig.list()).toEqual([tempName]);
});

function cycle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
