import { chmod, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { createRepositoryRig, listTree } from './repository-rig.js';
import type { RepositoryRig } from './repository-rig.js';

test('a snapshot has tracked and untracked files, and neither what is ignored nor what the loop leaves', async () => {
  await using rig = await createRepositoryRig({
    files: { '.gitignore': '*.log\n', 'a.txt': 'one\n', 'kept.log': 'committed all the same\n' },
  });
  await rig.write({
    'repo/a.txt': 'two\n',
    'repo/new/b.txt': 'b\n',
    'repo/debug.log': 'x',
    'repo/.runs/t/x.json': '{}',
    'repo/out/y': 'y',
  });
  const workspace = await rig.open();
  const tree = await workspace.snapshot();
  expect(listTree(rig, tree)).toEqual([
    '100644 .gitignore',
    '100644 a.txt',
    '100644 kept.log',
    '100644 new/b.txt',
  ]);
  expect(rig.git(['show', `${tree}:a.txt`])).toBe('two\n');
  expect(workspace.kind).toBe('git');
  expect(workspace.branch).toBeNull();
  expect(workspace.notes).toEqual([]);
  expect(workspace.folder).toBe(rig.path('repo'));
  expect(await workspace.snapshot()).toBe(tree);
  await rm(rig.path('repo/new'), { recursive: true });
  await rig.write({ 'repo/a.txt': 'one\n' });
  expect(await workspace.snapshot()).toBe(rig.git(['rev-parse', 'HEAD^{tree}']).trim());
});

test('a snapshot changes neither index nor status nor HEAD of the repository', async () => {
  await using rig = await createRepositoryRig();
  await rig.write({ 'repo/staged.txt': 's\n', 'repo/intended.txt': 'i\n' });
  rig.git(['add', 'staged.txt']);
  rig.git(['add', '-N', 'intended.txt']);
  await rig.write({ 'repo/a.txt': 'changed\n', 'repo/untracked.txt': 'u\n' });
  const look = async (): Promise<unknown> => ({
    index: (await readFile(rig.path('repo/.git/index'))).toString('base64'),
    head: await rig.read('repo/.git/HEAD'),
    config: await rig.read('repo/.git/config'),
    status: rig.git(['--no-optional-locks', 'status', '--porcelain=v2', '-z']),
    refs: rig.git(['for-each-ref']),
    files: (await rig.list('repo')).filter((path) => !path.startsWith('repo/.git/objects/')),
  });
  const before = await look();
  const workspace = await rig.open();
  const first = await workspace.snapshot();
  await rig.write({ 'repo/a.txt': 'changed again\n' });
  const second = await workspace.snapshot();
  await rig.write({ 'repo/a.txt': 'changed\n' });
  await workspace.describe(first);
  await workspace.compare(first ?? '', second ?? '');
  await workspace.close();
  expect(await look()).toEqual(before);
  expect(listTree(rig, first)).toHaveLength(4);
});

const states: readonly {
  readonly name: string;
  readonly arrange: (rig: RepositoryRig) => Promise<void>;
  readonly expected: readonly string[];
}[] = [
  {
    name: 'a symlink as what it is',
    arrange: (rig) => symlink('/nowhere', rig.path('repo/link')),
    expected: ['100644 a.txt', '120000 link'],
  },
  {
    name: 'an executable file',
    arrange: (rig) => chmod(rig.path('repo/a.txt'), 0o755),
    expected: ['100755 a.txt'],
  },
  {
    name: 'names with quotes, line feeds, stars and other letters',
    arrange: (rig) =>
      rig.write({
        'repo/größe "x".txt': '1',
        'repo/*[a].txt': '2',
        'repo/:(top)a': '3',
        "repo/b'\nc/'\nd": '4',
      }),
    expected: [
      '100644 *[a].txt',
      '100644 :(top)a',
      '100644 a.txt',
      "100644 b'\nc/'\nd",
      '100644 größe "x".txt',
    ],
  },
  {
    name: 'a file where a folder was',
    arrange: async (rig) => {
      await rig.write({ 'repo/d/x': 'x' });
      rig.git(['add', 'd']);
      await rm(rig.path('repo/d'), { recursive: true });
      await rig.write({ 'repo/d': 'file' });
    },
    expected: ['100644 a.txt', '100644 d'],
  },
  {
    name: 'a detached HEAD',
    arrange: (rig) => {
      rig.git(['checkout', '-q', '--detach']);
      return Promise.resolve();
    },
    expected: ['100644 a.txt'],
  },
  {
    name: 'an unfinished merge',
    arrange: async (rig) => {
      rig.git(['checkout', '-q', '-b', 'other']);
      await rig.write({ 'repo/a.txt': 'theirs\n' });
      rig.git(['commit', '-q', '-a', '-m', 'theirs']);
      rig.git(['checkout', '-q', 'main']);
      await rig.write({ 'repo/a.txt': 'ours\n' });
      rig.git(['commit', '-q', '-a', '-m', 'ours']);
      expect(() => rig.git(['merge', '-q', 'other'])).toThrow();
    },
    expected: ['100644 a.txt'],
  },
  {
    name: 'a split index',
    arrange: (rig) => {
      rig.git(['update-index', '--split-index']);
      return Promise.resolve();
    },
    expected: ['100644 a.txt'],
  },
];

test.each(states)('a snapshot copes with $name', async ({ arrange, expected }) => {
  await using rig = await createRepositoryRig();
  await arrange(rig);
  const workspace = await rig.open();
  expect(listTree(rig, await workspace.snapshot())).toEqual(expected);
  expect(workspace.notes).toEqual([]);
});

test('a repository without a commit has snapshots, and everything in it is new', async () => {
  await using rig = await createRepositoryRig({ files: null });
  const workspace = await rig.open();
  const before = await workspace.snapshot();
  await rig.write({ 'repo/first.txt': 'x\n' });
  const after = await workspace.snapshot();
  expect(await workspace.compare(before ?? '', after ?? '')).toMatchObject({
    paths: ['first.txt'],
  });
  expect(await workspace.describe(null)).toContain('A  first.txt');
});

test('a shallow clone and a repository with SHA-256 have snapshots', async () => {
  await using rig = await createRepositoryRig();
  await rig.write({ 'repo/b.txt': 'b\n' });
  rig.git(['add', '-A']);
  rig.git(['commit', '-q', '-m', 'second']);
  rig.git(['clone', '-q', '--depth', '1', `file://${rig.path('repo')}`, 'shallow'], '.');
  const shallow = await rig.open({ root: rig.path('shallow'), scratchDir: rig.path('s2') });
  expect(await shallow.snapshot()).toBe(rig.git(['rev-parse', 'HEAD^{tree}']).trim());
  rig.git(['init', '-q', '--object-format=sha256', 'long'], '.');
  await rig.write({ 'long/x': 'x\n' });
  const long = await rig.open({ root: rig.path('long'), scratchDir: rig.path('s3') });
  expect(await long.snapshot()).toMatch(/^[0-9a-f]{64}$/);
  expect(await long.describe(null)).toContain('A  x');
});

test('in a folder of a repository only what is below it counts, and the rules above it hold', async () => {
  await using rig = await createRepositoryRig({
    files: { '.gitignore': '*.tmp\n', 'app/a.txt': 'a\n', 'other/b.txt': 'b\n' },
  });
  const workspace = await rig.open({ root: rig.path('repo/app') });
  const before = await workspace.snapshot();
  await rig.write({
    'repo/app/new.txt': 'n\n',
    'repo/app/x.tmp': 'x',
    'repo/app/out/y': 'y',
    'repo/other/b.txt': 'changed\n',
  });
  const after = await workspace.snapshot();
  expect(listTree(rig, after)).toEqual([
    '100644 .gitignore',
    '100644 app/a.txt',
    '100644 app/new.txt',
    '100644 other/b.txt',
  ]);
  const { paths } = await workspace.compare(before ?? '', after ?? '');
  expect(paths).toEqual(['new.txt']);
  expect(workspace.notes).toEqual(["Only what is below 'app' of the repository is looked at."]);
});

test('a repository within the repository is left out, and told', async () => {
  await using rig = await createRepositoryRig();
  rig.git(['init', '-q', 'repo/library'], '.');
  await rig.write({ 'repo/library/a.txt': 'one\n' });
  rig.git(['add', '-A'], 'repo/library');
  rig.git(['commit', '-q', '-m', 'x'], 'repo/library');
  rig.git(['init', '-q', 'repo/empty'], '.');
  await rig.write({ 'repo/empty/y': 'y\n', 'repo/b.txt': 'b\n' });
  await setFilter(rig, 'repo/library');
  const workspace = await rig.open();
  const tree = await workspace.snapshot();
  expect(listTree(rig, tree)).toEqual(['100644 a.txt', '100644 b.txt']);
  expect(workspace.notes.join('\n')).toContain("'library' is a repository of its own");
  expect(workspace.notes.join('\n')).toContain("'empty/' does not have a commit checked out");
  expect(await workspace.snapshot()).toBe(tree);
  expect(await rig.list()).not.toContain('hit');
  await rm(rig.path('repo/library/.git'), { recursive: true });
  expect(listTree(rig, await workspace.snapshot())).toContain('100644 library/a.txt');
});

test('a submodule stays what it was, and git is not started in it', async () => {
  await using rig = await createRepositoryRig();
  rig.git(['clone', '-q', rig.path('repo'), 'origin'], '.');
  rig.git(['submodule', '--quiet', 'add', rig.path('origin'), 'sub']);
  rig.git(['commit', '-q', '-m', 'submodule']);
  await setFilter(rig, 'repo/sub');
  const workspace = await rig.open();
  const tree = await workspace.snapshot();
  expect(tree).toBe(rig.git(['rev-parse', 'HEAD^{tree}']).trim());
  await workspace.snapshot();
  expect(await rig.list()).not.toContain('hit');
  expect(workspace.notes).toEqual(['What changes in submodules is in no snapshot: sub.']);
});

/** Gives a repository a filter that leaves a trace when git looks at its content. */
async function setFilter(rig: RepositoryRig, folder: string): Promise<void> {
  await rig.write({
    'filter.sh': `#!/bin/sh\necho x >> '${rig.path('hit')}'\ncat\n`,
    [`${folder}/.gitattributes`]: '* filter=trace\n',
    [`${folder}/a.txt`]: 'new\n',
  });
  await chmod(rig.path('filter.sh'), 0o755);
  rig.git(['config', 'filter.trace.clean', rig.path('filter.sh')], folder);
  rig.git(['status', '--short'], folder);
  expect(await rig.list()).toContain('hit');
  await rm(rig.path('hit'));
}

test('what an agent does with its own git changes no snapshot', async () => {
  await using rig = await createRepositoryRig();
  const workspace = await rig.open();
  await rig.write({ 'repo/a.txt': 'two\n', 'repo/b.txt': 'b\n' });
  const tree = await workspace.snapshot();
  rig.git(['add', '-A']);
  expect(await workspace.snapshot()).toBe(tree);
  rig.git(['commit', '-q', '-m', 'by the agent']);
  rig.git(['update-index', '--assume-unchanged', 'a.txt']);
  expect(await workspace.snapshot()).toBe(tree);
  await rig.write({ 'repo/a.txt': 'three\n', 'repo/.git/info/exclude': '*\n', 'repo/c': 'c' });
  expect(listTree(rig, await workspace.snapshot())).toHaveLength(3);
  await rm(rig.path('repo/c'));
  await rig.write({ 'repo/a.txt': 'two\n' });
  rig.git(['checkout', '-q', '--orphan', 'elsewhere']);
  rig.git(['branch', '-q', '-D', 'main']);
  expect(await workspace.snapshot()).toBe(tree);
});

test('without the content that earlier snapshots need, the files are read again', async () => {
  await using rig = await createRepositoryRig();
  const workspace = await rig.open();
  await rig.write({ 'repo/d/b.txt': 'b\n' });
  await workspace.snapshot();
  rig.git(['gc', '-q', '--prune=now']);
  await rig.write({ 'repo/d/c.txt': 'c\n' });
  const tree = await workspace.snapshot();
  expect(listTree(rig, tree)).toEqual(['100644 a.txt', '100644 d/b.txt', '100644 d/c.txt']);
  expect(rig.git(['show', `${tree}:d/b.txt`])).toBe('b\n');
});

test('after .git was deleted there are no snapshots but a note, and nothing is thrown', async () => {
  await using rig = await createRepositoryRig();
  const workspace = await rig.open();
  expect(await workspace.snapshot()).not.toBeNull();
  await rm(rig.path('repo/.git'), { recursive: true });
  await rig.write({ 'repo/b.txt': 'b\n' });
  expect(await workspace.snapshot()).toBeNull();
  expect(await workspace.describe(null)).toBeNull();
  expect(workspace.notes).toHaveLength(1);
  expect(await rig.list('repo')).toEqual(['repo/a.txt', 'repo/b.txt']);
});

test('two loops in one repository do not know of each other', async () => {
  await using rig = await createRepositoryRig();
  const [one, two] = await Promise.all([
    rig.open({ scratchDir: rig.path('one') }),
    rig.open({ scratchDir: rig.path('two') }),
  ]);
  const trees = await Promise.all([one.snapshot(), two.snapshot(), one.snapshot(), two.snapshot()]);
  expect(new Set(trees).size).toBe(1);
  await writeFile(rig.path('repo/b.txt'), 'b\n');
  const later = await Promise.all([one.snapshot(), two.snapshot()]);
  expect(later[0]).toBe(later[1]);
  expect(later[0]).not.toBe(trees[0]);
  expect(one.notes).toEqual([]);
});

test('a lock that a killed snapshot left does not stop the next process', async () => {
  await using rig = await createRepositoryRig();
  const tree = await (await rig.open()).snapshot();
  await rig.write({ 'scratch/repository/index.lock': '' });
  expect(await (await rig.open({ resumeTree: tree })).snapshot()).toBe(tree);
});

test('a resume without the private index looks past what the index of the repository says', async () => {
  await using rig = await createRepositoryRig();
  const tree = await (await rig.open()).snapshot();
  rig.git(['update-index', '--assume-unchanged', 'a.txt']);
  await rig.write({ 'repo/a.txt': 'hidden\n' });
  await rm(rig.path('scratch'), { recursive: true });
  expect(await (await rig.open({ resumeTree: tree })).snapshot()).not.toBe(tree);
});

test('a file that changed in the moment when the index was written is seen', async () => {
  await using rig = await createRepositoryRig();
  // Neither size nor times tell: git knows by the time of the index alone that it has to read the file.
  rig.git(['config', 'core.trustctime', 'false']);
  const moment = new Date('2020-01-01T00:00:00Z');
  await rig.write({ 'repo/a.txt': 'abc\n' });
  await utimes(rig.path('repo/a.txt'), moment, moment);
  rig.git(['add', 'a.txt']);
  await utimes(rig.path('repo/.git/index'), moment, moment);
  await rig.write({ 'repo/a.txt': 'xyz\n' });
  await utimes(rig.path('repo/a.txt'), moment, moment);
  const tree = await (await rig.open()).snapshot();
  expect(rig.git(['show', `${tree}:a.txt`])).toBe('xyz\n');
});

test('a loop folder within the repository is no part of the work', async () => {
  await using rig = await createRepositoryRig();
  await mkdir(rig.path('repo/state'));
  const workspace = await rig.open({ scratchDir: rig.path('repo/state/loop') });
  expect(listTree(rig, await workspace.snapshot())).toEqual(['100644 a.txt']);
});
