import { execFileSync } from 'node:child_process';
import { chmod, symlink, unlink } from 'node:fs/promises';

import { expect, test } from 'vitest';

import type { Change } from '../../src/repository/change.js';
import { changesSince } from '../../src/repository/changes-since.js';
import { readCommitChanges } from '../../src/repository/commit-changes.js';
import { resolveBase } from '../../src/repository/resolve-base.js';
import { createGateRig, rigEnvironment } from '../gate-rig.js';
import type { GateRig } from '../gate-rig.js';
import { recordGit } from './recorded-git.js';

test('What was committed, staged, edited and added since the base is told once, with exact names', async () => {
  await using rig = await createGateRig();
  const odd = 'Straße "1"\t\n\\x.txt';
  await rig.write('.gitignore', 'ignored.txt\n');
  for (const path of ['committed', 'staged', 'edited', 'reverted', 'gone', odd]) {
    await rig.write(path, 'one\ntwo\n');
  }
  await rig.write('mode.sh', 'x\n');
  await rig.write('becomes-link', 'x\n');
  await rig.write('image', Buffer.from([0, 1, 2]));
  await rig.write('old/name.txt', 'a\nb\nc\nd\ne\nf\n');
  rig.commit('base');
  rig.git('checkout', '-q', '-b', 'work');
  await rig.write('committed', 'one\nTWO\nthree\n');
  await rig.write('reverted', 'changed\n');
  rig.commit('work');
  await rig.write('reverted', 'one\ntwo\n');
  await rig.write('staged', 'one\n');
  rig.git('add', 'staged');
  rig.git('mv', 'old/name.txt', 'new name.txt');
  await rig.write('edited', 'one\ntwo\nthree\n');
  await rig.write(odd, 'one\n');
  await rig.write('image', Buffer.from([0, 3]));
  await chmod(rig.rig.path('mode.sh'), 0o755);
  await unlink(rig.rig.path('becomes-link'));
  await symlink('committed', rig.rig.path('becomes-link'));
  rig.remove('gone');
  await rig.write('intended', 'a\nb\n');
  rig.git('add', '-N', 'intended');
  await rig.write('ignored.txt', 'x\n');
  await rig.write('ünbekannt\n', 'a\nb\nc');

  const { ports, commands } = recordGit(rig.ports({ options: { base: 'main' } }));
  const changes = await changesSince(ports, await resolveBase(ports));
  expect(show(changes)).toEqual([
    `modified ${odd} +0 -1`,
    'type-changed becomes-link +1 -1',
    'modified committed +2 -1',
    'modified edited +1 -0',
    'deleted gone +0 -2',
    'modified image +0 -0 binary',
    'added intended +2 -0',
    'modified mode.sh +0 -0',
    'renamed new name.txt +0 -0 from old/name.txt',
    'modified staged +0 -1',
    'added ünbekannt\n +0 -0 untracked',
  ]);
  expect(commands.sort()).toEqual(['diff', 'ls-files', 'rev-parse']);

  const names = await changesSince(ports, await resolveBase(ports), { withLines: false });
  const paths = changes.map(({ path }) => path);
  expect(names.map(({ path }) => path)).toEqual([...paths, 'old/name.txt'].sort());
  expect(names.every(({ added, deleted }) => added + deleted === 0)).toBe(true);

  rig.git('rm', '-q', '--cached', 'committed');
  const replaced = await changesSince(ports, await resolveBase(ports));
  expect(show(replaced)).toContain('modified committed +0 -2 untracked');
});

test('Marks that keep git from looking at a file hide no change of it', async () => {
  await using rig = await createGateRig();
  for (const path of ['assumed', 'skipped', 'same', 'gone']) await rig.write(path, 'one\ntwo\n');
  await symlink('same', rig.rig.path('link'));
  await symlink('same', rig.rig.path('other-link'));
  await rig.write('left-out', 'one\n');
  rig.commit('base');
  rig.git('update-index', '--assume-unchanged', 'assumed', 'same', 'gone', 'link', 'other-link');
  rig.git('update-index', '--skip-worktree', 'skipped', 'left-out');
  rig.remove('left-out');
  const ports = rig.ports({ options: { base: 'HEAD' } });
  expect(await changesSince(ports, await resolveBase(ports))).toEqual([]);

  await rig.write('assumed', 'one\n');
  await rig.write('skipped', 'one\n');
  for (const path of ['gone', 'other-link']) rig.remove(path);
  await symlink('skipped', rig.rig.path('other-link'));
  expect(show(await changesSince(ports, await resolveBase(ports)))).toEqual([
    'modified assumed +0 -0 untracked',
    'deleted gone +0 -0',
    'modified other-link +0 -0 untracked',
    'modified skipped +0 -0 untracked',
  ]);
});

