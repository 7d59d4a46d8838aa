import { readTestScript } from './package-scripts.js';
import { findPackageManagers } from './package-managers.js';
import type { PackageManager } from './package-managers.js';
import { objectMember } from './root-view.js';
import type { RootView } from './root-view.js';
import type { Candidate } from './validator.js';

/** One line of the table that validators are detected by. */
export interface DetectionRule {
  /** Of the rules of an ecosystem only the first one that finds something counts. */
  readonly ecosystem: 'node' | 'python' | 'go' | 'rust' | 'make' | 'just';
  /** What has to be in the root, in words. */
  readonly when: string;
  /** The command; `<pm>` stands for the package manager. */
  readonly command: string;
  readonly find: (root: RootView) => readonly Candidate[];
}

/** Names that a Makefile is found by, in make's own order. */
export const makefileNames = ['GNUmakefile', 'makefile', 'Makefile'] as const;

/** Names that a justfile is found by, in whatever case. */
export const justfilePattern = /^\.?justfile$/i;

/**
 * What validators are detected by, in order:
 *
 * | ecosystem | when | command |
 * | --- | --- | --- |
 * | node | a script `test` that is not npm's placeholder | `<pm> test`, for bun `bun run test` |
 * | node | `nx.json` | `npx nx run-many -t test` |
 * | node | `vitest.config.*` or `vitest.workspace.*`; `jest.config.*` or a member `jest` | `npx vitest run`, `npx jest` |
 * | node | a dependency `vitest` or `jest` | `npx vitest run`, `npx jest` |
 * | node | a `packageManager` or a lock file, and no placeholder | `<pm> test` |
 * | python | `pyproject.toml` | `python -m pytest` |
 * | python | `pytest.ini` or `requirements.txt` | `pytest` |
 * | go | `go.mod` | `go test ./...` |
 * | rust | `Cargo.toml` | `cargo test` |
 * | make | a Makefile with a target `test` | `make test` |
 * | just | a justfile with a recipe `test` that needs no arguments | `just test` |
 *
 * The package manager is the one that `packageManager` names, else that of the lock files, else npm. Lock
 * files of two package managers give two candidates.
 */
export const detectionRules: readonly DetectionRule[] = [
  {
    ecosystem: 'node',
    when: "a script `test` in `package.json` that is not npm's placeholder",
    command: '<pm> test',
    find: findTestScript,
  },
  {
    ecosystem: 'node',
    when: '`nx.json`, without a script `test`',
    command: 'npx nx run-many -t test',
    find: (root) => byFiles('npx nx run-many -t test', root.files('nx.json')),
  },
  {
    ecosystem: 'node',
    when: '`vitest.config.*`, `vitest.workspace.*`, `jest.config.*` or a member `jest` of `package.json`, without a script `test`',
    command: 'npx vitest run` or `npx jest',
    find: findRunnerConfigs,
  },
  {
    ecosystem: 'node',
    when: 'a dependency `vitest` or `jest`, without a script `test`',
    command: 'npx vitest run` or `npx jest',
    find: findRunnerDependencies,
  },
  {
    ecosystem: 'node',
    when: "`packageManager` in `package.json`, or a lock file, without npm's placeholder as the script `test`",
    command: '<pm> test',
    find: findBarePackageManagers,
  },
  {
    ecosystem: 'python',
    when: '`pyproject.toml`',
    command: 'python -m pytest',
    find: (root) =>
      root.files('pyproject.toml').length === 0
        ? []
        : byFiles(
            'python -m pytest',
            root.files('pyproject.toml', 'pytest.ini', 'requirements.txt'),
          ),
  },
  {
    ecosystem: 'python',
    when: '`pytest.ini` or `requirements.txt`',
    command: 'pytest',
    find: (root) => byFiles('pytest', root.files('pytest.ini', 'requirements.txt')),
  },
  {
    ecosystem: 'go',
    when: '`go.mod`',
    command: 'go test ./...',
    find: (root) => byFiles('go test ./...', root.files('go.mod')),
  },
  {
    ecosystem: 'rust',
    when: '`Cargo.toml`',
    command: 'cargo test',
    find: (root) => byFiles('cargo test', root.files('Cargo.toml')),
  },
  {
    ecosystem: 'make',
    when: 'a Makefile with a target `test`',
    command: 'make test',
    find: findMakeTarget,
  },
  {
    ecosystem: 'just',
    when: 'a justfile with a recipe `test` that needs no arguments',
    command: 'just test',
    find: findJustRecipe,
  },
];

