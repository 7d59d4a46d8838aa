import { readNodeScripts, startsItself } from './node-scripts.js';
import type { NodeScripts } from './node-scripts.js';
import { hasSection, pythonRunner } from './python-project.js';
import type { RepositoryFiles } from './repository-files.js';
import { callsItself, hasJustRecipe, hasMakeTarget, justfiles, makefiles } from './task-files.js';

/** What a repository is checked by, in the order in which people read it. */
export const checks = ['build', 'lint', 'typecheck', 'test'] as const;
export type Check = (typeof checks)[number];

/** Those before `make` stand beside each other; the last two are asked where none of the others has a command. */
export const ecosystems = ['node', 'python', 'go', 'rust', 'make', 'just'] as const;
export type Ecosystem = (typeof ecosystems)[number];

/** A command of the repository itself. */
export interface FoundCommand {
  readonly check: Check;
  readonly ecosystem: Ecosystem;
  readonly command: string;
  /** Where it stands, such as `package.json scripts.build`. */
  readonly origin: string;
}

/** One line of the table that commands are found by: of an ecosystem and a check the first that finds one. */
export interface CommandRule {
  readonly ecosystem: Ecosystem;
  readonly check: Check;
  readonly find: (files: RepositoryFiles) => Found | undefined;
}

type Found = Pick<FoundCommand, 'command' | 'origin'>;

/**
 * | ecosystem | build | lint | typecheck | test |
 * | --- | --- | --- | --- | --- |
 * | node: scripts | `build`, `compile` | `lint` | `typecheck`, `type-check`, `check-types`, `tsc` | `test` |
 * | python: configured | | `ruff check .`, `flake8` | `mypy .`, `pyright` | `python3 -m pytest`, `tox` |
 * | go: `go.mod` | `go build ./...` | `golangci-lint run` with its configuration, else `go vet ./...` | | `go test ./...` |
 * | rust: `Cargo.toml` | `cargo build` | `cargo clippy` where it is configured | | `cargo test` |
 * | make, just: targets | `build` | `lint` | `typecheck`, `type-check` | `test`, `check` |
 *
 * Scripts are run by the package manager of the repository, tools of Python by what its lock file belongs
 * to. What starts this program is not taken: it would start itself without end.
 */
export function commandRules(): readonly CommandRule[] {
  return [
    ...nodeRule('build', ['build', 'compile']),
    ...nodeRule('lint', ['lint']),
    ...nodeRule('typecheck', ['typecheck', 'type-check', 'check-types', 'tsc']),
    ...nodeRule('test', ['test']),
    pythonRule('lint', 'ruff check .', [
      'ruff.toml',
      '.ruff.toml',
      ['pyproject.toml', 'tool.ruff'],
    ]),
    pythonRule('lint', 'flake8', ['.flake8', ['setup.cfg', 'flake8'], ['tox.ini', 'flake8']]),
    pythonRule('typecheck', 'mypy .', [
      'mypy.ini',
      '.mypy.ini',
      ['pyproject.toml', 'tool.mypy'],
      ['setup.cfg', 'mypy'],
    ]),
    pythonRule('typecheck', 'pyright', ['pyrightconfig.json', ['pyproject.toml', 'tool.pyright']]),
    pythonRule('test', 'python -m pytest', [
      'pytest.ini',
      '.pytest.ini',
      ['pyproject.toml', 'tool.pytest'],
      ['tox.ini', 'pytest'],
      ['setup.cfg', 'tool:pytest'],
      'conftest.py',
    ]),
    pythonRule('test', 'tox', [
      ['tox.ini', 'tox'],
      ['tox.ini', 'testenv'],
      ['pyproject.toml', 'tool.tox'],
    ]),
    fileRule('go', 'build', 'go build ./...', ['go.mod']),
    golangciRule(),
    fileRule('go', 'lint', 'go vet ./...', ['go.mod']),
    fileRule('go', 'test', 'go test ./...', ['go.mod']),
    cargoRule('build', 'build'),
    cargoRule('lint', 'clippy'),
    cargoRule('test', 'test'),
    ...targetRules('build', ['build']),
    ...targetRules('lint', ['lint']),
    ...targetRules('typecheck', ['typecheck', 'type-check']),
    ...targetRules('test', ['test', 'check']),
  ];
}

