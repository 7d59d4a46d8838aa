import { createRig, runReadmeExample } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

test('the example of the README runs and prints what it says', async () => {
  await using rig = await createRig();
  const stdout = await runReadmeExample(new URL('../README.md', import.meta.url), {
    cwd: rig.root,
  });
  expect(stdout).toBe('regressed worse than before: duration 1.25\n');
});
