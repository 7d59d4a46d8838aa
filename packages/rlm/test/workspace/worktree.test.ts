import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { createRepositoryRig, listTree } from './repository-rig.js';
import type { RepositoryRig } from './repository-rig.js';

const isolated = { isolation: 'worktree' } as const;

function commitOf(rig: RepositoryRig, name: string): string {
  return rig.git(['rev-parse', '--verify', name]).trim();
}

test('an isolated loop leaves the repository alone, and its result on a branch', async () => {
  await using rig = await createRepositoryRig();
  await rig.write({ 'repo/uncommitted.txt': 'mine\n', 'repo/a.txt': 'mine too\n' });
  const status = rig.git(['status', '--porcelain']);
  const head = commitOf(rig, 'HEAD');
  const workspace = await rig.open(isolated);
  const before = await workspace.snapshot();
  expect(workspace.folder).toBe(rig.path('scratch/worktree'));
  expect(workspace.branch).toBe('rlm/run-1');
  expect(workspace.notes.join('\n')).toContain('not committed');
  expect(before).toBe(commitOf(rig, 'HEAD^{tree}'));
  expect(rig.git(['status', '--porcelain'], 'scratch/worktree')).toBe('');
  await rig.write({ 'scratch/worktree/new/b.txt': 'b\n' });
  rig.git(['commit', '-q', '--allow-empty', '-m', 'by the agent'], 'scratch/worktree');
  const tree = (await workspace.snapshot()) ?? '';
  const commit = await workspace.keep(tree, 'What it did\n\nand why');
  expect(commit).toBe(commitOf(rig, 'rlm/run-1'));
  expect(commitOf(rig, 'rlm/run-1^{tree}')).toBe(tree);
  expect(commitOf(rig, 'rlm/run-1^')).toBe(head);
  expect(rig.git(['log', '-1', '--format=%an <%ae>%n%B', 'rlm/run-1']).trim()).toBe(
    'Ada <ada@example.org>\nWhat it did\n\nand why',
  );
  await workspace.close();
  await workspace.close();
  expect(commitOf(rig, 'rlm/run-1')).toBe(commit);
  expect(rig.git(['worktree', 'list', '--porcelain']).match(/^worktree /gm)).toHaveLength(1);
  expect((await rig.list('scratch')).some((path) => path.includes('/worktree/'))).toBe(false);
  expect(rig.git(['status', '--porcelain'])).toBe(status);
  expect(rig.git(['fsck', '--strict'])).not.toContain('missing');
});

test('a branch that is not of the loop is never moved', async () => {
  await using rig = await createRepositoryRig();
  const workspace = await rig.open(isolated);
  await rig.write({ 'scratch/worktree/b.txt': '1\n' });
  const first = await workspace.keep((await workspace.snapshot()) ?? '', 'one');
  await rig.write({ 'scratch/worktree/b.txt': '2\n' });
  const tree = (await workspace.snapshot()) ?? '';
  const second = await workspace.keep(tree, 'two');
  expect(second).not.toBe(first);
  expect(await workspace.keep(tree, 'two')).toBe(second);
  expect(commitOf(rig, 'rlm/run-1')).toBe(second);
  // Somebody commits on top of it.
  rig.git(['branch', '-f', 'rlm/run-1', 'HEAD']);
  const third = await workspace.keep(tree, 'three');
  expect(workspace.branch).toBe('rlm/run-1-2');
  expect(commitOf(rig, 'rlm/run-1')).toBe(commitOf(rig, 'HEAD'));
  expect(commitOf(rig, 'rlm/run-1-2')).toBe(third);
  // Somebody has it checked out.
  rig.git(['checkout', '-q', 'rlm/run-1-2']);
  await workspace.keep(tree, 'four');
  expect(workspace.branch).toBe('rlm/run-1-3');
  expect(commitOf(rig, 'rlm/run-1-2')).toBe(third);
});

test('a loop takes the next free name, and says when there can be none', async () => {
  await using rig = await createRepositoryRig();
  rig.git(['branch', 'rlm/run-1']);
  const workspace = await rig.open(isolated);
  expect(workspace.branch).toBe('rlm/run-1-2');
  await workspace.close();
  await rm(rig.path('scratch'), { recursive: true });
  const blocked = await rig.open({ ...isolated, branch: 'rlm/run-1/x' });
  const tree = (await blocked.snapshot()) ?? '';
  await expect(blocked.keep(tree, 'x')).rejects.toMatchObject({ code: 'BRANCH_UNAVAILABLE' });
});

