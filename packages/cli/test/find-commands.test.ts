import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { detectCommands } from '../src/builtin-pipelines/builtin-pipelines.js';

type Files = Parameters<Rig['write']>[0];

/** What is found in a root with these files, by check and ecosystem. */
async function found(files: Files): Promise<Record<string, string>> {
  await using rig = await createRig();
  await rig.write(files);
  const { commands } = detectCommands(rig.root);
  return Object.fromEntries(
    commands.map(({ check, ecosystem, command }) => [`${check} ${ecosystem}`, command]),
  );
}

const withLint = { 'package.json': { scripts: { lint: 'x' } } };
const go = { 'build go': 'go build ./...', 'lint go': 'go vet ./...', 'test go': 'go test ./...' };

test.each<[string, Files, Record<string, string>]>([
  ['nothing', { 'README.md': '' }, {}],
  [
    'scripts under the names that people give them, and none that only fails',
    {
      'package.json': {
        scripts: {
          compile: 'tsc -b',
          'type-check': 'tsc',
          test: 'echo "Error: no test specified" && exit 1',
          deploy: 'rm -rf /',
          lint: 7,
        },
      },
    },
    { 'build node': 'npm run compile', 'typecheck node': 'npm run type-check' },
  ],
  ['npm by its lock', { ...withLint, 'package-lock.json': '' }, { 'lint node': 'npm run lint' }],
  ['pnpm by its lock', { ...withLint, 'pnpm-lock.yaml': '' }, { 'lint node': 'pnpm run lint' }],
  ['yarn by its lock', { ...withLint, 'yarn.lock': '' }, { 'lint node': 'yarn run lint' }],
  ['bun by its lock', { ...withLint, 'bun.lock': '' }, { 'lint node': 'bun run lint' }],
  [
    'the package manager that is named, whatever locks there are',
    {
      'package.json': { packageManager: 'pnpm@9.1.0+sha', scripts: { test: 'x' } },
      'yarn.lock': '',
    },
    { 'test node': 'pnpm run test' },
  ],
  [
    'no script that starts a pipeline again by what it runs, or by what runs before or behind it',
    {
      'package.json': {
        scripts: {
          prebuild: 'codex-orchestrator start',
          build: 'x',
          lint: 'npm run "lint:all" && yarn check',
          'lint:all': 'eslint .',
          check: 'npm test',
          test: 'pnpm lint',
          posttest: 'npx codex-orchestrator start diagnostics',
          typecheck: 'tsc && npm run typecheck',
        },
      },
    },
    { 'typecheck node': 'npm run typecheck' },
  ],
  [
    'no script that would start a pipeline again',
    {
      'package.json': {
        scripts: { test: 'npx codex-orchestrator start', lint: 'eslint codex-orchestrator' },
      },
    },
    { 'lint node': 'npm run lint' },
  ],
  ['a project of Python that configures nothing', { 'pyproject.toml': '[project]\nname="x"' }, {}],
  [
    'what a pyproject.toml configures, run by what locks it',
    {
      'pyproject.toml': '[tool.ruff.lint]\n[tool.mypy]\n[ tool.pytest.ini_options ]\r\n',
      'uv.lock': '',
    },
    {
      'lint python': 'uv run ruff check .',
      'typecheck python': 'uv run mypy .',
      'test python': 'uv run python -m pytest',
    },
  ],
  [
    'older places of the same',
    { 'setup.cfg': '[flake8]\n[tool:pytest]\n', 'tox.ini': '[tox]\n' },
    { 'lint python': 'flake8', 'test python': 'python3 -m pytest' },
  ],
  ['tox where nothing else is said', { 'tox.ini': '[testenv:py]\n' }, { 'test python': 'tox' }],
  ['a module of Go', { 'go.mod': 'module x' }, go],
  [
    'a linter of Go that is configured',
    { 'go.mod': 'module x', '.golangci.yml': '' },
    { ...go, 'lint go': 'golangci-lint run' },
  ],
  [
    'a crate',
    { 'Cargo.toml': '[package]' },
    { 'build rust': 'cargo build', 'test rust': 'cargo test' },
  ],
  [
    'a workspace of crates that configures clippy',
    { 'Cargo.toml': '[workspace]\nmembers = []\n[workspace.lints.clippy]\n' },
    {
      'build rust': 'cargo build --workspace',
      'lint rust': 'cargo clippy --workspace',
      'test rust': 'cargo test --workspace',
    },
  ],
  [
    'targets of make where nothing else has a command',
    { 'go.mod': '', Makefile: 'build lint: x\n\ttest: no\nVAR := x\ntypecheck:\n' },
    { ...go, 'typecheck make': 'make typecheck' },
  ],
  [
    'recipes of just that ask for no argument',
    { justfile: '@build:\ntest name:\nlint *flags:\nalias check := x\n' },
    { 'build just': 'just build', 'lint just': 'just lint', 'test just': 'just check' },
  ],
  ['make before just', { makefile: 'test:\n', justfile: 'test:\n' }, { 'test make': 'make test' }],
  ['no Makefile that starts pipelines', { Makefile: 'test:\n\tcodex-orchestrator start\n' }, {}],
  [
    'several in one root',
    { 'package.json': { scripts: { test: 'x' } }, 'go.mod': '', 'pytest.ini': '' },
    { ...go, 'test node': 'npm run test', 'test python': 'python3 -m pytest' },
  ],
])('found: %s', async (_what, files, commands) => {
  expect(await found(files)).toStrictEqual(commands);
});

