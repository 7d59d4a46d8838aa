import { createRig, runReadmeExample } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

test('the example of the README runs and prints what it says', async () => {
  await using rig = await createRig();
  const stdout = await runReadmeExample(new URL('../README.md', import.meta.url), {
    env: { TMPDIR: rig.root },
  });
  expect(stdout.split('\n')).toEqual([
    "{ status: 'running' }",
    '0 {"run":1}',
    '10 {"run":2}',
    '20 false',
    '',
  ]);
});
