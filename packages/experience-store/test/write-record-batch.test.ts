import { appendFileSync, copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import type { FaultyCall } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { encodeNote, encodeRecord } from '../src/record/encode.js';
import { createRecorder } from '../src/write/record-batch.js';
import type { WriteView } from '../src/write/write-view.js';
import { LOG, SimpleIndex, createWriteRig, input, lesson } from './write-rig.js';

const noIndex: WriteView = {
  snapshot: () => undefined,
  candidates: () => [],
  update: () => Promise.resolve(),
};

const COMMON_CALLS = ['open', 'fstat', 'read', 'write', 'stat', 'close'];

function names(calls: readonly FaultyCall[]): string[] {
  return calls.map(({ operation }) => operation);
}

test('a batch is written in the order of its inputs', async () => {
  await using rig = await createWriteRig();
  const recorder = createRecorder(rig.layout, noIndex);
  const inputs = [3, 1, 2].map((nth) => input({ summary: lesson(nth) }));
  const { records, merged, bytes } = await recorder.record(inputs, { manifestPath: 'm.json' });
  expect(records.map(({ summary32 }) => summary32)).toEqual([3, 1, 2].map(lesson));
  expect(records.map(({ manifestPath }) => manifestPath)).toEqual(Array(3).fill('m.json'));
  expect(merged).toEqual([]);
  const log = rig.readLog();
  expect(log.records).toMatchObject(records);
  expect(log.size).toBe(bytes);
});

test('a single record is a line without the frame of a batch', async () => {
  await using rig = await createWriteRig();
  const { records } = await createRecorder(rig.layout, noIndex).record([input()]);
  const [record] = records;
  if (!record) throw new Error('nothing was written');
  expect(await rig.rig.read(LOG)).toBe(`${encodeRecord(record)}\n`);
});

test('no input writes nothing', async () => {
  await using rig = await createWriteRig();
  const result = await createRecorder(rig.layout, noIndex).record([]);
  expect(result).toEqual({ records: [], merged: [], bytes: 0 });
  expect(await rig.rig.list()).toEqual([]);
});

test('one bad input keeps the whole batch from being written', async () => {
  await using rig = await createWriteRig();
  const recorder = createRecorder(rig.layout, noIndex);
  const bad = recorder.record([input(), input({ domain: ' ' })]);
  await expect(bad).rejects.toMatchObject({ code: 'BATCH_INVALID' });
  const misplaced = recorder.record([input({ taskId: 'other' })]);
  await expect(misplaced).rejects.toMatchObject({ code: 'BATCH_INVALID' });
  expect(await rig.rig.list()).toEqual([]);
});

test('the same lesson within a batch is written once and noted on the first', async () => {
  await using rig = await createWriteRig();
  const recorder = createRecorder(rig.layout, noIndex);
  const { records, merged } = await recorder.record([
    input(),
    input({ summary: lesson(1) }),
    input({ summary: 'run LINT before the tests', runId: 'run-2' }),
    input({ domain: 'other' }),
  ]);
  expect(records).toHaveLength(3);
  const id = records[0]?.id ?? '';
  expect(merged).toEqual([{ input: 2, id, similarity: 1 }]);
  expect(rig.readLog().notes).toMatchObject([{ note: 'seen', id, runId: 'run-2' }]);
});

test('a lesson is known again from what stands behind the index, other writers included', async () => {
  await using rig = await createWriteRig();
  const recorder = createRecorder(rig.layout, noIndex);
  const first = await recorder.record([input()]);
  const id = first.records[0]?.id ?? '';
  for (const one of [recorder, createRecorder(rig.layout, noIndex)]) {
    const { records, merged } = await one.record([input({ runId: 'run-2' })]);
    expect({ records, merged }).toEqual({ records: [], merged: [{ input: 0, id, similarity: 1 }] });
  }
  // As the other writer of the format does, without a hash of the content.
  const peer = { id: 'exp-peer', taskId: 't', domain: 'd', summary32: lesson(7), reward: {} };
  appendFileSync(rig.layout.logPath, `${JSON.stringify(peer)}\n`);
  const { merged } = await recorder.record([input({ domain: 'd', summary: lesson(7) })]);
  expect(merged).toEqual([{ input: 0, id: 'exp-peer', similarity: 1 }]);
});

test('a lesson is known again from the table of contents, in a record that is not among the best', async () => {
  await using rig = await createWriteRig();
  const index = new SimpleIndex(rig.layout);
  const inputs = Array.from({ length: 50 }, (_, nth) => input({ summary: lesson(nth) }));
  const { records } = await createRecorder(rig.layout, index).record(inputs);
  await index.update();
  const { merged } = await createRecorder(rig.layout, index).record([inputs[40] ?? input()]);
  expect(merged).toEqual([{ input: 0, id: records[40]?.id, similarity: 1 }]);
});

const LONG =
  'stage build of pipeline diagnostics failed because module resolution found two copies of one ' +
  'package so remove nested lock file before install and then always run again with clean npm';

test('nearly the same lesson is known again among the best of the index and what came last', async () => {
  await using rig = await createWriteRig();
  const index = new SimpleIndex(rig.layout);
  const recorder = createRecorder(rig.layout, index);
  const { records } = await recorder.record([input({ summary: LONG })]);
  const near = [input({ summary: `${LONG} cache` })];
  const expected = { input: 0, id: records[0]?.id };
  expect((await recorder.record(near)).merged).toMatchObject([expected]);
  await index.update();
  const later = await createRecorder(rig.layout, index).record(near);
  expect(later.merged).toMatchObject([expected]);
  expect(later.merged[0]?.similarity).toBeLessThan(1);
  expect(later.merged[0]?.similarity).toBeGreaterThanOrEqual(0.85);
  const strict = createRecorder(rig.layout, index, { similarityThreshold: 1 });
  expect((await strict.record(near)).merged).toEqual([]);
});

test.each([0, -1, 1.01, NaN])('a threshold of %d is refused', async (similarityThreshold) => {
  await using rig = await createWriteRig();
  expect(() => createRecorder(rig.layout, noIndex, { similarityThreshold })).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION' }) as Error,
  );
});

