import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { configFileName, loadConfig } from '../src/index.js';

const config = {
  pipelines: [{ id: 'p', stages: [{ kind: 'command', id: 'a', command: 'true' }] }],
};

test('the config is read from the root', async () => {
  await using rig = await createRig();
  await rig.write({ [configFileName]: config });
  const catalog = loadConfig(rig.root);
  expect(catalog?.path).toBe(rig.path('codex.orchestrator.json'));
  expect(catalog?.source).toBe('user');
  expect(catalog?.pipelines.map(({ id }) => id)).toEqual(['p']);
});

test('a root without a config has none', async () => {
  await using rig = await createRig();
  expect(loadConfig(rig.root)).toBeUndefined();
});

test('a config elsewhere is named relative to the root', async () => {
  await using rig = await createRig();
  await rig.write({ 'config/other.json': config });
  expect(loadConfig(rig.root, { configPath: 'config/other.json' })?.path).toBe(
    rig.path('config/other.json'),
  );
  expect(loadConfig('/', { configPath: rig.path('config/other.json') })).toBeDefined();
});

test('a named config has to be there', async () => {
  await using rig = await createRig();
  expect(() => loadConfig(rig.root, { configPath: 'missing.json' })).toThrow(
    expect.objectContaining({ code: 'CONFIG_NOT_FOUND', path: rig.path('missing.json') }),
  );
});

test('a config that cannot be read says why', async () => {
  await using rig = await createRig();
  await rig.write({ [`${configFileName}/inside`]: '' });
  expect(() => loadConfig(rig.root)).toThrow(
    expect.objectContaining({ code: 'CONFIG_UNREADABLE', path: rig.path(configFileName) }),
  );
});

test('a pipe in the place of the config keeps nobody waiting', async () => {
  await using rig = await createRig();
  execFileSync('mkfifo', [rig.path(configFileName)]);
  expect(() => loadConfig(rig.root)).toThrow(
    expect.objectContaining({
      code: 'CONFIG_UNREADABLE',
      message: `Config "${rig.path(configFileName)}" cannot be read: it is not a file`,
    }),
  );
});

test('a dangling symlink is a missing config', async () => {
  await using rig = await createRig();
  await symlink('nowhere', rig.path(configFileName));
  expect(loadConfig(rig.root)).toBeUndefined();
});

test('a file that is far too large for a config is refused before it is read', async () => {
  await using rig = await createRig();
  await rig.write({ [configFileName]: new Uint8Array(16 * 1024 * 1024 + 1) });
  expect(() => loadConfig(rig.root)).toThrow(
    expect.objectContaining({ code: 'CONFIG_UNREADABLE' }),
  );
});

test('a syntax error names the file', async () => {
  await using rig = await createRig();
  await rig.write({ [configFileName]: '{"pipelines": [}' });
  expect(() => loadConfig(rig.root)).toThrow(
    expect.objectContaining({
      code: 'INVALID_CONFIG',
      path: rig.path(configFileName),
      problems: [
        expect.objectContaining({ code: 'INVALID_JSON', position: { line: 1, column: 16 } }),
      ],
    }),
  );
});
