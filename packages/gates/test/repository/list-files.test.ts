import { symlink } from 'node:fs/promises';

import { createGit } from '@codex-orchestrator/exec';
import { expect, test } from 'vitest';

import { foldersOfGlobs, matchGlobs } from '../../src/repository/match-globs.js';
import { listFiles } from '../../src/repository/list-files.js';
import { createGateRig } from '../gate-rig.js';

test('Files are listed as they are: known or new, and neither ignored, gone, nor of another repository', async () => {
  await using rig = await createGateRig();
  await rig.write('.gitignore', 'ignored/\n*.log\n');
  await rig.write('ignored/a.txt', '');
  await rig.write('noise.log', '');
  await rig.write('gone.txt', '');
  await rig.write('docs/Übersicht "alt".md', '');
  rig.commit('one');
  await rig.write('new\nline\tname.txt', '');
  await rig.write('inner/file.txt', '');
  rig.git('-C', 'inner', 'init', '-q');
  rig.git('-C', 'inner', 'add', '.');
  rig.git('-C', 'inner', 'commit', '-q', '-m', 'inner');
  await symlink('gone.txt', rig.rig.path('link'));
  rig.remove('gone.txt');
  const files = await listFiles(rig.ports());
  expect(files).toEqual(['.gitignore', 'docs/Übersicht "alt".md', 'link', 'new\nline\tname.txt']);
  expect(await listFiles(rig.ports(), { folders: ['docs', 'nowhere'] })).toEqual([
    'docs/Übersicht "alt".md',
  ]);
  expect(await listFiles(rig.ports(), { folders: [] })).toEqual([]);
  rig.git('add', 'inner');
  expect(await listFiles(rig.ports())).toEqual(files);
});

test('A folder that git does not know is walked, but for what is installed, built or recorded', async () => {
  await using rig = await createGateRig({ git: false });
  for (const path of ['b.md', 'a/x.md', 'node_modules/y.md', 'a/dist/z.md', '.runs/r.json']) {
    await rig.write(path, '');
  }
  await symlink('a', rig.rig.path('link'));
  expect(await listFiles(rig.ports())).toEqual(['a/x.md', 'b.md', 'link']);
  expect(await listFiles(rig.ports(), { folders: ['a'] })).toEqual(['a/x.md']);
  const { root } = rig;
  const { signal } = new AbortController();
  const git = createGit({ folder: root, environment: { PATH: rig.rig.path('a') }, signal });
  expect(await listFiles(rig.ports({ git }))).toEqual(['a/x.md', 'b.md', 'link']);
});

test('A folder that its repository ignores is walked instead of taken for an empty one', async () => {
  await using rig = await createGateRig();
  await rig.write('.gitignore', 'part/\n');
  await rig.write('part/a.md', '');
  rig.commit('one');
  const root = rig.rig.path('part');
  expect(await listFiles(rig.ports({ root }))).toEqual(['a.md']);
});

test('Globs match names that begin with a dot or hold a line break, and what is excluded wins', () => {
  const matches = matchGlobs(['src/**', '*.md', '!src/**/*.test.ts', 'dist/']);
  expect(matches('src/.hidden/a.ts')).toBe(true);
  expect(matches('src/a\nb.ts')).toBe(true);
  expect(matches('src/deep/a.test.ts')).toBe(false);
  expect(matches('docs/a.md')).toBe(false);
  expect(matches('dist/deep/a.js')).toBe(true);
  expect(matchGlobs(['!a'])('b')).toBe(true);
  expect(matchGlobs([])('b')).toBe(false);
  expect(matchGlobs(['pages/[id].ts', './src/*'])('pages/[id].ts')).toBe(true);
  expect(matchGlobs(['./src/*'])('src/a.ts')).toBe(true);
  for (const pattern of ['', '!', 'x'.repeat(100_000)]) {
    expect(() => matchGlobs([pattern])).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  }
});

test('Only folders that a glob can match in have to be looked at', () => {
  expect(foldersOfGlobs(['tasks/specs/*.md', 'docs/a.md', '!x/*', '../y/*', '/z/*'])).toEqual([
    'docs/a.md',
    'tasks/specs',
  ]);
  expect(foldersOfGlobs(['docs/*.md', '**/*.spec.md'])).toEqual(['.']);
  expect(foldersOfGlobs(['!x'])).toEqual(['.']);
});

test('A mark of a sparse checkout hides no file that is there', async () => {
  await using rig = await createGateRig();
  await rig.write('hidden.md', '');
  await rig.write('left-out.md', '');
  rig.commit('base');
  rig.git('update-index', '--skip-worktree', 'hidden.md', 'left-out.md');
  rig.remove('left-out.md');
  expect(await listFiles(rig.ports())).toEqual(['hidden.md']);
});
