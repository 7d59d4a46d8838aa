import { createRig, runReadmeExample } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

test('the example of the README runs and prints what it says', async () => {
  await using rig = await createRig();
  const readme = new URL('../README.md', import.meta.url);
  const stdout = await runReadmeExample(readme, { cwd: rig.root });
  expect(stdout).toBe('succeeded not-needed\n');
  expect(await rig.list('.runs/demo/cli')).toHaveLength(3);
});
