import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { bundleReadmeExample, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

test('the example of the README runs and prints what it says', async () => {
  await using rig = await createRig();
  await using program = await bundleReadmeExample(new URL('../README.md', import.meta.url));
  const options = { cwd: rig.root };
  const { stdout } = await promisify(execFile)(process.execPath, [program.path], options);
  expect(stdout).toBe('succeeded not-needed\n');
  expect(await rig.list('.runs/demo/cli')).toHaveLength(2);
});
