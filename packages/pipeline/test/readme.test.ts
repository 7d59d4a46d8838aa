import { createRig, runReadmeExample } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

test('the example of the README runs as printed', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': {
      pipelines: [
        { id: 'diagnostics', stages: [{ kind: 'command', id: 'test', command: 'echo tested' }] },
      ],
    },
  });
  const readme = new URL('../README.md', import.meta.url);
  const stdout = await runReadmeExample(readme, { cwd: rig.root });
  expect(stdout).toMatch(/^succeeded \.runs\/demo\/cli\/[^/]+\/manifest\.json\n$/);
});