test('without an identity in the configuration the result has one all the same', async () => {
  await using rig = await createRepositoryRig();
  await rig.write({ 'home/.gitconfig': '' });
  const workspace = await rig.open(isolated);
  await workspace.keep((await workspace.snapshot()) ?? '', 'x');
  expect(rig.git(['log', '-1', '--format=%an <%ae> %cn <%ce>', 'rlm/run-1']).trim()).toBe(
    'codex-orchestrator <noreply@localhost> codex-orchestrator <noreply@localhost>',
  );
});

test('a restored worktree is exactly the snapshot, but for what is ignored', async () => {
  await using rig = await createRepositoryRig({
    files: { '.gitignore': '*.log\n', 'a.txt': 'one\n', 'd/b.txt': 'b\n' },
  });
  const workspace = await rig.open(isolated);
  await rig.write({ 'scratch/worktree/c.txt': 'c\n', 'scratch/worktree/x.log': 'x' });
  const tree = (await workspace.snapshot()) ?? '';
  for (const path of ['d', 'a.txt']) {
    await rm(rig.path('scratch/worktree', path), { recursive: true });
  }
  await rig.write({
    'scratch/worktree/.gitignore': '*.tmp\n',
    'scratch/worktree/a.txt/now-a-folder': 'x',
    'scratch/worktree/c.txt': 'changed',
    'scratch/worktree/new/deep/file': 'x',
    'scratch/worktree/y.tmp': 'y',
  });
  rig.git(['add', '-A'], 'scratch/worktree');
  rig.git(['commit', '-q', '-m', 'by the agent'], 'scratch/worktree');
  await workspace.restore(tree);
  expect(await workspace.snapshot()).toBe(tree);
  expect(await rig.list('scratch/worktree')).toEqual(
    ['.git', '.gitignore', 'a.txt', 'c.txt', 'd/b.txt', 'x.log'].map(
      (path) => `scratch/worktree/${path}`,
    ),
  );
  expect(await rig.read('scratch/worktree/c.txt')).toBe('c\n');
});

test('outside of a worktree nothing is restored or kept', async () => {
  await using rig = await createRepositoryRig();
  const workspace = await rig.open();
  const tree = (await workspace.snapshot()) ?? '';
  await rig.write({ 'repo/a.txt': 'two\n' });
  await expect(workspace.restore(tree)).rejects.toMatchObject({ code: 'NOT_ISOLATED' });
  expect(await workspace.keep(tree, 'x')).toBeNull();
  expect(await rig.read('repo/a.txt')).toBe('two\n');
});

test('a loop whose process died finds its worktree again, with the content of its last record', async () => {
  await using rig = await createRepositoryRig();
  const killed = await rig.open(isolated);
  await rig.write({ 'scratch/worktree/b.txt': 'recorded\n' });
  const tree = (await killed.snapshot()) ?? '';
  const kept = await killed.keep(tree, 'so far');
  await rig.write({ 'scratch/worktree/b.txt': 'half done', 'scratch/worktree/c.txt': 'c' });
  await rm(rig.path('scratch/worktree/.git'));
  // Meanwhile the repository goes on.
  const start = commitOf(rig, 'HEAD');
  rig.git(['commit', '-q', '--allow-empty', '-m', 'later']);
  const workspace = await rig.open({ ...isolated, resumeTree: tree });
  expect(await workspace.snapshot()).toBe(tree);
  expect(workspace.branch).toBe('rlm/run-1');
  await rig.write({ 'scratch/worktree/b.txt': 'done\n' });
  const result = await workspace.keep((await workspace.snapshot()) ?? '', 'done');
  expect(result).not.toBe(kept);
  expect(commitOf(rig, 'rlm/run-1')).toBe(result);
  expect(commitOf(rig, 'rlm/run-1^')).toBe(start);
});

test('a loop whose worktree is gone gets a new one with the content of its last record', async () => {
  await using rig = await createRepositoryRig();
  const first = await rig.open(isolated);
  await rig.write({ 'scratch/worktree/b.txt': 'recorded\n' });
  const tree = (await first.snapshot()) ?? '';
  const kept = await first.keep(tree, 'so far');
  await first.close();
  const workspace = await rig.open({ ...isolated, resumeTree: tree });
  expect(await rig.read('scratch/worktree/b.txt')).toBe('recorded\n');
  expect(rig.git(['status', '--porcelain'], 'scratch/worktree')).toBe('?? b.txt\n');
  await rig.write({ 'scratch/worktree/b.txt': 'done\n' });
  const result = await workspace.keep((await workspace.snapshot()) ?? '', 'done');
  expect(commitOf(rig, 'rlm/run-1')).toBe(result);
  expect(result).not.toBe(kept);
});

