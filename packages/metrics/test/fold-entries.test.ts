import { expect, test } from 'vitest';

import { buildDocuments } from '../src/fold/documents.js';
import { foldEntries } from '../src/fold/fold-entries.js';

test('counts the last attempt of each run', () => {
  const { finished } = foldEntries([
    { run_id: 'a', status: 'failed', recorded_at: 't1', duration_seconds: 0.1 },
    { run_id: 'b', status: 'succeeded', recorded_at: 't2', duration_seconds: 0.2 },
    { run_id: 'a', status: 'succeeded', recorded_at: 't3', duration_seconds: 0.3, attempt: 2 },
    { run_id: 'b', status: 'failed', recorded_at: 't4', duration_seconds: 9 },
    null,
    { run_id: ' ', status: 'failed', recorded_at: 't5' },
  ]);

  const documents = buildDocuments(finished, { baseline: undefined, updatedAt: 'now' });

  expect(documents?.postRollout).toEqual({
    total_runs: 2,
    succeeded_runs: 2,
    completion_rate: 1,
    meets_threshold: true,
    updated_at: 'now',
  });
  expect(documents?.baseline).toMatchObject({ run_id: 'a', recorded_at: 't1', status: 'failed' });
  expect(documents?.mttrDelta?.current_mttr_seconds).toBe(0.25);
});

test('builds nothing where nothing counts', () => {
  const { finished } = foldEntries([{}, [], 'text']);

  expect(buildDocuments(finished, { baseline: undefined, updatedAt: 'now' })).toBeUndefined();
});
