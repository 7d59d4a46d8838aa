import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { isFreshCheckout } from '../src/fresh-checkout.mjs';

async function commitAll(rig: Rig): Promise<void> {
  await rig.write({ '.gitignore': 'dist\nnode_modules\n', file: '' });
  const git = (...argv: string[]): void => {
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...argv], {
      cwd: rig.root,
    });
  };
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'all');
}

test('a clone is fresh until something is changed, built or installed in it', async () => {
  await using rig = await createRig();
  await commitAll(rig);
  expect(isFreshCheckout(rig.root)).toBe(true);
  await rig.write({ 'dist/built.js': '' });
  expect(isFreshCheckout(rig.root)).toBe(false);
});

test('what is not committed, or has modules, is not fresh', async () => {
  await using rig = await createRig();
  await commitAll(rig);
  await rig.write({ file: 'changed' });
  expect(isFreshCheckout(rig.root)).toBe(false);
  await using other = await createRig();
  await commitAll(other);
  await mkdir(other.path('node_modules'));
  expect(isFreshCheckout(other.root)).toBe(false);
});

test('a folder without git is not known to be fresh', async () => {
  await using rig = await createRig();
  expect(isFreshCheckout(rig.root)).toBe(false);
});
