import { runReadmeExample } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

test('the example of the README runs and prints what it says', async () => {
  const stdout = await runReadmeExample(new URL('../README.md', import.meta.url));
  expect(stdout).toBe("{ kind: 'exited', exitCode: 0 }\nbuilding\ndone\n\ntrue terminated\n");
});
