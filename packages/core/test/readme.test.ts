import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { bundleReadmeExample, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

test('the example of the README runs and prints what it says', async () => {
  await using rig = await createRig();
  await using program = await bundleReadmeExample(new URL('../README.md', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program.path], {
    env: { ...process.env, TMPDIR: rig.root },
  });
  expect(stdout.split('\n')).toEqual([
    "{ status: 'running' }",
    '0 {"run":1}',
    '10 {"run":2}',
    '20 false',
    '',
  ]);
});
