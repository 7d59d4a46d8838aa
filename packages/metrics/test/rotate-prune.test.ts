import { readFile, utimes } from 'node:fs/promises';

import { systemClock } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  appendEntry,
  checkHistory,
  createMetricsLayout,
  findEntry,
  pruneHistory,
  readEntries,
  rebuildAggregates,
  rotateHistory,
  updateAggregates,
} from '../src/index.js';
import type { MetricsEntry, MetricsLayout } from '../src/index.js';
import { randomEntries } from './support/random-entries.js';

/** Later than now: closed segments have been left alone for long. */
const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + 3_600_000 };

async function texts(layout: MetricsLayout): Promise<string[]> {
  const paths = [layout.summaryPath, layout.perEpochPath, layout.mttrDeltaPath];
  return Promise.all(paths.map((path) => readFile(path, 'utf8')));
}

test('rotating, compressing and pruning change no aggregate, and nothing is counted anew but after pruning', async () => {
  await using rig = await createRig();
  const layout = createMetricsLayout({
    taskId: 'task',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
  for (const [nth, entry] of randomEntries(5, 60, { hostile: false }).entries()) {
    await appendEntry(layout, entry as MetricsEntry);
    if (nth % 20 === 19) await rotateHistory(layout);
  }
  const before = await texts(layout);

  const { compressed, update } = await rotateHistory(layout, { gzip: true, clock });
  expect(compressed).toHaveLength(3);
  expect(update).toMatchObject({ outcome: 'unchanged', totals: { segments: 3 } });
  expect(await texts(layout)).toEqual(before);
  expect(await rebuildAggregates(layout)).toMatchObject({ outputsWritten: [] });

  const entries = readEntries(layout);
  const stored = (await entries.next()).value?.entry as unknown as MetricsEntry;
  await entries.return();
  expect(await findEntry(layout, stored.run_id, stored.attempt ?? 1)).toEqual(stored);
  await appendEntry(layout, { ...stored, attempt: 9, status: 'odd' });
  const replaced = await updateAggregates(layout);
  expect(replaced).toMatchObject({ outcome: 'updated', replaced: 1 });
  const after = await texts(layout);
  expect(await rebuildAggregates(layout)).toMatchObject({ outputsWritten: [] });

  const plan = await pruneHistory(layout, { keep: 1, dryRun: true });
  const { pruned } = await pruneHistory(layout, { keep: 1, clock });
  expect(pruned).toEqual(plan.pruned);
  expect(pruned).toHaveLength(2);
  expect(pruned.every(({ bytesAfter, bytesBefore }) => bytesAfter < bytesBefore)).toBe(true);
  expect(await texts(layout)).toEqual(after);
  expect((await checkHistory(layout)).findings).toEqual([]);
});

test('a line that somebody appends to a closed segment is counted, in its place', async () => {
  await using rig = await createRig();
  const layout = createMetricsLayout({
    taskId: 'task',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
  const entry = { status: 'succeeded', recorded_at: 'now', duration_seconds: 1 };
  await appendEntry(layout, { ...entry, run_id: 'one' });
  const { segment } = await rotateHistory(layout);
  await appendEntry(layout, { ...entry, run_id: 'two', duration_seconds: 3 });
  await updateAggregates(layout);
  const late = { ...layout, historyPath: `${layout.taskDir}/${segment ?? ''}` };
  await appendEntry(late, { ...entry, run_id: 'two', duration_seconds: 9 });
  // The one that comes first in the history counts, whoever came first by the clock.
  expect(await updateAggregates(layout)).toMatchObject({
    rebuiltBecause: 'late-line',
    repeated: 1,
    totals: { runs: 2 },
  });
  expect(await rig.readJson('out/task/metrics/mttr-delta.json')).toMatchObject({
    current_mttr_seconds: 5,
  });
});

test('a segment that was only touched is counted anew, and comes to the same', async () => {
  await using rig = await createRig();
  const layout = createMetricsLayout({
    taskId: 'task',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
  await appendEntry(layout, { run_id: 'one', status: 'succeeded', recorded_at: 'now' });
  await updateAggregates(layout);
  await utimes(layout.historyPath, 1, 1);
  expect(await updateAggregates(layout)).toMatchObject({
    rebuiltBecause: 'edited',
    outputsWritten: [],
  });
});