function byFiles(command: string, files: readonly string[]): readonly Candidate[] {
  return files.map((reason) => ({ command, reason }));
}

function findTestScript(root: RootView): readonly Candidate[] {
  if (readTestScript(root.packageJson).kind !== 'real') return [];
  const managers = findPackageManagers(root);
  const script = 'package.json (scripts.test)';
  if (managers.length === 0) return [{ command: 'npm test', reason: script }];
  return managers.flatMap(({ name, reason }) => {
    // `bun test` is a test runner of its own and leaves the script alone.
    const command = name === 'bun' ? 'bun run test' : `${name} test`;
    return [
      { command, reason: script },
      { command, reason },
    ];
  });
}

function findBarePackageManagers(root: RootView): readonly Candidate[] {
  const isBare = ({ name }: PackageManager): boolean =>
    name === 'bun' || readTestScript(root.packageJson).kind !== 'placeholder';
  return findPackageManagers(root)
    .filter(isBare)
    .map(({ name, reason }) => ({ command: `${name} test`, reason }));
}

function findRunnerConfigs(root: RootView): readonly Candidate[] {
  const jestMember = root.packageJson?.['jest'] === undefined ? [] : ['package.json (member jest)'];
  return [
    ...byFiles('npx vitest run', root.matching(/^vitest\.(?:config|workspace)\.[a-z]+$/)),
    ...byFiles('npx jest', [...root.matching(/^jest\.config\.[a-z]+$/), ...jestMember]),
  ];
}

function findRunnerDependencies(root: RootView): readonly Candidate[] {
  return [
    ...byDependency(root, 'vitest', 'npx vitest run'),
    ...byDependency(root, 'jest', 'npx jest'),
  ];
}

function byDependency(root: RootView, name: string, command: string): readonly Candidate[] {
  const members = ['devDependencies', 'dependencies'].filter((member) =>
    Object.hasOwn(objectMember(root.packageJson, member), name),
  );
  return members.slice(0, 1).map((member) => ({
    command,
    reason: `package.json (${member} ${name})`,
  }));
}

function findMakeTarget(root: RootView): readonly Candidate[] {
  const [name] = root.files(...makefileNames);
  if (name === undefined || !linesOf(root, name).some(isMakeTestTarget)) return [];
  return [{ command: 'make test', reason: `${name} (target test)` }];
}

/** `test: deps`, `check test::`; neither `test := x` nor a line of a recipe. */
function isMakeTestTarget(line: string): boolean {
  const colon = line.indexOf(':');
  if (colon < 0 || /^[\t #]/.test(line) || /^:{0,3}=/.test(line.slice(colon + 1))) return false;
  return line.slice(0, colon).split(/\s+/).includes('test');
}

function findJustRecipe(root: RootView): readonly Candidate[] {
  const [name] = root.matching(justfilePattern);
  if (name === undefined || !linesOf(root, name).some(isJustTestRecipe)) return [];
  return [{ command: 'just test', reason: `${name} (recipe test)` }];
}

/** `test:`, `@test *flags: build`, `test level="1":`, `alias test := check`; not `test name:`. */
function isJustTestRecipe(line: string): boolean {
  if (/^alias\s+test\s*:=/.test(line)) return true;
  const head = /^@?test(?=[\s:])([^:]*):(?!=)/.exec(line);
  if (!head) return false;
  const parameters = (head[1] ?? '').split(/\s+/).filter((word) => word !== '');
  return parameters.every((parameter) => parameter.startsWith('*') || parameter.includes('='));
}

function linesOf(root: RootView, name: string): readonly string[] {
  return (root.text(name) ?? '').split(/\r?\n/);
}
