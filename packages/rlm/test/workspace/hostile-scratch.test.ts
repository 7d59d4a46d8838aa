import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { createRepositoryRig, listTree } from './repository-rig.js';

test('what an agent writes into the private repository of its loop starts nothing and hides nothing', async () => {
  await using rig = await createRepositoryRig({ files: { 'a.txt': 'one\n', 'b.txt': 'one\n' } });
  const workspace = await rig.open();
  const before = await workspace.snapshot();
  const trap = `[filter "trap"]\n\tclean = "touch '${rig.path('hit')}'; cat"\n`;
  const own = (name: string): string => rig.path('scratch/repository', name);
  execFileSync('git', ['update-index', '--skip-worktree', 'b.txt'], {
    cwd: rig.path('repo'),
    env: { ...process.env, GIT_DIR: own(''), GIT_WORK_TREE: rig.path('repo') },
    stdio: 'ignore',
  });
  appendFileSync(own('config'), trap);
  await rig.write({
    'scratch/elsewhere/config': trap,
    'scratch/repository/commondir': '../elsewhere\n',
    'scratch/repository/hooks/post-index-change': `#!/bin/sh\ntouch '${rig.path('hit')}'\n`,
    'repo/.gitattributes': '* filter=trap\n',
    'repo/new.txt': 'new\n',
    'repo/b.txt': 'two\n',
  });
  writeFileSync(own('info/exclude'), '*\n');

  const after = await workspace.snapshot();
  expect(listTree(rig, after).map((line) => line.slice(7))).toEqual([
    '.gitattributes',
    'a.txt',
    'b.txt',
    'new.txt',
  ]);
  expect(await workspace.compare(before ?? '', after ?? '')).toMatchObject({ files: 3 });
  expect(await rig.list('.')).not.toContain('hit');

  // A pipe would never answer, and a symlink leads to somebody else's file.
  await rig.write({ 'users/config': 'mine\n', 'repo/new.txt': 'newer\n' });
  rmSync(own('index'));
  execFileSync('mkfifo', [own('index')]);
  rmSync(own('config'));
  symlinkSync(rig.path('users/config'), own('config'));
  expect(await workspace.snapshot()).not.toBeNull();
  expect(await rig.read('users/config')).toBe('mine\n');
  rmSync(rig.path('scratch'), { recursive: true });
  await rig.write({ 'repo/new.txt': 'newest\n' });
  expect(await workspace.snapshot()).not.toBeNull();
});

test('a state that names a branch of somebody else moves no branch', async () => {
  await using rig = await createRepositoryRig();
  const first = await rig.open({ isolation: 'worktree' });
  await rig.write({ 'scratch/worktree/a.txt': 'two\n' });
  const tree = (await first.snapshot()) ?? '';
  rig.git(['branch', 'release']);
  const tip = rig.git(['rev-parse', 'release']).trim();
  const state = (await rig.readJson('scratch/isolation.json')) as object;
  await rig.write({ 'scratch/isolation.json': { ...state, branch: 'release', kept: [tip] } });

  const again = await rig.open({ isolation: 'worktree', resumeTree: tree });
  expect(await again.keep(tree, 'result')).not.toBeNull();
  expect(again.branch).toBe('rlm/run-1');
  expect(rig.git(['rev-parse', 'release']).trim()).toBe(tip);
  await again.close();
});
