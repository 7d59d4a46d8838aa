import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { digestInputs, staleBuild } from '../src/ensure-built.mjs';
import { staleInstall } from '../src/ensure-installed.mjs';

const lock = {
  packages: {
    '': { name: 'workspace' },
    'packages/a': { version: '0.1.0' },
    'node_modules/zod': { version: '4.6.7' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
};

test('an install is needed when nothing is installed yet', async () => {
  await using rig = await createRig();
  await rig.write({ 'package-lock.json': lock });
  expect(staleInstall(rig.root)).toBe('nothing is installed yet');
});

test('an install that matches the lock file is left alone, absent optional packages included', async () => {
  await using rig = await createRig();
  await rig.write({
    'package-lock.json': lock,
    'node_modules/.package-lock.json': { packages: { 'node_modules/zod': { version: '4.6.7' } } },
  });
  expect(staleInstall(rig.root)).toBeUndefined();
});

test('an install at another version is named with the version that is locked', async () => {
  await using rig = await createRig();
  await rig.write({
    'package-lock.json': lock,
    'node_modules/.package-lock.json': { packages: { 'node_modules/zod': { version: '4.0.0' } } },
  });
  expect(staleInstall(rig.root)).toBe('node_modules/zod is not at 4.6.7');
});

const sources = {
  'package-lock.json': '{}',
  'tsconfig.base.json': '{}',
  'tsup.base.ts': '',
  'nx.json': '{}',
  'packages/a/package.json': '{}',
  'packages/a/src/index.ts': 'export {};\n',
};
const stampPath = 'node_modules/.cache/codex-orchestrator/build.json';

test('a build is needed before the first one, after a change and after an output was removed', async () => {
  await using rig = await createRig();
  await rig.write(sources);
  const inputs = digestInputs(rig.root);
  expect(staleBuild(rig.root, inputs)).toBe('nothing is built yet');

  const output = 'packages/a/dist/index.js';
  await rig.write({ [stampPath]: { inputs, outputs: [output] } });
  expect(staleBuild(rig.root, inputs)).toBe(`${output} is missing`);

  await rig.write({ [output]: '' });
  expect(staleBuild(rig.root, digestInputs(rig.root))).toBeUndefined();

  await rig.write({ 'packages/a/src/index.ts': 'export const changed = 1;\n' });
  expect(staleBuild(rig.root, digestInputs(rig.root))).toBe('sources have changed');
});

test('tests and documents are no inputs of a build', async () => {
  await using rig = await createRig();
  await rig.write(sources);
  const before = digestInputs(rig.root);
  await rig.write({ 'packages/a/test/a.test.ts': '', 'packages/a/README.md': '' });
  expect(digestInputs(rig.root)).toBe(before);
});

test('a stamp that was cut off counts as no build', async () => {
  await using rig = await createRig();
  await rig.write({ ...sources, [stampPath]: '{"inputs": "abc' });
  expect(staleBuild(rig.root, digestInputs(rig.root))).toBe('nothing is built yet');
});
