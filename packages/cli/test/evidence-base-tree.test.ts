import { execFile } from 'node:child_process';
import { lstat, mkdir, readdir, realpath, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { openBaseTree } from '../src/evidence/base-tree.js';
import type { BaseTree } from '../src/evidence/base-tree.js';
import { linkModules } from '../src/evidence/link-modules.js';
import { readCommit } from '../src/run-facts/read-commit.js';
import { findWorkspace } from '../src/workspace.js';

async function git(rig: Rig, ...argv: string[]): Promise<string> {
  const identity = ['-c', 'user.name=n', '-c', 'user.email=e@example.org'];
  const { stdout } = await promisify(execFile)('git', [...identity, ...argv], { cwd: rig.root });
  return stdout.trim();
}

/** Two commits: `speed` says slow, then fast; the root of the workspace lies below that of git. */
async function repository(): Promise<Rig> {
  const rig = await createRig();
  await git(rig, 'init', '-q');
  await rig.write({ 'app/codex.orchestrator.json': '{}', 'app/speed': 'slow' });
  await git(rig, 'add', '-A');
  await git(rig, 'commit', '-q', '-m', 'one');
  await git(rig, 'tag', 'old');
  await rig.write({ 'app/speed': 'fast' });
  await git(rig, 'commit', '-q', '-am', 'two');
  return rig;
}

function open(rig: Rig, against: string, signal = new AbortController().signal): Promise<BaseTree> {
  const cwd = rig.path('app');
  const workspace = findWorkspace({ env: {}, cwd });
  return openBaseTree({ against, workspace, cwd, env: { PATH: process.env['PATH'] }, signal });
}

test('a commit gets a work tree of its own, whose runs belong to the workspace, and which goes away', async () => {
  await using rig = await repository();
  const tree = await open(rig, 'old');
  const { root, runsDir, outDir, configPath } = tree.workspace;
  expect(await (await import('node:fs/promises')).readFile(join(root, 'speed'), 'utf8')).toBe(
    'slow',
  );
  expect({ runsDir, outDir }).toStrictEqual({
    runsDir: rig.path('app/.runs'),
    outDir: rig.path('app/out'),
  });
  expect(configPath).toBe(join(root, 'codex.orchestrator.json'));
  expect(readCommit(root)).toBe(await git(rig, 'rev-parse', 'old'));
  await tree[Symbol.asyncDispose]();
  await expect(lstat(root)).rejects.toMatchObject({ code: 'ENOENT' });
  expect((await git(rig, 'worktree', 'list')).split('\n')).toHaveLength(1);
});

test('a tree without the configuration runs with that of the workspace, and says so', async () => {
  await using rig = await repository();
  await git(rig, 'mv', 'app/codex.orchestrator.json', 'app/other.json');
  await git(rig, 'commit', '-q', '-m', 'three');
  await git(rig, 'tag', 'bare');
  await rig.write({ 'app/codex.orchestrator.json': '{}' });
  await using tree = await open(rig, 'bare');
  expect(tree.workspace.configPath).toBe(rig.path('app/codex.orchestrator.json'));
  expect(tree.remarks).toStrictEqual([
    '`bare` has no codex.orchestrator.json: its runs use that of this tree',
  ]);
});

test('a folder is taken as it is', async () => {
  await using rig = await repository();
  await rig.write({ 'copy/codex.orchestrator.json': '{}' });
  await using tree = await open(rig, '../copy');
  expect(tree.workspace.root).toBe(await realpath(rig.path('copy')));
  await tree[Symbol.asyncDispose]();
  expect(await readdir(rig.path('copy'))).toStrictEqual(['codex.orchestrator.json']);
  await expect(open(rig, '.')).rejects.toMatchObject({ code: 'BASE_UNAVAILABLE' });
});

test.each(['no-such-commit', '--help', 'HEAD:app'])(
  'against %s there is nothing to run, and nothing is left behind',
  async (against) => {
    await using rig = await repository();
    await expect(open(rig, against)).rejects.toMatchObject({ code: 'BASE_UNAVAILABLE' });
    expect((await git(rig, 'worktree', 'list')).split('\n')).toHaveLength(1);
  },
);

test('a signal while the work tree is made leaves nothing behind', async () => {
  await using rig = await repository();
  const controller = new AbortController();
  const opening = open(rig, 'old', controller.signal);
  controller.abort('SIGINT');
  await expect(opening).rejects.toBe('SIGINT');
  expect((await git(rig, 'worktree', 'list')).split('\n')).toHaveLength(1);
});

const manifest = '{"name":"root","workspaces":["packages/*"]}';

/** Modules as npm installs them: a dependency, a scope, programs, and packages of the repository. */
async function installed(rig: Rig): Promise<void> {
  await rig.write({
    'here/package.json': manifest,
    'here/package-lock.json': '{"lock":1}',
    'here/node_modules/left/index.js': 'left',
    'here/node_modules/@scope/right/index.js': 'right',
    'here/packages/own/package.json': '{"name":"@scope/own"}',
    'here/packages/own/cli.js': 'here',
    'here/packages/own/node_modules/inner/index.js': 'inner',
    'there/package.json': manifest,
    'there/package-lock.json': '{"lock":1}',
    'there/packages/own/package.json': '{"name":"@scope/own"}',
    'there/packages/own/cli.js': 'there',
  });
  await symlink('../../packages/own', rig.path('here/node_modules/@scope/own'));
  await mkdir(rig.path('here/node_modules/.bin'));
  await symlink('../../packages/own/cli.js', rig.path('here/node_modules/.bin/own'));
  await symlink('../left/index.js', rig.path('here/node_modules/.bin/left'));
}

test('modules are lent where the lock file is the same, and packages of the repository stay its own', async () => {
  await using rig = await createRig();
  await installed(rig);
  expect(linkModules({ from: rig.path('here'), to: rig.path('there') })).toBeUndefined();
  const read = (path: string): Promise<string> => rig.read(`there/${path}`);
  expect(await read('node_modules/left/index.js')).toBe('left');
  expect(await read('node_modules/@scope/right/index.js')).toBe('right');
  expect(await read('node_modules/.bin/left')).toBe('left');
  expect(await read('node_modules/@scope/own/cli.js')).toBe('there');
  expect(await read('node_modules/.bin/own')).toBe('there');
  expect(await read('packages/own/node_modules/inner/index.js')).toBe('inner');
});

test('modules are not lent to another lock file, and what is missing is said', async () => {
  await using rig = await createRig();
  await installed(rig);
  await rig.write({ 'there/package-lock.json': '{"lock":2}' });
  const missing = linkModules({ from: rig.path('here'), to: rig.path('there') });
  expect(missing).toContain('its package-lock.json is another one');
  expect(await readdir(rig.path('there'))).not.toContain('node_modules');
});

test('a tree without a package.json needs no modules', async () => {
  await using rig = await createRig();
  await rig.write({ 'here/x': '', 'there/x': '' });
  expect(linkModules({ from: rig.path('here'), to: rig.path('there') })).toBeUndefined();
});
