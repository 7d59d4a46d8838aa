import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';

import { expect, test } from 'vitest';

import { createRig } from '../src/index.js';
import { cheapestParent, openTestFolder } from '../src/test-folder.js';

test('temp folders are in the test folder while it is open, and go with it', async () => {
  await using rig = await createRig();
  const before = { temp: tmpdir(), bundles: process.env['TEST_BUNDLES'] };
  const folder = openTestFolder(rig.root);
  const inner = await createRig();
  await inner.write({ left: 'behind' });
  expect(dirname(inner.root)).toBe(tmpdir());
  expect(dirname(tmpdir())).toBe(rig.root);
  folder[Symbol.dispose]();
  expect(await rig.list()).toStrictEqual([]);
  expect({ temp: tmpdir(), bundles: process.env['TEST_BUNDLES'] }).toStrictEqual(before);
});

test('what a killed run of tests left is removed by the next, that of a live one is not', async () => {
  await using rig = await createRig();
  const { pid: dead } = spawnSync('true');
  const others = [`tests-${process.ppid}-abc`, 'tests-of-somebody', `tests-${dead}`];
  for (const name of [...others, `tests-${dead}-abc`]) await rig.write({ [`${name}/file`]: '' });
  openTestFolder(rig.root)[Symbol.dispose]();
  expect(await rig.list()).toStrictEqual(others.map((name) => `${name}/file`).sort());
});

test('whoever names a temp folder gets it', () => {
  // This very run has named one.
  expect(cheapestParent()).toBe(tmpdir());
  expect(existsSync(cheapestParent())).toBe(true);
});
