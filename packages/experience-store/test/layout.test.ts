import { join, resolve } from 'node:path';

import { expect, test } from 'vitest';

import { createExperienceLayout } from '../src/layout.js';

test('what a task taught lies with its results, and the lock with its runs', () => {
  const layout = createExperienceLayout({ taskId: 't', runsDir: '.runs', outDir: 'out' });
  expect(layout).toMatchObject({
    logPath: resolve('out/t/experiences.jsonl'),
    indexPath: resolve('out/t/experiences.top.json'),
    lockPath: resolve('.runs/t.experiences.lock'),
  });
  expect(layout.domainPath('ab12')).toBe(join(resolve('out/t/experiences.top'), 'ab12.json'));
});
