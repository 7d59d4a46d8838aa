import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { bundleChildProgram, createSeededRandom } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createWriteRig } from './write-rig.js';
import type { LogContent } from './write-rig.js';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

let program: ChildProgram;

beforeAll(async () => {
  program = await bundleChildProgram(new URL('./programs/append-batches.ts', import.meta.url));
});

afterAll(async () => {
  await program[Symbol.asyncDispose]();
});

interface Writer {
  /** Ids of the records of batches that are known to be in the log. */
  readonly acknowledged: readonly string[];
  readonly ended: Promise<void>;
  /** Resolves when that many batches are acknowledged, or all that there will be. */
  reached(batches: number): Promise<void>;
  kill(): void;
}

function startWriter(rig: Rig, name: string, batches: number): Writer {
  const child = spawn(process.execPath, [program.path, rig.root, name, `${batches}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const ended = once(child, 'close').then(() => undefined);
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const pieces = (rest + text).split('\n');
    rest = pieces.pop() ?? '';
    lines.push(...pieces);
  });
  return {
    get acknowledged() {
      return lines.flatMap((line) => line.split(' ')).filter((id) => id !== '');
    },
    ended,
    async reached(wanted) {
      while (lines.length < wanted) {
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

/** Records of one run were one batch: there are all of them, and each once. */
function expectWholeBatches({ records }: LogContent): void {
  const counts = new Map<string, number>();
  for (const { runId } of records) counts.set(runId, (counts.get(runId) ?? 0) + 1);
  for (const [runId, count] of counts) {
    expect(count, runId).toBe(1 + (Number(runId.split('-')[1]) % 5));
  }
  expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
}

test('eight writers at once lose nothing, write nothing twice, and leave no line damaged', async () => {
  await using rig = await createWriteRig();
  const writers = NAMES.map((name) => startWriter(rig.rig, name, 500));
  await Promise.all(writers.map(({ ended }) => ended));
  const log = rig.readLog();
  expect(log.records).toHaveLength(8 * 500 * 3);
  expect(log.lines.filter(({ line }) => line.kind === 'bad')).toEqual([]);
  expectWholeBatches(log);
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  expect(new Set(log.records.map(({ id }) => id))).toEqual(new Set(acknowledged));
}, 180_000);

test.each([1, 2])(
  'writers that are killed and started again lose nothing that was acknowledged, and half a batch counts for nobody (seed %d)',
  async (seed) => {
    await using rig = await createWriteRig();
    const random = createSeededRandom(seed);
    const acknowledged: string[] = [];
    for (let round = 0; round < 4; round++) {
      const writers = NAMES.map((name) => startWriter(rig.rig, `${name}${'x'.repeat(round)}`, 500));
      await Promise.all(
        writers.map(async (writer) => {
          await writer.reached(random.integer(1, 60));
          writer.kill();
          await writer.ended;
        }),
      );
      acknowledged.push(...writers.flatMap((writer) => writer.acknowledged));
    }
    const log = rig.readLog();
    expectWholeBatches(log);
    const ids = new Set(log.records.map(({ id }) => id));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(100);
  },
  180_000,
);
