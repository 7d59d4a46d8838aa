import { appendFile, readFile, stat } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  appendEntry,
  createMetricsLayout,
  rebuildAggregates,
  updateAggregates,
} from '../src/index.js';
import type { MetricsEntry, MetricsLayout } from '../src/index.js';

function layoutIn(rig: Rig): MetricsLayout {
  return createMetricsLayout({
    taskId: 'task',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
}

function entryOf(runId: string, others: Partial<MetricsEntry> = {}): MetricsEntry {
  return {
    run_id: runId,
    status: 'succeeded',
    recorded_at: '2026-01-06T06:53:37.814Z',
    pipeline_id: 'check',
    duration_seconds: 2,
    ...others,
  };
}

test('an update counts what is new and leaves alone what says the same', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  await appendEntry(layout, entryOf('one'));
  const first = await updateAggregates(layout);
  expect(first).toMatchObject({ outcome: 'rebuilt', rebuiltBecause: 'no-checkpoint', entries: 1 });
  expect(await updateAggregates(layout)).toMatchObject({
    outcome: 'unchanged',
    outputsWritten: [],
  });

  await appendEntry(layout, entryOf('two', { status: 'failed', duration_seconds: 4 }));
  const second = await updateAggregates(layout);
  expect(second).toMatchObject({ outcome: 'updated', lines: 1, entries: 1, totals: { runs: 2 } });
  expect(await rig.readJson('runs/task/metrics/post-rollout.json')).toMatchObject({
    total_runs: 2,
    succeeded_runs: 1,
  });
  expect(await rig.readJson('out/task/metrics/mttr-delta.json')).toMatchObject({
    baseline_mttr_seconds: 2,
    current_mttr_seconds: 3,
  });
  expect(second.outputsWritten).not.toContain(layout.learningStatePath);
});

test('a repeat is ignored and a later attempt takes the place of the earlier one', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  await appendEntry(layout, entryOf('one', { status: 'failed', duration_seconds: 8 }));
  await updateAggregates(layout);
  await appendEntry(layout, entryOf('one', { status: 'failed', duration_seconds: 8 }));
  expect(await updateAggregates(layout)).toMatchObject({ repeated: 1, entries: 0 });
  await appendEntry(layout, entryOf('one', { attempt: 2, duration_seconds: 4 }));
  expect(await updateAggregates(layout)).toMatchObject({ replaced: 1, totals: { runs: 1 } });
  expect(await rig.readJson('runs/task/metrics/post-rollout.json')).toMatchObject({
    total_runs: 1,
    succeeded_runs: 1,
  });
  expect(await rig.readJson('out/task/metrics/mttr-delta.json')).toMatchObject({
    current_mttr_seconds: 4,
  });
});

test('a history that was cut or edited is counted anew, and the report says why', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  for (const id of ['one', 'two', 'three']) await appendEntry(layout, entryOf(id));
  await updateAggregates(layout);
  const text = await readFile(layout.historyPath, 'utf8');

  await rig.write({ 'runs/task/metrics.json': text.slice(0, text.indexOf('\n') + 1) });
  expect(await updateAggregates(layout)).toMatchObject({
    rebuiltBecause: 'truncated',
    totals: { runs: 1 },
  });
  await rig.write({ 'runs/task/metrics.json': text });
  await updateAggregates(layout);
  await rig.write({ 'runs/task/metrics.json': text.replace('two', 'TWO').replace('one', 'ONE') });
  expect(await updateAggregates(layout)).toMatchObject({ rebuiltBecause: 'edited' });
});

test('a last line without a newline counts as soon as it is whole, and once', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  await appendEntry(layout, entryOf('one'));
  await appendFile(layout.historyPath, JSON.stringify(entryOf('two')));
  await updateAggregates(layout);
  const total = async (): Promise<unknown> => rig.readJson('runs/task/metrics/post-rollout.json');
  expect(await total()).toMatchObject({ total_runs: 2 });
  await appendEntry(layout, entryOf('three'));
  await updateAggregates(layout);
  expect(await total()).toMatchObject({ total_runs: 3 });
});

test('the live segment is rotated when it is full, and nothing changes by that', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  const rotation = { maxLines: 3 };
  for (let index = 0; index < 10; index++) {
    await appendEntry(layout, entryOf(`run-${index}`));
    await updateAggregates(layout, { rotation });
  }
  const names = (await rig.list('runs/task')).filter((name) => name.includes('metrics-'));
  expect(names).toHaveLength(3);
  const before = await readFile(layout.summaryPath, 'utf8');
  const rebuilt = await rebuildAggregates(layout);
  expect(rebuilt).toMatchObject({ rebuiltBecause: 'asked', totals: { runs: 10, segments: 4 } });
  expect(rebuilt.outputsWritten).toEqual([]);
  expect(await readFile(layout.summaryPath, 'utf8')).toBe(before);
});

test('without entries nothing is written', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  expect(await updateAggregates(layout)).toMatchObject({ outcome: 'unchanged' });
  await expect(stat(layout.aggregatesDir)).rejects.toThrow('ENOENT');
});
