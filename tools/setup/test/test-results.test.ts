import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { closingLine, collectTestResults } from '../src/test-results.mjs';

const result = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
};

test('results of all projects are added up', async () => {
  await using rig = await createRig();
  await rig.write({
    'packages/a/vitest.config.ts': '',
    'packages/a/.vitest/results.json': result,
    'tools/b/vitest.config.ts': '',
    'tools/b/.vitest/results.json': { ...result, success: false, numFailedTests: 2 },
    'tools/no-tests/package.json': '{}',
  });
  const total = collectTestResults(rig.root);
  expect(total).toEqual({ passed: 6, failed: 2, skipped: 2, missing: [] });
  expect(closingLine(total)).toBe('6 passed, 2 failed, 2 skipped');
});

test('a project with tests and without a result is missing, not zero', async () => {
  await using rig = await createRig();
  await rig.write({ 'packages/a/vitest.config.ts': '', 'tools/b/package.json': '{}' });
  expect(collectTestResults(rig.root).missing).toEqual(['packages/a']);
});

test('a run that failed outside of its tests counts as a failure', async () => {
  await using rig = await createRig();
  await rig.write({
    'packages/a/vitest.config.ts': '',
    'packages/a/.vitest/results.json': { ...result, success: false },
    'tools/b/package.json': '{}',
  });
  expect(collectTestResults(rig.root).failed).toBe(1);
});
