import { expect, test } from 'vitest';

import { findRecord, listRecords } from '../src/hygiene/list-records.js';
import { createLogRig, markLine, outcomeLine, recordLine } from './hygiene-rig.js';

const LINES = [
  recordLine({ id: 'a', createdAt: '2026-01-03T00:00:00.000Z' }),
  recordLine({ id: 'b', reward: { gtScore: 1, relativeRank: 1 }, runId: 'run-9' }),
  recordLine({ id: 'c', domain: 'other', createdAt: '2026-01-02T00:00:00.000Z' }),
  recordLine({ id: 'f', createdAt: '2026-01-04T00:00:00.000Z' }),
  markLine('forgotten', 'f'),
  outcomeLine('harmed', ['b']),
];

test.each([
  { options: {}, ids: ['a', 'c', 'b'], total: 3 },
  { options: { order: 'best' as const }, ids: ['b', 'a', 'c'], total: 3 },
  { options: { limit: 1 }, ids: ['a'], total: 3 },
  { options: { limit: 0 }, ids: [], total: 3 },
  { options: { domain: ' other ' }, ids: ['c'], total: 1 },
  { options: { runId: 'run-9' }, ids: ['b'], total: 1 },
])('$options lists $ids', async ({ options, ids, total }) => {
  await using rig = await createLogRig();
  await rig.log(LINES);
  const list = await listRecords(rig.layout, options);
  expect(list.records.map(({ id }) => id)).toEqual(ids);
  expect(list.total).toBe(total);
});

test('a record is found by its id with what notes say of it, unless it was forgotten', async () => {
  await using rig = await createLogRig();
  expect(await findRecord(rig.layout, 'b')).toBeUndefined();
  await rig.log(LINES);
  expect(await findRecord(rig.layout, 'b')).toMatchObject({ id: 'b', uses: 1, harmed: 1 });
  expect(await findRecord(rig.layout, 'f')).toBeUndefined();
});

test('a limit that is no count is refused', async () => {
  await using rig = await createLogRig();
  for (const limit of [-1, 1.5, NaN]) {
    await expect(listRecords(rig.layout, { limit })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  }
});
