import { parseTaskId } from '@codex-orchestrator/core';
import { createMetricsLayout } from '@codex-orchestrator/metrics';
import type { MetricsEntry, UpdateOptions, UpdateReport } from '@codex-orchestrator/metrics';
import { createManualClock, createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { describeUpdate } from '../src/metrics/describe-update.js';
import { openRunMetrics } from '../src/metrics/run-metrics.js';
import type { RunMetrics, RunMetricsPorts } from '../src/metrics/run-metrics.js';
import { manifestWith, stageWith } from './metrics-entry-manifest.js';

const runId = '2026-11-21T10-00-00-000Z-0123abcd';
const cost = {
  manifest_writes: 3,
  manifest_bytes: 9000,
  journal_lines: 5,
  journal_bytes: 4000,
  fsyncs: 7,
};
const taskId = parseTaskId('t');

const ordinary: UpdateReport = {
  outcome: 'updated',
  rebuiltBecause: null,
  lines: 1,
  entries: 1,
  repeated: 0,
  replaced: 0,
  damaged: [],
  damagedLines: 0,
  bytesRead: 1600,
  outputsWritten: [],
  rotated: null,
  pending: { merged: 0, quarantined: [] },
  totals: { runs: 1, lines: 1, damagedLines: 0, segments: 1 },
  durationMs: 1,
  custom: {},
};

interface FakeStore {
  readonly load: NonNullable<RunMetricsPorts['loadStore']>;
  readonly entries: (readonly [path: string, entry: MetricsEntry, durability: unknown])[];
  readonly updates: (readonly [taskId: string, options: UpdateOptions | undefined])[];
  report: UpdateReport | Error;
  loads: number;
}

function fakeStore(): FakeStore {
  const store: FakeStore = {
    entries: [],
    updates: [],
    report: ordinary,
    loads: 0,
    load: () => {
      store.loads += 1;
      return Promise.resolve({
        createMetricsLayout,
        appendEntry: (layout, entry, options) => {
          store.entries.push([layout.historyPath, entry, options?.durability]);
          return Promise.resolve({ offset: 0, endOffset: 1, healed: false } as never);
        },
        findEntry: (_layout, wanted, attempt) =>
          Promise.resolve(wanted === runId && attempt === 1 ? { run_id: runId } : undefined),
        updateAggregates: (layout, options) => {
          store.updates.push([layout.taskId, options]);
          return store.report instanceof Error
            ? Promise.reject(store.report)
            : Promise.resolve(store.report);
        },
      });
    },
  };
  return store;
}

function open(rig: Rig, store: FakeStore, env: Readonly<Record<string, string>> = {}): RunMetrics {
  return openRunMetrics({
    workspace: { root: rig.root, runsDir: rig.path('.runs'), outDir: rig.path('out') },
    io: {
      env,
      clock: createManualClock(),
      platform: { os: 'linux', arch: 'x64', node: 'v20.20.2' },
    },
    loadStore: store.load,
  });
}

test('a run is counted with what its agents used, durably, and then all is updated once', async () => {
  await using rig = await createRig();
  const usage = { input_tokens: 12, output_tokens: 3 };
  await rig.write({
    [`.runs/t/cli/${runId}/commands/01-fix.log`]: JSON.stringify({ type: 'turn.completed', usage }),
  });
  const store = fakeStore();
  const metrics = open(rig, store, { CODEX_METRICS_MAX_LINES: '7' });
  expect(store.loads).toBe(0);
  const stage = stageWith({ id: 'fix', command: 'codex exec', log_path: 'c/01-fix.log' });
  const manifest = manifestWith([stage], { run_id: runId });
  await metrics.historyOf(taskId).add(manifest, cost);
  await metrics.historyOf(taskId).add({ ...manifest, attempt: 2 }, cost);
  expect(store.entries).toMatchObject([
    [
      rig.path('.runs/t/metrics.json'),
      {
        run_id: runId,
        attempt: 1,
        token_total: 15,
        recorded_at: '2026-01-06T06:53:37.814Z',
        manifest_writes: 3,
      },
      'power',
    ],
    [rig.path('.runs/t/metrics.json'), { attempt: 2 }, 'power'],
  ]);
  expect(await metrics.update()).toStrictEqual([]);
  expect(await metrics.update()).toStrictEqual([]);
  expect(store.updates).toMatchObject([
    ['t', { rotation: { maxLines: 7 }, pending: { maxLines: 500, maxBytes: 1_048_576 } }],
  ]);
});

test('an attempt that was counted before is known, and the aggregates hear of it', async () => {
  await using rig = await createRig();
  const store = fakeStore();
  const metrics = open(rig, store);
  const history = metrics.historyOf(taskId);
  expect(await history.has(runId, 1)).toBe(true);
  expect(await history.has(runId, 2)).toBe(false);
  await metrics.update();
  expect(store.updates).toHaveLength(1);
});

test('where nothing was counted, nothing is loaded or updated', async () => {
  await using rig = await createRig();
  const store = fakeStore();
  expect(await open(rig, store).update()).toStrictEqual([]);
  expect(store.loads).toBe(0);
});

test('an update that fails is a sentence', async () => {
  await using rig = await createRig();
  const store = fakeStore();
  store.report = new Error('no space left');
  const metrics = open(rig, store);
  await metrics.historyOf(taskId).add(manifestWith([], { run_id: runId }), cost);
  expect(await metrics.update()).toStrictEqual([
    "the metrics of task 't' are not up to date: no space left",
  ]);
});

test('what is wrong with the environment is said before anything runs', async () => {
  await using rig = await createRig();
  expect(() => open(rig, fakeStore(), { CODEX_METRICS_MAX_BYTES: 'much' })).toThrow(
    'CODEX_METRICS_MAX_BYTES',
  );
});

test('damage is named, up to three lines of it, and so is what it led to', () => {
  const task = {
    ...createMetricsLayout({ taskId, runsDir: '/r/.runs', outDir: '/r/out' }),
    taskId,
    relative: (path: string) => path.slice(3),
  };
  const damaged = [0, 10, 20, 30].map((offset) => ({
    segment: 'metrics.json',
    offset,
    byteLength: 9,
    reason: 'not-json' as const,
  }));
  expect(describeUpdate(ordinary, task)).toStrictEqual([]);
  expect(describeUpdate({ ...ordinary, rebuiltBecause: 'no-checkpoint' }, task)).toStrictEqual([]);
  expect(
    describeUpdate(
      {
        ...ordinary,
        rebuiltBecause: 'edited',
        damaged,
        damagedLines: 25,
        pending: { merged: 1, quarantined: ['a.jsonl.rejected'] },
      },
      task,
    ),
  ).toMatchInlineSnapshot(`
    [
      "the metrics of task 't' were counted anew: lines that were counted have changed",
      "25 lines are no entries of the metrics: .runs/t/metrics.json at byte 0 (not-json), .runs/t/metrics.json at byte 10 (not-json), .runs/t/metrics.json at byte 20 (not-json), 22 more",
      ".runs/t/metrics.pending/a.jsonl.rejected holds lines that are no entries of the metrics",
    ]
  `);
  expect(describeUpdate({ ...ordinary, damaged: damaged.slice(1, 2), damagedLines: 1 }, task))
    .toMatchInlineSnapshot(`
    [
      "1 line is no entry of the metrics: .runs/t/metrics.json at byte 10 (not-json)",
    ]
  `);
});
