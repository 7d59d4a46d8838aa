import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, stat, symlink, utimes } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { CommandLine } from '@codex-orchestrator/exec';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { changedProtected, hashProtected } from '../../src/validator/protected-files.js';
import type { ProtectedFiles } from '../../src/validator/protected-files.js';

interface Protection {
  readonly globs?: readonly string[];
  readonly commands?: readonly CommandLine[];
}

function protect(rig: Rig, { globs = [], commands = [] }: Protection): Promise<ProtectedFiles> {
  const validators = commands.map((command) => ({ command }));
  return hashProtected(
    { root: rig.root, globs, validators, ignoredPaths: ['.runs/'] },
    nodeFileSystem,
  );
}

async function pathsOf(rig: Rig, protection: Protection): Promise<readonly string[]> {
  return Object.keys(await protect(rig, protection));
}

/** What is told of an act, which is done between two looks. */
async function tampered(
  rig: Rig,
  protection: Protection,
  act: () => unknown,
): Promise<readonly string[]> {
  const before = JSON.parse(JSON.stringify(await protect(rig, protection))) as ProtectedFiles;
  await act();
  return changedProtected(before, await protect(rig, protection));
}

test('globs name files inside the root: hidden ones too, folders as a whole, without what is excluded', async () => {
  await using rig = await createRig();
  await using outside = await createRig();
  await outside.write({ x: '' });
  await rig.write({
    'test/a.test.ts': '',
    'test/.hidden': '',
    'test/deep/b.ts': '',
    'test/node_modules/c.ts': '',
    '.git/hooks/x': '',
    '.runs/task/x': '',
    'src/a.ts': '',
  });
  expect(await pathsOf(rig, { globs: ['test/**', '!**/deep/**'] })).toEqual([
    'test/.hidden',
    'test/a.test.ts',
  ]);
  expect(await pathsOf(rig, { globs: ['./test/deep', 'src/*.ts'] })).toEqual([
    'src/a.ts',
    'test/deep/b.ts',
  ]);
  expect(await pathsOf(rig, { globs: ['**'] })).toHaveLength(4);
  expect(await pathsOf(rig, { globs: ['../*/x', `${outside.root}/**`] })).toEqual([]);
  expect(await pathsOf(rig, {})).toEqual([]);
});

test('what is added, removed and changed is told, sorted, and nothing else', async () => {
  await using rig = await createRig();
  await rig.write({ 'test/a': '1', 'test/b': '2', 'test/c': '3', 'test/d': '4', other: '' });
  const changes = await tampered(rig, { globs: ['test/**'] }, async () => {
    await rig.write({ 'test/d': '5', 'test/new': '', other: 'x', 'test/a': '1' });
    await rm(rig.path('test/b'));
  });
  expect(changes).toEqual(['test/b', 'test/d', 'test/new']);
});

test('a file that is replaced by one of the same size and times is a changed file', async () => {
  await using rig = await createRig();
  await rig.write({ 'verify.sh': 'exit 1\n' });
  await utimes(rig.path('verify.sh'), 1000, 1000);
  const before = await stat(rig.path('verify.sh'));
  const changes = await tampered(rig, { commands: ['./verify.sh'] }, async () => {
    await rig.write({ 'verify.sh': 'exit 0\n' });
    await utimes(rig.path('verify.sh'), 1000, 1000);
  });
  const after = await stat(rig.path('verify.sh'));
  expect([after.size, after.mtimeMs, after.ino]).toEqual([before.size, before.mtimeMs, before.ino]);
  expect(changes).toEqual(['verify.sh']);
});

test('a symlink counts as its text and as the file that it leads to', async () => {
  await using rig = await createRig();
  await using outside = await createRig();
  await outside.write({ x: '1' });
  await rig.write({ 'tools/real.sh': '1', 'tools/other.sh': '1' });
  await symlink('tools/real.sh', rig.path('verify.sh'));
  await symlink(outside.path('x'), rig.path('outside'));
  await symlink('nowhere', rig.path('dangling'));
  const protection = { globs: ['*'], commands: ['./verify.sh'] };
  expect(await pathsOf(rig, protection)).toEqual([
    'dangling',
    'outside',
    'tools/real.sh',
    'verify.sh',
  ]);
  expect(await tampered(rig, protection, () => rig.write({ 'tools/real.sh': '2' }))).toEqual([
    'tools/real.sh',
  ]);
  expect(await tampered(rig, protection, () => outside.write({ x: '2' }))).toEqual([]);
  const relinked = await tampered(rig, protection, async () => {
    await rm(rig.path('verify.sh'));
    await symlink('tools/other.sh', rig.path('verify.sh'));
  });
  expect(relinked).toEqual(['tools/other.sh', 'tools/real.sh', 'verify.sh']);
});

