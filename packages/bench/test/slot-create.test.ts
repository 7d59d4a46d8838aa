import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { buildHash } from '../src/slot/build-hash.js';
import { createSlot, openSlot } from '../src/slot/create-slot.js';
import { findPackageFolders } from '../src/slot/package-folders.js';
import { slotModules } from '../src/slot/slot-modules.js';

/** A workspace in which `upper` needs `lower` and an external package, and `apart` nothing. */
async function writeWorkspace(rig: Rig): Promise<void> {
  const exports = { '.': { source: './src/index.ts', default: './dist/index.js' } };
  await rig.write({
    'packages/lower/package.json': { name: '@scope/lower', type: 'module', exports },
    'packages/lower/dist/index.js': 'export const lower = 1;',
    'packages/lower/dist/index.d.ts': 'export const lower: number;',
    'packages/lower/dist/index.js.map': '{}',
    'packages/upper/package.json': {
      ...{ name: '@scope/upper', type: 'module' },
      exports: { ...exports, './more': './dist/more.js', './gone': './dist/gone.js' },
      dependencies: { '@scope/lower': '1', external: '1' },
    },
    'packages/upper/dist/index.js': `
      export { lower } from '@scope/lower';
      export { external } from 'external';`,
    'packages/upper/dist/more.js': 'export const more = 2;',
    'packages/apart/package.json': { name: '@scope/apart', exports },
    'packages/codex-orchestrator/package.json': {
      name: 'codex-orchestrator',
      bin: { 'codex-orchestrator': './bin/start.cjs' },
      devDependencies: { '@scope/lower': '1' },
    },
    'packages/codex-orchestrator/bin/start.cjs': '',
    'packages/codex-orchestrator/dist/main.cjs': '',
    'node_modules/external/package.json': {
      ...{ name: 'external', version: '1.2.3', type: 'module', main: './index.js' },
    },
    'node_modules/external/index.js': 'export const external = 3;',
  });
}

test('a slot has the packages that a project needs, and runs them', async () => {
  await using rig = await createRig();
  await writeWorkspace(rig);
  const folder = rig.path('slot');
  const slot = await createSlot({ root: rig.root, project: 'upper', folder });
  expect(slot.packages.map(({ name }) => name)).toEqual(['@scope/lower', '@scope/upper']);
  expect(await rig.list('slot/node_modules/@scope/lower')).toEqual([
    'slot/node_modules/@scope/lower/dist/index.js',
    'slot/node_modules/@scope/lower/package.json',
  ]);
  const { load } = slotModules(folder);
  expect({ ...(await load('@scope/upper')) }).toEqual({ lower: 1, external: 3 });
  expect({ ...(await load('@scope/upper/more')) }).toEqual({ more: 2 });
});

test('a slot says which package, entry or command line it does not have', async () => {
  await using rig = await createRig();
  await writeWorkspace(rig);
  await createSlot({ root: rig.root, project: 'upper', folder: rig.path('slot') });
  const { load, commandLine } = slotModules(rig.path('slot'));
  for (const specifier of ['@scope/apart', '@scope/upper/none', '@scope/upper/gone']) {
    await expect(load(specifier)).rejects.toMatchObject({ code: 'API_MISSING' });
  }
  await expect(commandLine()).rejects.toMatchObject({ code: 'API_MISSING' });
});

test('a slot of the command line has its launcher and what it is bundled of', async () => {
  await using rig = await createRig();
  await writeWorkspace(rig);
  const folder = rig.path('slot');
  await createSlot({ root: rig.root, project: 'codex-orchestrator', folder });
  const launcher = 'slot/node_modules/codex-orchestrator/bin/start.cjs';
  expect(await slotModules(folder).commandLine()).toBe(rig.path(launcher));
  expect({ ...(await slotModules(folder).load('@scope/lower')) }).toEqual({ lower: 1 });
});

test('what is not there or not built is said', async () => {
  await using rig = await createRig();
  await writeWorkspace(rig);
  const folder = rig.path('slot');
  const create = (project: string) => createSlot({ root: rig.root, project, folder });
  await expect(create('none')).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' });
  await expect(create('apart')).rejects.toMatchObject({
    code: 'BUILD_MISSING',
    path: rig.path('packages/apart/dist'),
  });
});

test('the hash of a build is that of its slot', async () => {
  await using rig = await createRig();
  await writeWorkspace(rig);
  const options = { root: rig.root, project: 'upper' };
  const first = await createSlot({ ...options, folder: rig.path('first') });
  const opened = await openSlot(rig.path('first'), ['@scope/upper', '@scope/lower']);
  expect(first.buildHash).toMatch(/^[0-9a-f]{64}$/);
  expect(opened.buildHash).toBe(first.buildHash);
});

test.each([
  ['a program', 'packages/lower/dist/index.js', 'export const lower = 2;', true],
  ['a further program', 'packages/upper/dist/chunk.js', '', true],
  [
    'the version of an external package',
    'node_modules/external/package.json',
    { version: '1.2.4' },
    true,
  ],
  ['a declaration', 'packages/lower/dist/index.d.ts', 'changed', false],
  ['a map', 'packages/lower/dist/index.js.map', 'changed', false],
  ['a source', 'packages/lower/src/index.ts', 'changed', false],
  ['a package that is not needed', 'packages/apart/dist/index.js', 'changed', false],
])('the hash of a build knows of %s', async (_what, path, content, known) => {
  await using rig = await createRig();
  await writeWorkspace(rig);
  const hash = async () => buildHash(await findPackageFolders(rig.root, 'upper'), rig.root);
  const before = await hash();
  await rig.write({ [path]: content });
  expect((await hash()) !== before).toBe(known);
});
