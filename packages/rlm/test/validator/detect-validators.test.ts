import { mkdir, symlink } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { detectValidators } from '../../src/validator/detect-validators.js';
import { detectionRules } from '../../src/validator/detection-rules.js';
import type { Detection } from '../../src/validator/validator.js';

type Files = Readonly<Record<string, string | object>>;

async function detect(files: Files): Promise<Detection> {
  await using rig = await createRig();
  await rig.write(files);
  return detectValidators(rig.root, nodeFileSystem);
}

/** Commands of all candidates; `missing` has none. */
async function commandsIn(files: Files): Promise<readonly string[]> {
  const detection = await detect(files);
  if (detection.kind === 'missing') return [];
  if (detection.kind === 'found') return [detection.command];
  return detection.candidates.map(({ command }) => command);
}

const real = { scripts: { test: 'node --test' } };
const placeholder = { scripts: { test: 'echo "Error: no test specified" && exit 1' } };

test.each<[string, Files, readonly string[]]>([
  ['nothing', {}, []],
  ['only a readme', { 'README.md': '# x' }, []],

  [
    'packageManager pnpm',
    { 'package.json': { packageManager: 'pnpm@9.1.0+sha512.ab' } },
    ['pnpm test'],
  ],
  ['packageManager yarn', { 'package.json': { packageManager: 'yarn@4.0.0' } }, ['yarn test']],
  ['packageManager npm', { 'package.json': { packageManager: 'npm@10' } }, ['npm test']],
  ['packageManager bun', { 'package.json': { packageManager: 'bun@1.1.0' } }, ['bun test']],
  ['an unknown packageManager', { 'package.json': { packageManager: 'vlt@1' } }, []],
  ['a packageManager of the wrong type', { 'package.json': { packageManager: 9 } }, []],
  ['pnpm-lock.yaml', { 'pnpm-lock.yaml': '' }, ['pnpm test']],
  ['yarn.lock', { 'yarn.lock': '' }, ['yarn test']],
  ['package-lock.json', { 'package-lock.json': {} }, ['npm test']],
  ['bun.lockb', { 'bun.lockb': '' }, ['bun test']],
  ['both of bun', { 'bun.lockb': '', 'bun.lock': '' }, ['bun test']],
  ['two locks', { 'yarn.lock': '', 'package-lock.json': {} }, ['yarn test', 'npm test']],
  [
    'two locks and a name',
    { 'yarn.lock': '', 'package-lock.json': {}, 'package.json': { packageManager: 'npm@10' } },
    ['npm test'],
  ],

  ['a test script alone', { 'package.json': real }, ['npm test']],
  ['a test script with a lock file', { 'package.json': real, 'pnpm-lock.yaml': '' }, ['pnpm test']],
  ['a test script under bun', { 'package.json': real, 'bun.lock': '' }, ['bun run test']],
  ['the placeholder of npm', { 'package.json': placeholder }, []],
  ['the placeholder and a lock file', { 'package.json': placeholder, 'package-lock.json': {} }, []],
  [
    'the placeholder and vitest',
    { 'package.json': { ...placeholder, devDependencies: { vitest: '4' } } },
    ['npx vitest run'],
  ],
  ['an empty test script', { 'package.json': { scripts: { test: ' ' } } }, []],
  ['a lock file and no script', { 'package.json': {}, 'package-lock.json': {} }, ['npm test']],
  ['a package.json without anything', { 'package.json': { name: 'x' } }, []],
  ['a damaged package.json', { 'package.json': '{"scripts":{"test":"x"' }, []],
  [
    'a damaged package.json and a lock file',
    { 'package.json': '{', 'yarn.lock': '' },
    ['yarn test'],
  ],
  ['a list as package.json', { 'package.json': '[]' }, []],
  ['scripts of the wrong type', { 'package.json': { scripts: ['test'] } }, []],
  ['a byte order mark', { 'package.json': `\uFEFF${JSON.stringify(real)}` }, ['npm test']],

  ['a vitest config', { 'vitest.config.ts': '' }, ['npx vitest run']],
  [
    'vitest as a dependency',
    { 'package.json': { devDependencies: { vitest: '4' } } },
    ['npx vitest run'],
  ],
  [
    'vitest and a lock file',
    { 'package.json': { devDependencies: { vitest: '4' } }, 'package-lock.json': {} },
    ['npx vitest run'],
  ],
  ['a jest config', { 'jest.config.mjs': '' }, ['npx jest']],
  ['jest in package.json', { 'package.json': { jest: {} } }, ['npx jest']],
  ['jest as a dependency', { 'package.json': { dependencies: { jest: '30' } } }, ['npx jest']],
  [
    'vitest and jest',
    { 'package.json': { devDependencies: { vitest: '4', jest: '30' } } },
    ['npx vitest run', 'npx jest'],
  ],
  [
    'a vitest config, and jest as a dependency',
    { 'vitest.config.ts': '', 'package.json': { devDependencies: { jest: '30' } } },
    ['npx vitest run'],
  ],
  [
    'a test script and vitest',
    { 'package.json': { ...real, devDependencies: { vitest: '4' } } },
    ['npm test'],
  ],
  [
    'nx',
    {
      'nx.json': {},
      'package.json': { devDependencies: { vitest: '4' } },
      'package-lock.json': {},
    },
    ['npx nx run-many -t test'],
  ],
  ['nx and a test script', { 'nx.json': {}, 'package.json': real }, ['npm test']],

  ['pyproject.toml', { 'pyproject.toml': '' }, ['python -m pytest']],
  ['pytest.ini', { 'pytest.ini': '' }, ['pytest']],
  ['requirements.txt', { 'requirements.txt': '' }, ['pytest']],
  [
    'all of python',
    { 'pyproject.toml': '', 'requirements.txt': '', 'pytest.ini': '' },
    ['python -m pytest'],
  ],
  ['go.mod', { 'go.mod': '' }, ['go test ./...']],
  ['Cargo.toml', { 'Cargo.toml': '' }, ['cargo test']],
  ['go and rust', { 'go.mod': '', 'Cargo.toml': '' }, ['go test ./...', 'cargo test']],

  ['a make target', { Makefile: '.PHONY: test\nbuild:\n\tx\ntest: build\n\t./t\n' }, ['make test']],
  ['a make target among others', { makefile: 'check test::\n\t./t\n' }, ['make test']],
  ['a Makefile without it', { Makefile: '.PHONY: test\ntests: x\nx: test\n\techo test: x\n' }, []],
  ['a make variable', { Makefile: 'test := 1\ntest ::= 2\ntest:=3\n' }, []],
  ['a justfile', { justfile: 'default:\n  x\n\n@test *flags: build\n  y\n' }, ['just test']],
  ['a just alias', { '.justfile': 'alias test := check\ncheck:\n  y\n' }, ['just test']],
  ['a just recipe with defaults', { Justfile: 'test level="1":\n  y\n' }, ['just test']],
  ['a just recipe that wants a name', { justfile: 'test name:\n  y\n' }, []],
  ['a just variable', { justfile: 'test := "x"\ntests:\n  y\n' }, []],
  [
    'a test script and a make target',
    { 'package.json': real, Makefile: 'test:\n\tx\n' },
    ['npm test', 'make test'],
  ],
  ['files below the root', { 'sub/go.mod': '', 'sub/package.json': real }, []],
])('%s', async (_title, files, commands) => {
  expect(await commandsIn(files)).toEqual(commands);
});