test('a forgotten lesson can be learnt again, whether a note or blanks say that it is', async () => {
  await using rig = await createWriteRig();
  const index = new SimpleIndex(rig.layout);
  const recorder = createRecorder(rig.layout, index);
  const { records } = await recorder.record([input()]);
  await index.update();
  const head = { taskId: 't', createdAt: '', domain: 'implementation' };
  const note = encodeNote({ note: 'forgotten', ...head, id: records[0]?.id ?? '' });
  appendFileSync(rig.layout.logPath, `${note}\n`);
  for (const one of [recorder, createRecorder(rig.layout, index)]) {
    const again = await one.record([input()]);
    expect(again.merged).toEqual([]);
    const forget = encodeNote({ note: 'forgotten', ...head, id: again.records[0]?.id ?? '' });
    appendFileSync(rig.layout.logPath, `${forget}\n`);
  }
  writeFileSync(rig.layout.logPath, readFileSync(rig.layout.logPath).fill(32));
  const blanked = { ...viewOf(index), candidates: () => [] };
  expect((await createRecorder(rig.layout, blanked).record([input()])).merged).toEqual([]);
});

function viewOf(index: SimpleIndex): WriteView {
  return {
    snapshot: () => index.snapshot(),
    candidates: (domain) => index.candidates(domain),
    update: () => index.update(),
  };
}

test('a loop of single records reads nothing that it has written itself', async () => {
  await using rig = await createWriteRig();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const recorder = createRecorder(rig.layout, noIndex, { fs });
  await recorder.record([input({ summary: lesson(0) })]);
  for (let nth = 1; nth < 20; nth++) {
    const before = calls.length;
    await recorder.record([input({ summary: lesson(nth) })]);
    expect(names(calls.slice(before))).toEqual(['stat', ...COMMON_CALLS]);
  }
  const { merged } = await recorder.record([input({ summary: lesson(3) })]);
  expect(merged).toHaveLength(1);
});

test('with an index a new lesson costs one look into the table of contents', async () => {
  await using rig = await createWriteRig();
  const index = new SimpleIndex(rig.layout);
  const inputs = Array.from({ length: 500 }, (_, nth) => input({ summary: lesson(nth) }));
  await createRecorder(rig.layout, index).record(inputs);
  await index.update();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const recorder = createRecorder(rig.layout, index, { fs });
  await recorder.record([input({ summary: lesson(1000) })]);
  const before = calls.length;
  await recorder.record([input({ summary: lesson(1001) })]);
  const look = ['open', 'fstat', 'read', 'read', 'close'];
  expect(names(calls.slice(before))).toEqual(['stat', ...look, ...COMMON_CALLS]);
});

test('what others append is read once, and a replaced log from its start', async () => {
  await using rig = await createWriteRig();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const recorder = createRecorder(rig.layout, noIndex, { fs });
  await recorder.record([input({ summary: lesson(0) })]);
  await createRecorder(rig.layout, noIndex).record([input({ summary: lesson(1) })]);
  const before = calls.length;
  expect((await recorder.record([input({ summary: lesson(1) })])).merged).toHaveLength(1);
  const reads = ['stat', 'open', 'read', 'close'];
  expect(names(calls.slice(before))).toEqual([...reads, ...COMMON_CALLS]);
  const [, ...kept] = readFileSync(rig.layout.logPath, 'utf8').split('\n');
  writeFileSync(rig.rig.path('new'), kept.join('\n'));
  renameSync(rig.rig.path('new'), rig.layout.logPath);
  const { records, merged } = await recorder.record(
    [0, 1].map((nth) => input({ summary: lesson(nth) })),
  );
  expect(records.map(({ summary32 }) => summary32)).toEqual([lesson(0)]);
  expect(merged).toMatchObject([{ input: 1 }]);
});