test.each(['before its files were written', 'before git knew of it'])(
  'a worktree whose making was killed %s is made anew',
  async (moment) => {
    await using rig = await createRepositoryRig();
    await rig.open(isolated);
    await rm(rig.path('repo/.git/worktrees/worktree/codex-orchestrator'));
    if (moment.includes('knew')) await rm(rig.path('repo/.git/worktrees'), { recursive: true });
    await rm(rig.path('scratch/worktree/a.txt'));
    const workspace = await rig.open(isolated);
    expect(await rig.read('scratch/worktree/a.txt')).toBe('one\n');
    expect(await workspace.snapshot()).toBe(commitOf(rig, 'HEAD^{tree}'));
  },
);

test('a folder of somebody else is not made a worktree', async () => {
  await using rig = await createRepositoryRig();
  await rig.write({ 'scratch/worktree/theirs.txt': 'x' });
  await expect(rig.open(isolated)).rejects.toMatchObject({ code: 'ISOLATION_UNAVAILABLE' });
  expect(await rig.read('scratch/worktree/theirs.txt')).toBe('x');
});

test('without a commit there can be no worktree', async () => {
  await using rig = await createRepositoryRig({ files: null });
  await expect(rig.open(isolated)).rejects.toMatchObject({ code: 'ISOLATION_UNAVAILABLE' });
});

test('two isolated loops work at once, and closing one leaves the other', async () => {
  await using rig = await createRepositoryRig();
  const place = (name: string): Parameters<RepositoryRig['open']>[0] => ({
    ...isolated,
    scratchDir: rig.path(name),
    worktreeDir: rig.path(name, 'worktree'),
    branch: `rlm/${name}`,
  });
  const [one, two] = await Promise.all([rig.open(place('one')), rig.open(place('two'))]);
  await rig.write({ 'one/worktree/x': '1', 'two/worktree/x': '2' });
  const [first, second] = await Promise.all([one.snapshot(), two.snapshot()]);
  expect(first).not.toBe(second);
  await Promise.all([one.keep(first ?? '', '1'), two.keep(second ?? '', '2'), one.close()]);
  await rig.write({ 'two/worktree/y': 'y' });
  expect(listTree(rig, await two.snapshot())).toEqual(['100644 a.txt', '100644 x', '100644 y']);
  expect(rig.git(['show', 'rlm/one:x', 'rlm/two:x'])).toBe('12');
});

test('a worktree of a folder has its result in the whole tree', async () => {
  await using rig = await createRepositoryRig({ files: { 'app/a': 'a\n', 'other/b': 'b\n' } });
  const workspace = await rig.open({ ...isolated, root: rig.path('repo/app') });
  expect(workspace.folder).toBe(rig.path('scratch/worktree/app'));
  await rig.write({ 'scratch/worktree/app/new': 'n\n' });
  await workspace.keep((await workspace.snapshot()) ?? '', 'x');
  expect(listTree(rig, 'rlm/run-1')).toEqual(['100644 app/a', '100644 app/new', '100644 other/b']);
});

test('a worktree sees installed modules, and its own packages in place of those of the repository', async () => {
  await using rig = await createRepositoryRig({
    files: { '.gitignore': 'node_modules/\n', 'packages/own/index.js': 'own\n' },
  });
  await rig.write({
    'repo/node_modules/left/index.js': 'left\n',
    'repo/node_modules/@scope/right/index.js': 'right\n',
  });
  await symlink('../../packages/own', rig.path('repo/node_modules/@scope/own'));
  await mkdir(rig.path('repo/node_modules/.bin'));
  const workspace = await rig.open(isolated);
  const before = await workspace.snapshot();
  expect(await rig.read('scratch/worktree/node_modules/left/index.js')).toBe('left\n');
  expect(await rig.read('scratch/worktree/node_modules/@scope/right/index.js')).toBe('right\n');
  expect(await readlink(rig.path('scratch/worktree/node_modules/@scope/own'))).toBe(
    rig.path('scratch/worktree/packages/own'),
  );
  expect(listTree(rig, before)).toEqual(['100644 .gitignore', '100644 packages/own/index.js']);
  await workspace.close();
  expect(await rig.read('repo/node_modules/left/index.js')).toBe('left\n');
  await expect(lstat(rig.path('scratch/worktree'))).rejects.toMatchObject({ code: 'ENOENT' });
});
