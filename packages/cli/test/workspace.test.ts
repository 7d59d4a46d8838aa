import { mkdir } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { resolveTask } from '../src/task.js';
import { findWorkspace } from '../src/workspace.js';

test('the root is the nearest folder with a configuration, even inside a repository', async () => {
  await using rig = await createRig();
  await rig.write({
    '.git/HEAD': '',
    'codex.orchestrator.json': '{}',
    'packages/a/codex.orchestrator.json': '{}',
    'packages/a/src/x.ts': '',
    'packages/b/x.ts': '',
  });
  expect(findWorkspace({ env: {}, cwd: rig.path('packages/a/src') })).toMatchObject({
    root: rig.path('packages/a'),
    foundBy: 'codex.orchestrator.json',
    runsDir: rig.path('packages/a/.runs'),
    outDir: rig.path('packages/a/out'),
  });
  expect(findWorkspace({ env: {}, cwd: rig.path('packages/b') }).root).toBe(rig.root);
});

test('without a configuration the root is the repository, also where .git is a file', async () => {
  await using rig = await createRig();
  await rig.write({ '.git': 'gitdir: elsewhere', 'src/deep/x.ts': '' });
  expect(findWorkspace({ env: {}, cwd: rig.path('src/deep') })).toMatchObject({
    root: rig.root,
    foundBy: '.git',
  });
});

test('an empty folder .git makes no repository, as for git itself', async () => {
  await using rig = await createRig();
  await rig.write({ '.git/HEAD': 'ref: refs/heads/main', 'a/b/x.ts': '' });
  await mkdir(rig.path('a/.git'));
  expect(findWorkspace({ env: {}, cwd: rig.path('a/b') })).toMatchObject({
    root: rig.root,
    foundBy: '.git',
  });
});

test('variables name the root, the folders and the configuration; empty ones count as unset', async () => {
  await using rig = await createRig();
  await mkdir(rig.path('there'));
  const env = {
    CODEX_ORCHESTRATOR_ROOT: 'there',
    CODEX_ORCHESTRATOR_RUNS_DIR: 'records',
    CODEX_ORCHESTRATOR_OUT_DIR: '',
    CODEX_ORCHESTRATOR_REPO_CONFIG_PATH: 'config/ci.json',
  };
  expect(findWorkspace({ env, cwd: rig.root })).toStrictEqual({
    root: rig.path('there'),
    foundBy: 'CODEX_ORCHESTRATOR_ROOT',
    configPath: rig.path('there/config/ci.json'),
    isConfigNamed: true,
    runsDir: rig.path('there/records'),
    outDir: rig.path('there/out'),
  });
});

test('a root that is no folder is refused', async () => {
  await using rig = await createRig();
  const env = { CODEX_ORCHESTRATOR_ROOT: 'missing' };
  expect(() => findWorkspace({ env, cwd: rig.root })).toThrow(
    expect.objectContaining({ code: 'NO_WORKSPACE' }),
  );
});

test.each([
  ['flag', { flag: '0101', env: { MCP_RUNNER_TASK_ID: 'b' }, root: '/x/My Repo' }, '0101'],
  ['MCP_RUNNER_TASK_ID', { flag: undefined, env: { MCP_RUNNER_TASK_ID: 'b' }, root: '/x/y' }, 'b'],
  ['folder', { flag: undefined, env: { MCP_RUNNER_TASK_ID: '' }, root: '/x/My Repo!' }, 'my-repo'],
  ['folder', { flag: undefined, env: {}, root: '/' }, 'adhoc'],
  ['folder', { flag: undefined, env: {}, root: '/x/漢字' }, 'adhoc'],
  ['folder', { flag: undefined, env: {}, root: '/x/con' }, 'adhoc'],
])('the task comes from the %s', (source, sources, taskId) => {
  expect(resolveTask(sources)).toStrictEqual({ taskId, source });
});

test.each(['..', 'a/b', '', 'a:b', '.hidden'])('the task %j is refused', (flag) => {
  expect(() => resolveTask({ flag, env: {}, root: '/x' })).toThrow(
    expect.objectContaining({ code: 'INVALID_ID' }),
  );
});