test('What is only taken out of the index is deleted and not changed', async () => {
  await using rig = await createGateRig();
  await rig.write('kept', 'one\n');
  rig.commit('base');
  rig.git('rm', '-q', '--cached', 'kept');
  const ports = rig.ports({ options: { base: 'HEAD' } });
  const base = await resolveBase(ports);
  expect(show(await changesSince(ports, base))).toEqual(['deleted kept +0 -1 untracked']);
  await rig.write('kept', 'two\n');
  expect(show(await changesSince(ports, base))).toEqual(['modified kept +0 -1 untracked']);
});

test('Text has lines also where attributes call it binary', async () => {
  await using rig = await createGateRig();
  await rig.write('.gitattributes', '* -diff\nold* binary\n');
  const lines = 'a\nb\nc\nd\ne\nf\ng\nh\n';
  await rig.write('old name', lines);
  await rig.write('text', 'one\n');
  await rig.write('image', Buffer.from([0, 1, 2]));
  rig.commit('base');
  await rig.write('text', 'two\nthree\n');
  await rig.write('image', Buffer.from([0, 3, 10]));
  rig.git('mv', 'old name', 'new [name]');
  await rig.write('new [name]', `${lines}i\n`);
  const ports = rig.ports({ options: { base: 'HEAD' } });
  const expected = [
    'modified image +0 -0 binary',
    'renamed new [name] +1 -0 from old name',
    'modified text +2 -1',
  ];
  expect(show(await changesSince(ports, await resolveBase(ports)))).toEqual(expected);
  rig.commit('change');
  expect(show((await readCommitChanges(ports, 'HEAD')).changes)).toEqual(expected);
});

test('No other commit stands in the place of the base', async () => {
  await using rig = await createGateRig();
  await rig.write('a', 'one\n');
  const first = rig.commit('first');
  await rig.write('a', 'two\n');
  const second = rig.commit('second');
  rig.git('replace', first, second);
  const ports = rig.ports({ options: { base: first } });
  const ofReplaced = await changesSince(ports, await resolveBase(ports));
  expect(show(ofReplaced)).toEqual(['modified a +1 -1']);
  rig.git('replace', '-d', first);
  await rig.write('.git/info/grafts', `${second}\n`);
  const cut = rig.ports();
  expect(show(await changesSince(cut, await resolveBase(cut)))).toEqual(['modified a +1 -1']);
});

test('A file in conflict counts once', async () => {
  await using rig = await createGateRig();
  await rig.write('both', 'one\n');
  await rig.write('deleted-there', 'one\n');
  rig.commit('base');
  rig.git('checkout', '-q', '-b', 'other');
  await rig.write('both', 'two\n');
  rig.git('rm', '-q', 'deleted-there');
  rig.commit('other');
  rig.git('checkout', '-q', 'main');
  await rig.write('both', 'three\n');
  await rig.write('deleted-there', 'three\n');
  rig.commit('main');
  expect(() => rig.git('merge', '-q', 'other')).toThrow();
  rig.remove('deleted-there');
  const ports = rig.ports({ options: { base: 'HEAD' } });
  const changes = await changesSince(ports, await resolveBase(ports));
  expect(show(changes)).toEqual(['modified both +4 -0', 'deleted deleted-there +0 -1']);
});

test('A submodule is one file without lines, and a repository that git does not know is another', async () => {
  await using rig = await createGateRig();
  await rig.write('module/a', 'one\n');
  const inModule = (...args: string[]): string => rig.git('-C', 'module', ...args);
  inModule('init', '-q');
  inModule('add', '.');
  inModule('commit', '-q', '-m', 'one');
  rig.git('-c', 'advice.addEmbeddedRepo=false', 'add', 'module');
  rig.commit('base');
  await rig.write('module/a', 'one\ntwo\nthree\n');
  const ports = rig.ports({ options: { base: 'HEAD' } });
  expect(await changesSince(ports, await resolveBase(ports))).toEqual([]);
  inModule('commit', '-q', '-a', '-m', 'two');
  await rig.write('unknown/a', 'one\n');
  rig.git('-C', 'unknown', 'init', '-q');
  rig.git('-C', 'unknown', 'add', '.');
  rig.git('-C', 'unknown', 'commit', '-q', '-m', 'one');
  const changes = await changesSince(ports, await resolveBase(ports));
  expect(show(changes)).toEqual([
    'modified module +0 -0 submodule',
    'added unknown +0 -0 untracked submodule',
  ]);
});

