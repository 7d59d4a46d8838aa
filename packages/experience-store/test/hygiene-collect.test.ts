import { appendFileSync } from 'node:fs';

import { acquireLock, nodeFileSystem } from '@codex-orchestrator/core';
import { createManualClock, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { audit } from '../src/hygiene/audit.js';
import { collect } from '../src/hygiene/collect.js';
import type { GcReport } from '../src/hygiene/gc-report.js';
import { listRecords } from '../src/hygiene/list-records.js';
import { encodeBatch } from '../src/log/batch-frame.js';
import { LOG, createLogRig, markLine, outcomeLine, recordLine } from './hygiene-rig.js';

const SAME = { summary32: 'Wait for the port before the probe' };

function removedFrom({ removed }: GcReport): Record<string, number> {
  return Object.fromEntries(removed.map(({ reason, count }) => [reason, count]));
}

test('a task without a log has nothing to collect', async () => {
  await using rig = await createLogRig();
  expect(await collect(rig.layout)).toMatchObject({
    isReplaced: false,
    recordsBefore: 0,
    removed: [],
  });
});

test('what no reader counts goes, and nothing else changes', async () => {
  await using rig = await createLogRig();
  const kept = [recordLine({ id: 'a' }), recordLine({ id: 'b', domain: 'other' })];
  const random = { bytes: (count: number) => new Uint8Array(count) };
  const [torn = ''] = encodeBatch([recordLine({ id: 'x' }), recordLine({ id: 'y' })], random);
  const junk = ['', '   ', 'no record', '{"id":1}', recordLine({ id: 'm', taskId: 'other' })];
  await rig.log([...kept, ...junk, torn, recordLine({ id: 'a', summary32: 'Later' })]);
  const dry = await collect(rig.layout, { dryRun: true });
  const before = await rig.text();
  const report = await collect(rig.layout);
  expect(removedFrom(report)).toEqual({
    blank: 2,
    unreadable: 2,
    misplaced: 1,
    'incomplete-batch': 1,
    'repeated-id': 1,
  });
  expect(await rig.text()).toBe(kept.map((line) => `${line}\n`).join(''));
  expect(dry).toEqual({ ...report, isDryRun: true, isReplaced: false });
  expect(report).toMatchObject({
    bytesBefore: before.length,
    bytesAfter: (await rig.text()).length,
  });
  expect(report.removed.find(({ reason }) => reason === 'misplaced')?.examples).toEqual([
    expect.objectContaining({ line: 7, problem: 'it belongs to another task' }),
  ]);
  expect(await collect(rig.layout)).toMatchObject({ isReplaced: false, removed: [] });
});

test('notes become counters, and members that nobody knows stay', async () => {
  await using rig = await createLogRig();
  const foreign = recordLine({ id: 'a', seen: 2 }).replace('{', '{"mine":[1],');
  await rig.log([
    foreign,
    recordLine({ id: 'b' }),
    outcomeLine('helped', ['a', 'b']),
    outcomeLine('harmed', ['a']),
    outcomeLine('neutral', ['a']),
    markLine('pinned', 'a'),
    markLine('pinned', 'b'),
    markLine('unpinned', 'b'),
    markLine('forgotten', 'nobody'),
  ]);
  const before = await listRecords(rig.layout);
  const report = await collect(rig.layout);
  expect(report).toMatchObject({ isReplaced: true, recordsAfter: 2, removed: [] });
  expect(report.foldedNotes.count).toBe(7);
  expect(await listRecords(rig.layout)).toEqual(before);
  const [first = ''] = (await rig.text()).split('\n');
  const counters = { seen: 2, uses: 3, helped: 1, harmed: 1, pinned: true };
  expect(JSON.parse(first)).toMatchObject({ mine: [1], id: 'a', ...counters });
});

test('of records that say the same, the best stays with the counters of all', async () => {
  await using rig = await createLogRig();
  await rig.log([
    recordLine({ id: 'early', ...SAME, uses: 1 }),
    recordLine({ id: 'best', ...SAME, reward: { gtScore: 2, relativeRank: 0 }, seen: 1 }),
    recordLine({ id: 'numbered', summary32: 'wait, for the PORT before the probe!' }),
    recordLine({ id: 'elsewhere', domain: 'other', ...SAME }),
    outcomeLine('helped', ['numbered']),
  ]);
  const report = await collect(rig.layout);
  expect(removedFrom(report)).toEqual({ duplicate: 2 });
  expect(report.removed[0]?.examples[0]).toMatchObject({ id: 'early', mergedInto: 'best' });
  const { records } = await listRecords(rig.layout, { order: 'best' });
  expect(records).toMatchObject([
    { id: 'best', seen: 3, uses: 2, helped: 1, harmed: 0 },
    { id: 'elsewhere', seen: 0 },
  ]);
});

test('near duplicates go when that is asked for', async () => {
  await using rig = await createLogRig();
  const words = Array.from(
    { length: 60 },
    (_, nth) => `${'ghijklmnop'[nth % 10] ?? ''}${'qrstuv'[nth % 6] ?? ''}`,
  );
  const text = words.join(' ');
  await rig.log([
    recordLine({ id: 'a', summary32: text }),
    recordLine({ id: 'b', summary32: `${text} indeed` }),
    recordLine({ id: 'c', summary32: words.toReversed().join(' ') }),
  ]);
  expect(removedFrom(await collect(rig.layout))).toEqual({});
  expect((await audit(rig.layout)).nearDuplicates).toMatchObject({ count: 1, isComplete: true });
  expect(removedFrom(await collect(rig.layout, { near: true }))).toEqual({ 'near-duplicate': 1 });
});

test('pinned records never go', async () => {
  await using rig = await createLogRig();
  const createdAt = '2020-01-01T00:00:00.000Z';
  await rig.log([
    recordLine({ id: 'old', createdAt, reward: { gtScore: -1, relativeRank: 0 }, pinned: true }),
    recordLine({ id: 'same', ...SAME, pinned: true }),
    recordLine({ id: 'better', ...SAME, reward: { gtScore: 9, relativeRank: 0 } }),
  ]);
  const options = { keepPerDomain: 0, olderThanDays: 1, near: true, boilerplate: true };
  await collect(rig.layout, options);
  const { records } = await listRecords(rig.layout, { order: 'best' });
  expect(records).toMatchObject([{ id: 'same', seen: 1 }, { id: 'old' }]);
});

test('records beyond the best of their domain and old ones that were never used go', async () => {
  await using rig = await createLogRig();
  const createdAt = '2020-01-01T00:00:00.000Z';
  await rig.log([
    recordLine({ id: 'used', createdAt, uses: 1 }),
    recordLine({ id: 'unused', createdAt }),
    recordLine({ id: 'timeless', createdAt: '' }),
    recordLine({ id: 'low', reward: { gtScore: 0, relativeRank: 0 } }),
    recordLine({ id: 'young' }),
  ]);
  const clock = createManualClock(Date.parse('2026-01-05T00:00:00.000Z'));
  const report = await collect(rig.layout, { keepPerDomain: 3, olderThanDays: 30, clock });
  expect(removedFrom(report)).toEqual({ 'never-used': 1, 'beyond-best': 1 });
  const { records } = await listRecords(rig.layout, { order: 'best' });
  expect(records.map(({ id }) => id)).toEqual(['young', 'used', 'timeless']);
});

test('lines that come while it works are not collected', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' }), markLine('forgotten', 'a')]);
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (operation === 'rename') appendFileSync(rig.layout.logPath, `${recordLine({ id: 'b' })}\n`);
    return undefined;
  });
  const report = await collect(rig.layout, { fs: faulty.fs });
  expect(report).toMatchObject({ isReplaced: true, recordsAfter: 0, carriedLines: 1 });
  expect((await listRecords(rig.layout)).records.map(({ id }) => id)).toEqual(['b']);
});

test('options that are no numbers are refused before anything is done', async () => {
  await using rig = await createLogRig();
  for (const options of [{ keepPerDomain: -1 }, { keepPerDomain: 0.5 }, { olderThanDays: NaN }]) {
    await expect(collect(rig.layout, options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  }
  expect(await rig.list()).toEqual([]);
});

test('it says who is at the log when the lock is not to be had', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' })]);
  await using lock = await acquireLock(rig.layout.lockPath);
  await expect(collect(rig.layout, { lockWaitMs: 5 })).rejects.toMatchObject({
    code: 'STORE_BUSY',
    path: lock.path,
    message: expect.stringContaining(`process ${process.pid}`) as string,
  });
});

test('an abort leaves the log as it is', async () => {
  await using rig = await createLogRig();
  await rig.log([recordLine({ id: 'a' }), '']);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(collect(rig.layout, { signal })).rejects.toThrow('enough');
  expect(await rig.list('out')).toEqual([LOG]);
});
