import { stat } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { appendEntry, createMetricsLayout, findEntry, updateAggregates } from '../src/index.js';
import type { MetricsEntry, Reducer } from '../src/index.js';

function entryOf(nth: number): MetricsEntry {
  return {
    run_id: `run-${nth}`,
    status: 'failed',
    recorded_at: '2026-01-06T06:53:37Z',
    pipeline_id: 'check'.repeat(100),
  };
}

const lines: Reducer<{ count: number }, number> = {
  id: 'lines',
  version: 1,
  init: () => ({ count: 0 }),
  add: (state) => void (state.count += 1),
  retract: (state) => void (state.count -= 1),
  finish: ({ count }) => count,
  encode: ({ count }) => count,
  decode: (count) => ({ count: Number(count) }),
};

test.each([
  { by: 'the package alone', reducers: [] },
  { by: 'reducers that only their owner knows', reducers: [lines] },
])(
  'an entry that was counted by $by is found without reading the history',
  async ({ reducers }) => {
    await using rig = await createRig();
    const layout = createMetricsLayout({
      taskId: 'task',
      runsDir: rig.path('runs'),
      outDir: rig.path('out'),
    });
    const entries = Array.from({ length: 1000 }, (_, nth) => entryOf(nth));
    await rig.write({
      'runs/task/metrics.json': entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
    });
    await updateAggregates(layout, { reducers });
    await appendEntry(layout, entryOf(1000));

    let bytesRead = 0;
    const fs: FileSystem = {
      ...nodeFileSystem,
      read: (...args) => {
        const bytes = nodeFileSystem.read(...args);
        bytesRead += bytes;
        return bytes;
      },
    };
    for (const nth of [0, 500, 999, 1000]) {
      expect(await findEntry(layout, `run-${nth}`, 1, { fs })).toEqual(entryOf(nth));
    }
    expect(await findEntry(layout, 'run-1001', 1, { fs })).toBeUndefined();
    const { size } = await stat(layout.historyPath);
    expect(bytesRead).toBeLessThan(size);
  },
);