function nodeRule(check: Check, names: readonly string[]): CommandRule[] {
  const find = (files: RepositoryFiles): Found | undefined => {
    const { scripts, packageManager } = readNodeScripts(files);
    const name = names.find((wanted) => isRealScript(scripts, wanted));
    if (name === undefined) return undefined;
    return { command: `${packageManager} run ${name}`, origin: `package.json scripts.${name}` };
  };
  return [{ ecosystem: 'node', check, find }];
}

/** `npm init` writes a test script whose only job is to fail. */
function isRealScript(scripts: NodeScripts['scripts'], name: string): boolean {
  const line = Object.hasOwn(scripts, name) ? (scripts[name] ?? '').trim() : '';
  return line !== '' && !line.includes('no test specified') && !startsItself(scripts, [name]);
}

/** A file that is enough by itself, or one and the section in it that is. */
type Sign = string | readonly [file: string, section: string];

function pythonRule(check: Check, command: string, signs: readonly Sign[]): CommandRule {
  const find = (files: RepositoryFiles): Found | undefined => {
    const sign = signs.find((wanted) =>
      typeof wanted === 'string' ? files.has(wanted) : hasSection(files.text(wanted[0]), wanted[1]),
    );
    if (sign === undefined) return undefined;
    const origin = typeof sign === 'string' ? sign : `${sign[0]} [${sign[1]}]`;
    return { command: pythonRunner(files, command), origin };
  };
  return { ecosystem: 'python', check, find };
}

function fileRule(
  ecosystem: Ecosystem,
  check: Check,
  command: string,
  names: readonly string[],
): CommandRule {
  return {
    ecosystem,
    check,
    find(files) {
      const origin = names.find((name) => files.has(name));
      return origin === undefined ? undefined : { command, origin };
    },
  };
}

const golangciFiles = ['yml', 'yaml', 'toml', 'json'].map((ending) => `.golangci.${ending}`);

function golangciRule(): CommandRule {
  const { find, ...rule } = fileRule('go', 'lint', 'golangci-lint run', golangciFiles);
  return { ...rule, find: (files) => (files.has('go.mod') ? find(files) : undefined) };
}

/** In a workspace the package of the root is one of many. */
function cargoRule(check: Check, subcommand: 'build' | 'clippy' | 'test'): CommandRule {
  const find = (files: RepositoryFiles): Found | undefined => {
    if (!files.has('Cargo.toml')) return undefined;
    const text = files.text('Cargo.toml');
    const scope = hasSection(text, 'workspace') ? ' --workspace' : '';
    const found = { command: `cargo ${subcommand}${scope}`, origin: 'Cargo.toml' };
    if (subcommand !== 'clippy') return found;
    const file = ['clippy.toml', '.clippy.toml'].find((name) => files.has(name));
    if (file !== undefined) return { ...found, origin: file };
    const sections = ['lints.clippy', 'workspace.lints.clippy'];
    return sections.some((section) => hasSection(text, section)) ? found : undefined;
  };
  return { ecosystem: 'rust', check, find };
}

function targetRules(check: Check, names: readonly string[]): CommandRule[] {
  return [
    {
      ecosystem: 'make',
      check,
      find: (files) => findTarget(files, names, { program: 'make', files: makefiles }),
    },
    {
      ecosystem: 'just',
      check,
      find: (files) => findTarget(files, names, { program: 'just', files: justfiles }),
    },
  ];
}

interface TaskProgram {
  readonly program: 'just' | 'make';
  readonly files: readonly string[];
}

function findTarget(
  files: RepositoryFiles,
  names: readonly string[],
  { program, files: wanted }: TaskProgram,
): Found | undefined {
  const file = wanted.find((name) => files.has(name));
  const text = file === undefined ? '' : files.text(file);
  if (file === undefined || callsItself(text)) return undefined;
  const has = program === 'make' ? hasMakeTarget : hasJustRecipe;
  const name = names.find((target) => has(text, target));
  return name === undefined
    ? undefined
    : { command: `${program} ${name}`, origin: `${file} ${name}` };
}
