import { appendFileSync, cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
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
import type { Aggregates, MetricsLayout } from '../src/index.js';
import { naiveOutputs } from './support/naive-aggregates.js';
import { noisyHistory } from './support/noisy-history.js';

function layoutIn(rig: Rig, name = 'a'): MetricsLayout {
  return createMetricsLayout({
    taskId: 'task',
    runsDir: rig.path(name, 'runs'),
    outDir: rig.path(name, 'out'),
  });
}

function segmentsOf({ taskDir }: MetricsLayout): Buffer[] {
  const names = readdirSync(taskDir);
  const closed = names.filter((name) => name.startsWith('metrics-')).sort();
  const live = names.filter((name) => name === 'metrics.json');
  return [...closed, ...live].map((name) => readFileSync(join(taskDir, name)));
}

type Documents = Omit<Aggregates, 'checkpoint' | 'damaged'>;

/** What lies on disk. */
async function documentsOf(layout: MetricsLayout): Promise<Documents> {
  const { checkpoint, damaged, ...documents } = await readAggregates(layout);
  expect(checkpoint).not.toBeNull();
  expect(damaged).toEqual([]);
  return documents;
}

function undated(documents: object): Readonly<Record<string, unknown>> {
  const members = Object.entries(documents) as [string, object | null][];
  return Object.fromEntries(
    members.map(([name, document]) => [name, document && { ...document, updated_at: '' }]),
  );
}

/** What lies on disk, without the times, is what a naive full read says. */
async function expectNaive(layout: MetricsLayout): Promise<Documents> {
  const all = await documentsOf(layout);
  const { baseline, ...documents } = all;
  const naive = naiveOutputs(segmentsOf(layout), { baseline });
  expect(undated(documents)).toEqual({ perEpoch: null, mttrDelta: null, ...naive });
  return all;
}

test.each([1, 2])(
  'every split and every rotation comes to what a naive full read says (seed %d)',
  async (seed) => {
    await using rig = await createRig();
    const random = createSeededRandom(seed);
    const layout = layoutIn(rig);
    mkdirSync(layout.taskDir, { recursive: true });
    const history = noisyHistory(random, seed, 60);
    const checkpoints: string[] = [];
    for (let from = 0; from < history.byteLength;) {
      const to = from + random.integer(1, 2500);
      appendFileSync(layout.historyPath, history.subarray(from, to));
      from = to;
      if (random.next() < 0.15) await rotateHistory(layout);
      else await updateAggregates(layout, { rotation: { maxLines: random.integer(5, 50) } });
      if ((await readBaseline(layout)) === null) continue;
      await expectNaive(layout);
      const kept = rig.path(`checkpoint-${checkpoints.length}`);
      cpSync(layout.aggregatesDir, kept, { recursive: true, preserveTimestamps: true });
      checkpoints.push(kept);
    }
    const rebuilt = await rebuildAggregates(layout);
    expect(rebuilt.outputsWritten).toEqual([]);
    const documents = await expectNaive(layout);
    for (const kept of checkpoints) {
      cpSync(kept, layout.aggregatesDir, { recursive: true, preserveTimestamps: true });
      await updateAggregates(layout);
      expect(undated(await documentsOf(layout))).toEqual(undated(documents));
    }
    const { findings } = await checkHistory(layout);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  },
  60_000,
);

test('a history that is cut at every byte comes to what a naive full read says', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  mkdirSync(layout.taskDir, { recursive: true });
  const entry = { run_id: 'a', status: 'succeeded', recorded_at: 'x', duration_seconds: 3 };
  const text = [
    JSON.stringify(entry),
    `\n\ufeff${JSON.stringify({ ...entry, attempt: 2, duration_seconds: 0.1 })}\r\n\n`,
    `${JSON.stringify({ ...entry, run_id: 'ü"\\' })}{}\n`,
    `{"run_id":"b"}\n${JSON.stringify({ ...entry, run_id: 'c', tfgrpo_epoch: 1 })}`,
  ].join('');
  for (const byte of Buffer.from(text)) {
    appendFileSync(layout.historyPath, Buffer.of(byte));
    await updateAggregates(layout);
    if ((await readBaseline(layout)) !== null) await expectNaive(layout);
  }
  expect((await readAggregates(layout)).postRollout).toMatchObject({ total_runs: 2 });
}, 60_000);
