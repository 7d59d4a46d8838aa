import { existsSync } from 'node:fs';
import { readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { buildBase } from '../src/base/build-base.js';
import type { BuiltBase } from '../src/base/build-base.js';
import { addToCache, isCached, keepNewest } from '../src/base/build-cache.js';
import { buildOrder } from '../src/base/build-order.js';
import type { MissingBase } from '../src/base/find-base.js';
import { isCovered } from '../src/base/lockfile.js';
import { calmEnvironment, commitAll, git } from './base-repository.js';

const env = calmEnvironment();

test('a base is built from its own files, sees its own packages and leaves nothing behind', async () => {
  await using rig = await createRig();
  const commit = await workspace(rig);
  await rig.write({ 'packages/low/src.txt': 'new low', 'packages/top/src.txt': 'new top' });
  const built = await buildOf(rig, commit);
  expect(built).toMatchObject({ hasProject: true, cached: false, externalsRoot: rig.root });
  const dist = await readFile(join(built.root, 'packages/top/dist/index.js'), 'utf8');
  expect(dist).toBe('// old top + old low + external');
  expect(existsSync(join(built.root, 'packages/other'))).toBe(false);
  expect(git(rig, '.', 'worktree', 'list').split('\n')).toHaveLength(1);
  expect(await leftOver()).toEqual([]);
});

test('the second time a base is taken from the cache, and nothing is built', async () => {
  await using rig = await createRig();
  const commit = await workspace(rig);
  await buildOf(rig, commit);
  const said: string[] = [];
  const again = await buildBase({
    ...optionsOf(rig, commit),
    onProgress: (line) => said.push(line),
  });
  expect(again).toMatchObject({ ok: true, value: { cached: true, hasProject: true } });
  expect(said).toEqual([]);
});

test('a build that was changed in the cache, or is there in part, is made again', async () => {
  await using rig = await createRig();
  const commit = await workspace(rig);
  const { root } = await buildOf(rig, commit);
  const dist = join(root, 'packages/low/dist/index.js');
  await writeFile(dist, '// meddled with');
  expect(await isCached(root, 'low')).toBe(false);
  expect(await buildOf(rig, commit)).toMatchObject({ cached: false });
  expect(await readFile(dist, 'utf8')).toBe('// old low');
  await rm(join(root, 'packages/top/content.sha256'));
  expect(await buildOf(rig, commit)).toMatchObject({ cached: false });
});

test('a package that cannot be copied as a whole does not appear in the cache', async () => {
  await using rig = await createRig();
  await rig.write({
    'built/package.json': { name: 'built' },
    'built/dist/a.js': '//',
    'cache/packages/x/file': '',
  });
  await symlink(rig.path('nowhere'), rig.path('built/dist/b.js'));
  await expect(addToCache(rig.path('cache'), 'built', rig.path('built'))).rejects.toThrow();
  expect(await isCached(rig.path('cache'), 'built')).toBe(false);
  expect(await readdir(rig.path('cache'))).toEqual(['packages']);
});

test('what a killed process left of a build and of a worktree is neither used nor kept', async () => {
  await using rig = await createRig();
  const commit = await workspace(rig);
  const folder = `.nx/bench/builds/${commit}`;
  // As a process leaves it that is killed between the packages: no description, one without its mark.
  await rig.write({ [`${folder}/packages/low/dist/index.js`]: '// half' });
  const abandoned = join(tmpdir(), `bench-base-999999999-${String(process.pid)}`, 'base');
  git(rig, '.', 'worktree', 'add', '--quiet', '--detach', abandoned, commit);
  const built = await buildOf(rig, commit);
  expect(built.cached).toBe(false);
  expect(await readFile(join(built.root, 'packages/low/dist/index.js'), 'utf8')).toBe('// old low');
  expect(existsSync(join(abandoned, '..'))).toBe(false);
  expect(git(rig, '.', 'worktree', 'list').split('\n')).toHaveLength(1);
});

test('a base that cannot be built is missing, with what the build said', async () => {
  await using rig = await createRig();
  await workspace(rig);
  await rig.write({ 'packages/low/build.mjs': 'throw new Error("out of order");' });
  const broken = commitAll(rig, '.', 'broken');
  const missing = await missingOf(rig, broken);
  expect(missing.code).toBe('NOT_BUILT');
  expect(missing.message).toContain('out of order');
  expect(git(rig, '.', 'worktree', 'list').split('\n')).toHaveLength(1);
  expect(await leftOver()).toEqual([]);
});

test('a project that the base does not have is said to be missing there', async () => {
  await using rig = await createRig();
  const commit = await workspace(rig);
  await rig.write({ 'packages/young/package.json': { name: '@x/young' } });
  const built = await buildBase({ ...optionsOf(rig, commit), project: 'young' });
  expect(built).toMatchObject({ ok: true, value: { hasProject: false } });
});

test('two that want the same base at once get one build', async () => {
  await using rig = await createRig();
  const commit = await workspace(rig);
  const both = await Promise.all([buildOf(rig, commit), buildOf(rig, commit)]);
  expect(both.map(({ cached }) => cached).sort()).toEqual([false, true]);
});

test('only the newest builds are kept, and the one in use among them', async () => {
  await using rig = await createRig();
  for (const [index, name] of ['a', 'b', 'c', 'd', 'e', 'used'].entries()) {
    await rig.write({ [`builds/${name}/file`]: '' });
    const daysAgo = new Date(Date.now() - (10 - index) * 86_400_000);
    await utimes(rig.path('builds', name), daysAgo, daysAgo);
  }
  await utimes(rig.path('builds/used'), new Date(0), new Date(0));
  await keepNewest(rig.path('builds'), 'used');
  expect((await readdir(rig.path('builds'))).sort()).toEqual(['c', 'd', 'e', 'used']);
});

test('what is installed will do where it has all that the base locked, and more', () => {
  const lock = (externals: Record<string, string>): Parameters<typeof isCovered>[0] => ({
    externals: new Map(Object.entries(externals)),
    links: new Map(),
  });
  const base = lock({ 'node_modules/a': '1.0.0 x' });
  expect(isCovered(base, lock({ 'node_modules/a': '1.0.0 x', 'node_modules/b': '2' }))).toBe(true);
  expect(isCovered(base, lock({ 'node_modules/a': '1.0.1 y' }))).toBe(false);
  expect(isCovered(base, lock({}))).toBe(false);
});

test('packages are built after those that they depend on', () => {
  const one = (name: string, ...dependencies: string[]): Parameters<typeof buildOrder>[0][0] => ({
    name,
    folder: name,
    manifest: { name, dependencies: Object.fromEntries(dependencies.map((d) => [d, '1'])) },
  });
  const levels = buildOrder([
    one('top', 'left', 'right'),
    one('left', 'low'),
    one('right', 'low'),
    one('low'),
  ]);
  expect(levels.map((level) => level.map(({ name }) => name))).toEqual([
    ['low'],
    ['left', 'right'],
    ['top'],
  ]);
});

/**
 * Two packages, one on top of the other, which "bundle" what they depend on as a bundler would: through
 * `node_modules`. A third one is broken and not needed.
 */
async function workspace(rig: Rig): Promise<string> {
  const build = { build: 'node build.mjs' };
  const read = (path: string): string =>
    `readFileSync(new URL('${path}', import.meta.url), 'utf8')`;
  const head =
    "import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';\nmkdirSync('dist', { recursive: true });\n";
  const found = (name: string, file: string): string => read(`../../node_modules/${name}/${file}`);
  await rig.write({
    '.gitignore': 'node_modules\ndist\n.nx\n',
    'package.json': { name: 'root', private: true, workspaces: ['packages/*'] },
    'packages/low/package.json': { name: '@x/low', scripts: build },
    'packages/low/src.txt': 'old low',
    'packages/low/build.mjs': `${head}writeFileSync('dist/index.js', '// ' + ${read('src.txt')});`,
    'packages/top/package.json': {
      name: '@x/top',
      scripts: build,
      dependencies: { '@x/low': '*', external: '*' },
    },
    'packages/top/src.txt': 'old top',
    'packages/top/build.mjs': `${head}const parts = [${read('src.txt')}, ${found('@x/low', 'src.txt')}, ${found('external', 'text')}];\nwriteFileSync('dist/index.js', '// ' + parts.join(' + '));`,
    'packages/other/package.json': { name: '@x/other', scripts: { build: 'exit 1' } },
    'node_modules/external/package.json': { name: 'external', version: '1.0.0' },
    'node_modules/external/text': 'external',
    'node_modules/@x/.keep': '',
  });
  await symlink(rig.path('packages/low'), rig.path('node_modules/@x/low'));
  await symlink(rig.path('packages/top'), rig.path('node_modules/@x/top'));
  return commitAll(rig, '.', 'base');
}

function optionsOf(rig: Rig, commit: string): Parameters<typeof buildBase>[0] {
  return { root: rig.root, commit, project: 'top', env, onProgress: () => undefined };
}

async function buildOf(rig: Rig, commit: string): Promise<BuiltBase> {
  const built = await buildBase(optionsOf(rig, commit));
  if (!built.ok) throw new Error(built.error.message);
  return built.value;
}

async function missingOf(rig: Rig, commit: string): Promise<MissingBase> {
  const built = await buildBase(optionsOf(rig, commit));
  if (built.ok) throw new Error('Expected no base');
  return built.error;
}

async function leftOver(): Promise<string[]> {
  const names = await readdir(tmpdir());
  return names.filter((name) => name.startsWith(`bench-base-${process.pid}-`));
}