test('what is missing is said in one sentence', async () => {
  await using rig = await createRig();
  expect(detectCommands(rig.root).remarks).toStrictEqual(['no build, lint or test command found']);
  await rig.write({ Makefile: 'test:\nbuild:\n' });
  expect(detectCommands(rig.root).remarks).toStrictEqual(['no lint command found']);
  await rig.write({ Makefile: 'test:\nbuild:\nlint:\n' });
  expect(detectCommands(rig.root).remarks).toStrictEqual([]);
});

test('neither a pipe nor what lies outside nor what is too large is read, and the last two are said', async () => {
  await using rig = await createRig();
  await rig.write({ 'outside/go.mod': '', 'repository/Cargo.toml': '[package]' });
  const root = rig.path('repository');
  execFileSync('mkfifo', [rig.path('repository/Makefile')]);
  await symlink('../outside/go.mod', rig.path('repository/go.mod'));
  await rig.write({
    'repository/tox.ini': ' '.repeat(1024 * 1024 + 1),
    'repository/real': '[mypy]',
  });
  await symlink('real', rig.path('repository/setup.cfg'));
  const { commands, remarks } = detectCommands(root);
  expect(commands.map(({ command }) => command)).toStrictEqual([
    'cargo build',
    'mypy .',
    'cargo test',
  ]);
  expect(remarks).toHaveLength(3);
  expect(remarks[0]).toContain('`go.mod` were not looked for: Path "go.mod" does not stay inside');
  expect(remarks[1]).toContain('`tox.ini` were not looked for: it is larger than');
  expect(remarks[2]).toBe('no lint command found');
});

test('a package.json that cannot be read or understood is an error: its scripts would be left out unsaid', async () => {
  await using rig = await createRig();
  const expectRefusal = (): void => {
    expect(() => detectCommands(rig.root)).toThrow(
      expect.objectContaining({ code: 'INVALID_PACKAGE_JSON' }) as Error,
    );
  };
  await rig.write({ 'package.json': '{' });
  expectRefusal();
  await rig.write({ 'package.json': ' '.repeat(1024 * 1024 + 1) });
  expectRefusal();
  await rig.write({ 'package.json': '\uFEFF[]' });
  expect(detectCommands(rig.root).commands).toStrictEqual([]);
});