test('half a batch in front teaches nothing', async () => {
  await using rig = await createWriteRig();
  const recorder = createRecorder(rig.layout, noIndex);
  await recorder.record([0, 1, 2].map((nth) => input({ summary: lesson(nth) })));
  const whole = readFileSync(rig.layout.logPath);
  writeFileSync(rig.layout.logPath, whole.subarray(0, whole.byteLength - 5));
  for (const one of [recorder, createRecorder(rig.layout, noIndex)]) {
    const { merged } = await one.record([input({ summary: lesson(0) })]);
    expect(merged).toHaveLength(one === recorder ? 0 : 1);
  }
  expect(rig.readLog().records).toHaveLength(1);
});

test('the index is updated when much stands behind it, and not at every batch while nobody can', async () => {
  await using rig = await createWriteRig();
  const index = new SimpleIndex(rig.layout);
  const recorder = createRecorder(rig.layout, index);
  const inputs = Array.from({ length: 100 }, (_, nth) => input({ summary: lesson(nth) }));
  await recorder.record(inputs.slice(0, 10));
  expect(index.updates).toBe(0);
  await recorder.record(inputs);
  expect(index.updates).toBe(1);
  await recorder.record([input({ summary: lesson(1000) })]);
  expect(index.updates).toBe(1);

  let tries = 0;
  const busy = createRecorder(rig.layout, {
    ...noIndex,
    update: () => {
      tries += 1;
      return Promise.reject(new Error('busy'));
    },
  });
  for (let nth = 0; nth < 30; nth++) await busy.record([input({ summary: lesson(2000 + nth) })]);
  expect(tries).toBe(2);
});

test('of a log that is far behind its index only the end is read, and what the index says is not used', async () => {
  await using rig = await createWriteRig();
  const index = new SimpleIndex(rig.layout);
  const recorder = createRecorder(rig.layout, index);
  await recorder.record([input()]);
  await index.update();
  const filler = Array.from({ length: 4000 }, (_, nth) => input({ summary: lesson(nth) }));
  await createRecorder(rig.layout, noIndex).record(filler);
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const late = createRecorder(
    rig.layout,
    { ...viewOf(index), update: () => Promise.resolve() },
    { fs },
  );
  const { merged } = await late.record([input(), input({ summary: lesson(3999) })]);
  expect(merged).toMatchObject([{ input: 1 }]);
  const bytes = calls
    .filter(({ operation }) => operation === 'read')
    .reduce((sum, { args }) => sum + (args[1] as Buffer).byteLength, 0);
  expect(bytes).toBeLessThan(3 * 2 ** 20);
});

test('ten thousand records are one batch, and more than are remembered', async () => {
  await using rig = await createWriteRig();
  const index = new SimpleIndex(rig.layout);
  const recorder = createRecorder(rig.layout, index);
  const inputs = Array.from({ length: 10_000 }, (_, nth) => input({ summary: lesson(nth) }));
  const { records } = await recorder.record(inputs);
  expect(records).toHaveLength(10_000);
  const { merged } = await recorder.record([input({ summary: lesson(17) })]);
  expect(merged).toEqual([{ input: 0, id: records[17]?.id, similarity: 1 }]);
});

test('no single fault loses what is there, writes half, or spoils what is remembered', async () => {
  const before = [0, 1].map((nth) => input({ summary: lesson(nth) }));
  const after = [1, 2, 3].map((nth) => input({ summary: lesson(nth) }));
  await using probe = await createWriteRig();
  const index = new SimpleIndex(probe.layout);
  await createRecorder(probe.layout, index).record(before);
  await index.update();
  copyFileSync(probe.layout.logPath, probe.rig.path('log'));
  const clean = faultyFileSystem(nodeFileSystem, () => undefined);
  await createRecorder(probe.layout, index, { fs: clean.fs }).record(after);
  for (const fault of singleFaults(clean.calls)) {
    await using rig = await createWriteRig();
    await rig.rig.write({ [LOG]: readFileSync(probe.rig.path('log')) });
    const own = new SimpleIndex(rig.layout);
    await own.update();
    const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
    const recorder = createRecorder(rig.layout, own, { fs: faulty.fs });
    const result = await recorder.record(after).catch((error: unknown) => {
      expect(error, fault.title).toMatchObject({ code: 'STORE_WRITE_FAILED' });
      return undefined;
    });
    expect(faulty.unclosed(), fault.title).toEqual([]);
    const { records } = rig.readLog();
    if (result) expect(records.slice(2), fault.title).toMatchObject(result.records);
    else expect([2, 4], fault.title).toContain(records.length);
    const again = await recorder.record(after);
    expect(again.records.length, fault.title).toBe(records.length === 2 ? 2 : 0);
  }
}, 60_000);