test('a folder of tests that is replaced by a symlink elsewhere is told', async () => {
  await using rig = await createRig();
  await using elsewhere = await createRig();
  await rig.write({ 'test/a': '1' });
  await elsewhere.write({ a: '1' });
  const changes = await tampered(
    rig,
    { globs: ['test/**'], commands: ['node test/a'] },
    async () => {
      await rename(rig.path('test'), rig.path('moved'));
      await symlink(elsewhere.root, rig.path('test'));
    },
  );
  expect(changes).toEqual(['test', 'test/a']);
});

test.each<[string, CommandLine, readonly string[]]>([
  ['a script', './verify.sh', ['verify.sh']],
  ['a script of a shell', 'sh verify', ['verify']],
  ['a script of node, behind variables', 'CI=1 node --test scripts/test.mjs', ['scripts/test.mjs']],
  ['a line in a line', `bash -lc 'node "scripts/with space.mjs"'`, ['scripts/with space.mjs']],
  ['a quoted name', 'node "scripts/with space.mjs"', ['scripts/with space.mjs']],
  ['a list', ['node', 'scripts/test.mjs', 'x'], ['scripts/test.mjs']],
  ['a list with a line', ['sh', '-c', 'true && ./verify.sh'], ['verify.sh']],
  ['a value of an option', 'run --config=conf.json', ['conf.json']],
  ['a redirection and a pipe', 'cat <data.txt|./verify.sh>out.log', ['verify.sh']],
  ['another folder', 'cd scripts && node ./test.mjs; true', ['scripts/test.mjs']],
  ['no files', 'npm-x data verify', []],
  ['a folder', 'pytest ./scripts', ['conftest.py']],
  ['installed programs', './node_modules/.bin/x', []],
  ['what lies outside', 'sh ../x /etc/hosts .git/config', []],
  ['make', 'make -j2 test', ['Makefile']],
  ['make elsewhere', 'make -C sub test', ['Makefile', 'sub/Makefile']],
  ['just', 'just test', ['justfile']],
  ['vitest', 'npx vitest run', ['vitest.config.ts']],
  ['jest', 'npx jest', ['jest.config.cjs']],
])('of a command with %s these files are protected', async (_title, command, paths) => {
  await using rig = await createRig();
  await rig.write({
    'verify.sh': '',
    verify: '',
    data: '',
    'data.txt': '',
    'conf.json': '',
    'conftest.py': '',
    'scripts/test.mjs': '',
    'scripts/with space.mjs': '',
    'node_modules/.bin/x': '',
    '.git/config': '',
    Makefile: '',
    'sub/Makefile': '',
    justfile: '',
    'vitest.config.ts': '',
    'jest.config.cjs': '',
  });
  expect(await pathsOf(rig, { commands: [command] })).toEqual(paths);
});

const packageJson = {
  name: 'x',
  scripts: {
    pretest: 'npm run -s lint',
    test: 'node ./run-tests.mjs && node dist/check.js && vitest run',
    posttest: 'true',
    lint: 'eslint .',
    build: 'tsc',
  },
};

/** An act that replaces scripts of the package.json, and adds what else is given. */
function rewrite(rig: Rig, scripts: object, more: object = {}): () => Promise<void> {
  return () =>
    rig.write({
      'package.json': { ...packageJson, ...more, scripts: { ...packageJson.scripts, ...scripts } },
    });
}

test.each<[CommandLine]>([
  ['npm test'],
  ['npm t'],
  [['pnpm', '--silent', 'run', 'test']],
  ['CI=1 yarn test --run'],
  ['bun run test'],
])(
  'for %s the scripts that run are protected by value, and the files that they name',
  async (command) => {
    await using rig = await createRig();
    const reset = rewrite(rig, {});
    await reset();
    await rig.write({ 'run-tests.mjs': '', 'dist/check.js': '', 'vitest.config.mts': '' });
    const protection = { commands: [command] };
    expect(await pathsOf(rig, protection)).toEqual([
      'package.json#scripts',
      'run-tests.mjs',
      'vitest.config.mts',
    ]);
    const told = ['package.json#scripts'];
    expect(await tampered(rig, protection, rewrite(rig, { pretest: 'true' }))).toEqual(told);
    await reset();
    expect(await tampered(rig, protection, rewrite(rig, { lint: 'true' }))).toEqual(told);
    await reset();
    expect(await tampered(rig, protection, rewrite(rig, { prelint: 'true' }))).toEqual(told);
    await reset();
    const harmless = rewrite(rig, { build: 'tsup', other: '1' }, { dependencies: { y: '1' } });
    expect(await tampered(rig, protection, harmless)).toEqual([]);
    expect(await tampered(rig, protection, () => rig.write({ 'dist/check.js': 'built' }))).toEqual(
      [],
    );
    expect(await tampered(rig, protection, () => rig.write({ 'package.json': '{' }))).toContain(
      'package.json#scripts',
    );
  },
);

