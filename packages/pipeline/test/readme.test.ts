import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { bundleReadmeExample, createRig } from '@codex-orchestrator/testing';
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
  await using example = await bundleReadmeExample(new URL('../README.md', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [example.path], { cwd: rig.root });
  expect(stdout).toMatch(/^succeeded \.runs\/demo\/cli\/[^/]+\/manifest\.json\n$/);
});
