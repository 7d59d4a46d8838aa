import { appendFile, cp, mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { createRig, createSeededRandom } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  checkHistory,
  createMetricsLayout,
  readAggregates,
  readBaseline,
  rebuildAggregates,
  rotateHistory,
  updateAggregates,
} from '../src/index.js';
import type { MetricsLayout } from '../src/index.js';
import { naiveOutputs } from './support/naive-aggregates.js';
import { noisyHistory } from './support/noisy-history.js';

function layoutIn(rig: Rig, name = 'a'): MetricsLayout {
  return createMetricsLayout({
    taskId: 'task',
    runsDir: rig.path(name, 'runs'),
    outDir: rig.path(name, 'out'),
  });
}

async function segmentsOf({ taskDir }: MetricsLayout): Promise<Buffer[]> {
  const names = (await readdir(taskDir)).filter((name) => name.startsWith('metrics-')).sort();
  const live = (await readdir(taskDir)).filter((name) => name === 'metrics.json');
  return Promise.all([...names, ...live].map((name) => readFile(join(taskDir, name))));
}

/** What a naive full read says, and what lies on disk, without the times. */
async function expectNaive(layout: MetricsLayout): Promise<void> {
  const { baseline, ...read } = await readAggregates(layout);
  const { checkpoint, damaged, ...documents } = read;
  expect(checkpoint).not.toBeNull();
  expect(damaged).toEqual([]);
  const naive = naiveOutputs(await segmentsOf(layout), { baseline });
  const undated = Object.entries(documents).map(([name, document]) => [
    name,
    document && { ...document, updated_at: '' },
  ]);
  expect(Object.fromEntries(undated)).toEqual({ perEpoch: null, mttrDelta: null, ...naive });
}

test.each([1, 2])(
  'every split and every rotation comes to what a naive full read says (seed %d)',
  async (seed) => {
    await using rig = await createRig();
    const random = createSeededRandom(seed);
    const layout = layoutIn(rig);
    await mkdir(layout.taskDir, { recursive: true });
    const history = noisyHistory(random, seed, 60);
    const checkpoints: string[] = [];
    for (let from = 0; from < history.byteLength;) {
      const to = from + random.integer(1, 2500);
      await appendFile(layout.historyPath, history.subarray(from, to));
      from = to;
      if (random.next() < 0.15) await rotateHistory(layout);
      else await updateAggregates(layout, { rotation: { maxLines: random.integer(5, 50) } });
      if ((await readBaseline(layout)) === null) continue;
      await expectNaive(layout);
      const kept = rig.path(`checkpoint-${checkpoints.length}`);
      await cp(layout.aggregatesDir, kept, { recursive: true, preserveTimestamps: true });
      checkpoints.push(kept);
    }
    const rebuilt = await rebuildAggregates(layout);
    expect(rebuilt.outputsWritten).toEqual([]);
    await expectNaive(layout);
    for (const kept of checkpoints) {
      await cp(kept, layout.aggregatesDir, { recursive: true, preserveTimestamps: true });
      await updateAggregates(layout);
      await expectNaive(layout);
    }
    const { findings } = await checkHistory(layout);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  },
  60_000,
);

test('a history that is cut at every byte comes to what a naive full read says', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  await mkdir(layout.taskDir, { recursive: true });
  const entry = { run_id: 'a', status: 'succeeded', recorded_at: 'x', duration_seconds: 3 };
  const text = [
    JSON.stringify(entry),
    `\n\ufeff${JSON.stringify({ ...entry, attempt: 2, duration_seconds: 0.1 })}\r\n\n`,
    `${JSON.stringify({ ...entry, run_id: 'ü"\\' })}{}\n`,
    `{"run_id":"b"}\n${JSON.stringify({ ...entry, run_id: 'c', tfgrpo_epoch: 1 })}`,
  ].join('');
  for (const byte of Buffer.from(text)) {
    await appendFile(layout.historyPath, Buffer.of(byte));
    await updateAggregates(layout);
    if ((await readBaseline(layout)) !== null) await expectNaive(layout);
  }
  expect((await readAggregates(layout)).postRollout).toMatchObject({ total_runs: 2 });
}, 60_000);