test('an agent that makes the test script pass is told on', async () => {
  await using rig = await createRig();
  await rig.write({
    'package.json': { scripts: { test: 'node --test' } },
    '.npmrc': 'loglevel=warn\n',
  });
  const protection = { commands: ['npm test'] };
  expect(
    await tampered(rig, protection, () =>
      rig.write({ 'package.json': { scripts: { test: 'exit 0' } } }),
    ),
  ).toEqual(['package.json#scripts']);
  expect(
    await tampered(rig, protection, () => rig.write({ '.npmrc': 'script-shell=/bin/true\n' })),
  ).toEqual(['.npmrc']);
});

test('a test script that an agent adds where there was none is told, and so is a configuration', async () => {
  await using rig = await createRig();
  await rig.write({ 'package.json': { name: 'x' } });
  const protection = { commands: ['npm test', 'npx vitest run', 'npx jest'] };
  const changes = await tampered(rig, protection, () =>
    rig.write({
      'package.json': { name: 'x', scripts: { test: 'exit 0' }, jest: { testMatch: [] } },
      'vitest.config.ts': '',
    }),
  );
  expect(changes).toEqual(['package.json#jest', 'package.json#scripts', 'vitest.config.ts']);
});

test('scripts that start others by patterns protect all scripts', async () => {
  await using rig = await createRig();
  await rig.write({
    'package.json': { scripts: { test: 'run-p test:*', 'test:a': 'node a.mjs' } },
    'a.mjs': '',
  });
  const protection = { commands: ['npm test'] };
  expect(await pathsOf(rig, protection)).toEqual(['a.mjs', 'package.json#scripts']);
  const changes = await tampered(rig, protection, () =>
    rig.write({ 'package.json': { scripts: { test: 'run-p test:*', 'test:a': 'true' } } }),
  );
  expect(changes).toEqual(['a.mjs', 'package.json#scripts']);
});

test('scripts that run each other in a circle come to an end', async () => {
  await using rig = await createRig();
  await rig.write({
    'package.json': { scripts: { test: 'npm run a', a: 'npm test', __proto__: 'x' } },
  });
  expect(await pathsOf(rig, { commands: ['npm test'] })).toEqual(['package.json#scripts']);
});

test('pipes, folders, unreadable and odd names neither stop nor fool it', async () => {
  await using rig = await createRig();
  await rig.write({ 'a/__proto__': '1', 'a/b#c': '1', 'a/x y': '1' });
  execFileSync('mkfifo', [rig.path('a/pipe')]);
  await mkdir(rig.path('a/folder'));
  const globs = ['a/**', 'a/pipe'];
  const changes = await tampered(rig, { globs, commands: ['./a/pipe ./a/folder'] }, async () => {
    await rig.write({ 'a/__proto__': '2', 'a/x y': '2' });
    await rm(rig.path('a/pipe'));
  });
  expect(changes).toEqual(['a/__proto__', 'a/pipe', 'a/x y']);
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'read' ? { kind: 'error', code: 'EIO' } : undefined,
  );
  const request = { root: rig.root, globs: ['a/b#c'], validators: [] };
  expect(await hashProtected(request, faulty.fs)).toEqual({ 'a/b#c': 'unreadable:EIO' });
  expect(faulty.unclosed()).toEqual([]);
});

test('each file is read once in a look', async () => {
  await using rig = await createRig();
  await rig.write({ 'verify.sh': 'x', 'test/a': 'x' });
  const opened: string[] = [];
  const fs = {
    ...nodeFileSystem,
    open: (path: string, flags: string | number) => {
      opened.push(path);
      return nodeFileSystem.open(path, flags);
    },
  };
  const validators = [{ command: './verify.sh' }, { command: 'sh verify.sh' }];
  await hashProtected({ root: rig.root, globs: ['**', 'test', 'verify.sh'], validators }, fs);
  expect(opened.sort()).toEqual([rig.path('test/a'), rig.path('verify.sh')]);
});

test('more files than can be held are refused by name', async () => {
  await using rig = await createRig();
  await mkdir(rig.path('many'));
  for (let index = 0; index <= 20_000; index += 1) {
    nodeFileSystem.link(
      index === 0 ? await first(rig) : rig.path('many/0'),
      rig.path(`many/${index}`),
    );
  }
  await expect(protect(rig, { globs: ['many/**'] })).rejects.toMatchObject({
    code: 'TOO_MANY_PROTECTED_FILES',
  });
});

async function first(rig: Rig): Promise<string> {
  await rig.write({ origin: '' });
  return rig.path('origin');
}
