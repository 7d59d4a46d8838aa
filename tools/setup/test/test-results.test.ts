import { join } from 'node:path';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { closingLine, collectTestResults } from '../src/test-results.mjs';

const result = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 0,
  testResults: [],
};

test('results of all projects are added up', async () => {
  await using rig = await createRig();
  await rig.write({
    'packages/a/vitest.config.ts': '',
    'packages/a/.vitest/results.json': result,
    'tools/b/vitest.config.ts': '',
    'tools/b/.vitest/results.json': result,
    'tools/no-tests/package.json': '{}',
  });
  const total = collectTestResults(rig.root);
  expect(total).toEqual({ passed: 6, failed: 0, skipped: 2, missing: [], failures: [] });
  expect(closingLine(total)).toBe('6 passed, 0 failed, 2 skipped');
});

test('a project with tests and without a result is missing, not zero', async () => {
  await using rig = await createRig();
  await rig.write({ 'packages/a/vitest.config.ts': '', 'tools/b/package.json': '{}' });
  const { missing, failures } = collectTestResults(rig.root);
  expect(missing).toEqual(['packages/a']);
  expect(failures).toEqual(['packages/a: left no result']);
});

test('a run that failed outside of its tests counts as a failure', async () => {
  await using rig = await createRig();
  await rig.write({
    'packages/a/vitest.config.ts': '',
    'packages/a/.vitest/results.json': { ...result, success: false },
    'tools/b/package.json': '{}',
  });
  const { failed, failures } = collectTestResults(rig.root);
  expect(failed).toBe(1);
  expect(failures).toEqual(['packages/a: failed outside of its tests']);
});

test('what failed is named by file and test, with the first line of its reason', async () => {
  await using rig = await createRig();
  const testResults = [
    {
      name: join(rig.root, 'packages/a/test/sums.test.ts'),
      status: 'failed',
      assertionResults: [
        { fullName: 'sums add up', status: 'failed', failureMessages: ['expected 1\n    at x.ts'] },
        { fullName: 'sums are read', status: 'passed', failureMessages: [] },
      ],
    },
    {
      name: join(rig.root, 'packages/a/test/broken.test.ts'),
      status: 'failed',
      message: 'Cannot find module\n    at y.ts',
      assertionResults: [],
    },
    {
      name: join(rig.root, 'packages/a/test/fine.test.ts'),
      status: 'passed',
      assertionResults: [],
    },
  ];
  await rig.write({
    'packages/a/vitest.config.ts': '',
    'packages/a/.vitest/results.json': {
      ...result,
      success: false,
      numFailedTests: 1,
      testResults,
    },
    'tools/b/package.json': '{}',
  });
  const { failed, failures } = collectTestResults(rig.root);
  expect(failed).toBe(1);
  expect(failures).toEqual([
    'packages/a/test/sums.test.ts > sums add up: expected 1',
    'packages/a/test/broken.test.ts: Cannot find module',
  ]);
});
