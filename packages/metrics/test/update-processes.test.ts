import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { bundleChildProgram, createRig, createSeededRandom } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  checkHistory,
  createMetricsLayout,
  rebuildAggregates,
  updateAggregates,
} from '../src/index.js';
import type { MetricsLayout } from '../src/index.js';

let program: ChildProgram;

beforeAll(async () => {
  program = await bundleChildProgram(new URL('./programs/append-and-update.ts', import.meta.url));
});

afterAll(async () => {
  await program[Symbol.asyncDispose]();
});

interface Writer {
  /** Run ids whose entries are known to be in the history. */
  readonly acknowledged: string[];
  readonly ended: Promise<void>;
  /** Resolves when that many are acknowledged, or all that there will be. */
  reached(count: number): Promise<void>;
  kill(): void;
}

function startWriter(rig: Rig, name: string, count: number, maxLines: number): Writer {
  const child = spawn(process.execPath, [program.path, rig.root, name, `${count}`, `${maxLines}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  const ended = once(child, 'close').then(() => undefined);
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    acknowledged.push(...lines);
  });
  return {
    acknowledged,
    ended,
    async reached(wanted) {
      while (acknowledged.length < wanted) {
        const isOver = await Promise.race([
          once(child.stdout, 'data').then(() => false),
          ended.then(() => true),
        ]);
        if (isOver) return;
      }
    },
    kill: () => child.kill('SIGKILL'),
  };
}

function layoutIn(rig: Rig): MetricsLayout {
  return createMetricsLayout({
    taskId: 'task',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
}

async function runIdsOnDisk({ taskDir }: MetricsLayout): Promise<string[]> {
  const names = (await readdir(taskDir)).filter((name) => /^metrics.*json$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(taskDir, name), 'utf8')));
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { run_id: string }).run_id);
}

test('sixteen writers that update and rotate beside each other are counted once each, with nobody left to do it', async () => {
  await using rig = await createRig();
  const writers = Array.from({ length: 16 }, (_, nth) => startWriter(rig, `w${nth}`, 200, 400));
  await Promise.all(writers.map(({ ended }) => ended));
  const layout = layoutIn(rig);
  // No update here: whoever was the last to hold the lock has counted what all others left behind.
  const text = await readFile(layout.postRolloutPath, 'utf8');
  expect(JSON.parse(text)).toMatchObject({ total_runs: 3200, succeeded_runs: 2560 });
  expect(await updateAggregates(layout)).toMatchObject({
    outcome: 'unchanged',
    totals: { runs: 3200, lines: 3200, damagedLines: 0 },
  });
  expect((await checkHistory(layout)).findings).toEqual([]);
  const rebuilt = await rebuildAggregates(layout);
  expect(rebuilt).toMatchObject({ totals: { runs: 3200 }, repeated: 0, outputsWritten: [] });
}, 120_000);

test.each([1])(
  'killed writers and updaters lose nothing that was acknowledged and count nothing twice (seed %d)',
  async (seed) => {
    await using rig = await createRig();
    const random = createSeededRandom(seed);
    const layout = layoutIn(rig);
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round++) {
      const writers = Array.from({ length: 3 }, (_, nth) =>
        startWriter(rig, `r${round}w${nth}`, 1000, 25),
      );
      const enough = random.integer(1, 15);
      for (const writer of writers) {
        await writer.reached(enough);
        writer.kill();
      }
      await Promise.all(writers.map(({ ended }) => ended));
      acknowledged.push(...writers.flatMap((writer) => writer.acknowledged));
    }
    await updateAggregates(layout);
    const onDisk = await runIdsOnDisk(layout);
    expect(new Set(onDisk).size).toBe(onDisk.length);
    expect(onDisk).toEqual(expect.arrayContaining(acknowledged));
    const rebuilt = await rebuildAggregates(layout);
    expect(rebuilt).toMatchObject({ totals: { runs: onDisk.length }, outputsWritten: [] });
    expect((await checkHistory(layout)).findings).toEqual([]);
  },
  120_000,
);