test('what was found says which files speak for it', async () => {
  expect(await detect({ 'package.json': { ...real, packageManager: 'pnpm@9' } })).toEqual({
    kind: 'found',
    command: 'pnpm test',
    reason: 'package.json (scripts.test); package.json (packageManager pnpm)',
  });
  expect(await detect({ 'package.json': real, 'bun.lock': '', 'bun.lockb': '' })).toMatchObject({
    reason: 'package.json (scripts.test); bun.lockb; bun.lock',
  });
  expect(await detect({ 'pyproject.toml': '', 'requirements.txt': '' })).toMatchObject({
    reason: 'pyproject.toml; requirements.txt',
  });
});

test('candidates that differ are all named, with their reasons', async () => {
  expect(await detect({ 'package.json': real, Makefile: 'test:\n\tx\n' })).toEqual({
    kind: 'ambiguous',
    candidates: [
      { command: 'npm test', reason: 'package.json (scripts.test)' },
      { command: 'make test', reason: 'Makefile (target test)' },
    ],
  });
});

test('folders, dangling links and missing roots count as nothing', async () => {
  await using rig = await createRig();
  await mkdir(rig.path('go.mod'));
  await symlink('nowhere', rig.path('Cargo.toml'));
  expect(detectValidators(rig.root, nodeFileSystem)).toEqual({ kind: 'missing' });
  expect(detectValidators(rig.path('nothing'), nodeFileSystem)).toEqual({ kind: 'missing' });
});

test('the table names a condition and a command for each rule', () => {
  for (const { when, command, find } of detectionRules) {
    expect(when.length * command.length).toBeGreaterThan(0);
    expect(
      find({ files: () => [], matching: () => [], text: () => undefined, packageJson: undefined }),
    ).toEqual([]);
  }
});