test('Of a repository only what lies below the root counts, by its path from there', async () => {
  await using rig = await createGateRig();
  await rig.write('part/a', 'one\n');
  await rig.write('outside', 'one\ntwo\nthree\n');
  await rig.write('.gitignore', 'left-out/\n');
  rig.commit('base');
  await rig.write('outside', 'two\n');
  const root = rig.rig.path('part');
  const { ports, commands } = recordGit(rig.ports({ root }));
  expect(await changesSince(ports, await resolveBase(ports))).toEqual([]);
  expect(commands).not.toContain('check-ignore');
  rig.git('mv', 'outside', 'part/moved');
  await rig.write('part/a', 'two\n');
  await rig.write('part/deep/new', '');
  expect(show(await changesSince(ports, await resolveBase(ports)))).toEqual([
    'modified a +1 -1',
    'added deep/new +0 -0 untracked',
    'added moved +1 -0',
  ]);

  await rig.write('left-out/a', 'one\n');
  const ignored = rig.ports({ root: rig.rig.path('left-out') });
  await expect(changesSince(ignored, await resolveBase(ignored))).rejects.toMatchObject({
    code: 'NOT_A_REPOSITORY',
  });
});

test('One commit is compared with its first parent, and the first one with nothing', async () => {
  await using rig = await createGateRig();
  await rig.write('a', 'one\n');
  const first = rig.commit('first');
  rig.git('checkout', '-q', '-b', 'side');
  await rig.write('b', 'one\ntwo\n');
  rig.commit('side');
  rig.git('checkout', '-q', 'main');
  await rig.write('c', 'one\n');
  rig.commit('main');
  rig.git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
  await rig.write('uncommitted', 'x\n');
  const merge = await readCommitChanges(rig.ports(), 'HEAD');
  expect(show(merge.changes)).toEqual(['added b +2 -0']);
  expect(show((await readCommitChanges(rig.ports(), first)).changes)).toEqual(['added a +1 -0']);
  for (const revision of ['nowhere', '--all', 'main..side', '^main']) {
    await expect(readCommitChanges(rig.ports(), revision)).rejects.toMatchObject({
      code: 'INVALID_BASE',
    });
  }

  await using clone = await createGateRig({ git: false });
  clone.git('clone', '-q', '--depth', '1', `file://${rig.root}`, '.');
  await expect(readCommitChanges(clone.ports(), 'HEAD')).rejects.toMatchObject({
    code: 'INVALID_BASE',
    hint: expect.stringContaining('--unshallow') as string,
  });
});

test('A change of 20,000 files is told as one', async () => {
  await using rig = await createGateRig();
  importFiles(rig, 20_000);
  // Nothing is checked out: all of them are gone.
  rig.git('read-tree', 'main');
  await rig.write('new', '');
  const ports = rig.ports();
  const changes = await changesSince(ports, await resolveBase(ports));
  expect(changes).toHaveLength(20_001);
  expect(changes.at(-1)).toMatchObject({ path: 'new', isUntracked: true });
  expect(changes[0]).toMatchObject({ path: 'files/0/0.txt', status: 'deleted', deleted: 2 });
});

function importFiles({ root }: GateRig, count: number): void {
  const files = Array.from({ length: count }, (_, at) => {
    const folder = String(at % 100);
    return `M 100644 :1 files/${folder}/${String(Math.floor(at / 100))}.txt\n`;
  });
  const commit =
    'commit refs/heads/main\ncommitter Rig <rig@example.invalid> 1767322800 +0000\ndata 4\nbase\n';
  const input = `blob\nmark :1\ndata 4\na\nb\n\n${commit}${files.join('')}\n`;
  const settings = { cwd: root, env: rigEnvironment(root), input };
  // As one file: each object in a file of its own would be opened for each of the files.
  execFileSync('git', ['-c', 'fastimport.unpackLimit=1', 'fast-import', '--quiet'], settings);
}

function show(changes: readonly Change[]): string[] {
  return changes.map((change) => {
    const { status, path, added, deleted, oldPath } = change;
    const flags = [
      ...(change.isBinary ? [' binary'] : []),
      ...(change.isUntracked ? [' untracked'] : []),
      ...(change.isSubmodule ? [' submodule'] : []),
      ...(oldPath === null ? [] : [` from ${oldPath}`]),
    ];
    return `${status} ${path} +${String(added)} -${String(deleted)}${flags.join('')}`;
  });
}
