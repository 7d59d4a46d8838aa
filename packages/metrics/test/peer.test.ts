import { cp, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  appendEntry,
  createMetricsLayout,
  readEntries,
  rebuildAggregates,
  updateAggregates,
} from '../src/index.js';
import type { MetricsEntry, MetricsLayout } from '../src/index.js';

// See fixtures/peer/README.md for how they came about.
const fixtures = fileURLToPath(new URL('fixtures/peer', import.meta.url));

const outputs = [
  'runs/fixture/metrics/baseline.json',
  'runs/fixture/metrics/post-rollout.json',
  'runs/fixture/metrics/completeness.json',
  'runs/fixture/metrics/per-epoch.json',
  'results/fixture/metrics/mttr-delta.json',
  'results/fixture/state.json',
];

test.each(['before', 'after'] as const)(
  'entries of another writer come to what it aggregated itself: %s',
  async (state) => {
    await using rig = await createRig();
    const layout = await copyFixture(rig, state);
    await rm(layout.pendingDir, { recursive: true, force: true });
    const theirs = await documents(rig);
    for (const path of outputs) await rm(rig.path(path));
    const report = await updateAggregates(layout);
    expect(report).toMatchObject({ rebuiltBecause: 'no-checkpoint', damagedLines: 0, repeated: 0 });
    expect(await documents(rig)).toEqual(theirs);
  },
);

test('a history of another writer goes on, its pending entries included', async () => {
  await using rig = await createRig();
  await using expected = await createRig();
  const after = await copyFixture(expected, 'after');
  const layout = await copyFixture(rig, 'before');

  const report = await updateAggregates(layout);
  expect(report.pending).toEqual({ merged: 2, quarantined: [] });
  expect(report.totals).toMatchObject({ runs: 10, lines: 10, damagedLines: 0, segments: 1 });
  expect(await rig.list('runs/fixture/metrics.pending')).toEqual([]);

  const last = (await entriesOf(after)).at(-1);
  await appendEntry(layout, last as MetricsEntry);
  expect((await updateAggregates(layout)).entries).toBe(1);
  expect(await documents(rig)).toEqual(await documents(expected));
  expect(await entriesOf(layout)).toEqual(await entriesOf(after));

  await rebuildAggregates(layout);
  expect(await documents(rig)).toEqual(await documents(expected));
});

async function copyFixture(rig: Rig, state: 'before' | 'after'): Promise<MetricsLayout> {
  await cp(`${fixtures}/${state}`, rig.root, { recursive: true });
  return createMetricsLayout({
    taskId: 'fixture',
    runsDir: rig.path('runs'),
    outDir: rig.path('results'),
  });
}

/**
 * All outputs by their paths, but for the times at which they were made. Sums are exact here and rounded
 * at every step there: the last digits differ.
 */
async function documents(rig: Rig): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const path of outputs) {
    found[path] = JSON.parse(await rig.read(path), (key, value: unknown) => {
      if (key === 'updated_at') return undefined;
      return typeof value === 'number' ? Number(value.toPrecision(13)) : value;
    });
  }
  return found;
}

async function entriesOf(layout: MetricsLayout): Promise<unknown[]> {
  const entries: unknown[] = [];
  for await (const { entry } of readEntries(layout)) entries.push(entry);
  return entries;
}
