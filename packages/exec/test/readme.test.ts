import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { bundleReadmeExample } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

test('the example of the README runs and prints what it says', async () => {
  await using program = await bundleReadmeExample(new URL('../README.md', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program.path]);
  expect(stdout).toBe("{ kind: 'exited', exitCode: 0 }\nbuilding\ndone\n\ntrue terminated\n");
});
