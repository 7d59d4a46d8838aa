import { appendFile, mkdir, writeFile } from 'node:fs/promises';

import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import { bundleChildProgram, createRig, createSeededRandom } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig, SeededRandom } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { readCheckpoint } from '../src/checkpoint/read-checkpoint.js';
import { builtInReducers } from '../src/fold/built-in.js';
import { Fold } from '../src/fold/fold.js';
import { listSegments } from '../src/history/segments.js';
import type { Segment } from '../src/history/segments.js';
import {
  createMetricsLayout,
  readAggregates,
  rebuildAggregates,
  rotateHistory,
} from '../src/index.js';
import type { MetricsLayout } from '../src/index.js';
import { RunIndexBuilder } from '../src/index/run-index-builder.js';
import { countSegments } from '../src/update/count-segments.js';
import { EntryStore } from '../src/update/entry-store.js';
import { HistoryFold } from '../src/update/history-fold.js';
import { countInParallel } from '../src/update/parallel/count-in-parallel.js';
import { splitHistory } from '../src/update/parallel/split-history.js';
import type { HistorySplit } from '../src/update/parallel/split-history.js';
import type { PassRequest } from '../src/update/pass.js';
import { updateOnce } from '../src/update/update-pass.js';
import type { UpdateProgress } from '../src/update/update-report.js';
import { noisyHistory } from './support/noisy-history.js';
import { randomEntries, segmentOf } from './support/random-entries.js';

const fs = nodeFileSystem;
let program: ChildProgram;

beforeAll(async () => {
  program = await bundleChildProgram(new URL('../src/range-worker.ts', import.meta.url));
});

afterAll(async () => {
  await program[Symbol.asyncDispose]();
});

async function layoutIn(rig: Rig): Promise<MetricsLayout> {
  const layout = createMetricsLayout({
    taskId: 'task',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
  await mkdir(layout.taskDir, { recursive: true });
  await mkdir(layout.aggregatesDir, { recursive: true });
  return layout;
}

interface Counted {
  /** All that counting comes to, besides on which thread. */
  readonly state: unknown;
  readonly threads: number;
}

type Way = { readonly split: HistorySplit; readonly worker: string } | undefined;

async function count(layout: MetricsLayout, way: Way): Promise<Counted> {
  const segments = listSegments(layout);
  const fold = new Fold(builtInReducers());
  using store = new EntryStore(segments, fs);
  using index = new RunIndexBuilder(layout, { generation: 9 });
  const history = new HistoryFold({ fold, index, store, isBulk: true });
  const request = { segments, store, history, fs, fold, index, expectedRuns: 0 };
  const { marks, tail, ...rest } = way
    ? await countInParallel({ ...request, ...way })
    : { ...(await countSegments({ ...request, marks: [] })), threads: 1 };
  if (!way) history.settle();
  const reducers = fold.encode();
  const { used, digest, capacity } = index.finish();
  const { counts, damagedLines } = history;
  const last = tail?.toString();
  const state = { reducers, counts, damagedLines, marks, last, used, digest, capacity };
  return { state: structuredClone(state), threads: rest.threads };
}

/** Beginnings of lines, as far as a history can be split there. */
function splitsOf(segments: readonly Segment[]): HistorySplit[] {
  using store = new EntryStore(segments, fs);
  return segments.flatMap(({ bytes, compressed }, ordinal) => {
    const whole = { ordinal, offset: 0, laterShare: 0.5 };
    if (compressed) return [whole];
    const content = Buffer.alloc(bytes);
    store.source(ordinal).read(content, 0);
    const ends = [...content].flatMap((byte, at) => (byte === 10 ? [at + 1] : []));
    return [whole, ...ends.filter((at) => at < bytes).map((offset) => ({ ...whole, offset }))];
  });
}

/** Three segments, which are cut anywhere. */
async function writeHistory(
  layout: MetricsLayout,
  history: Buffer,
  random: SeededRandom,
): Promise<void> {
  const cuts = [random.integer(1, history.byteLength / 2), history.byteLength - 2000];
  const parts = [0, ...cuts].map((from, at) => history.subarray(from, cuts[at]));
  for (const [at, part] of parts.entries()) {
    await appendFile(layout.historyPath, part);
    if (at < 2) await rotateHistory(layout, { gzip: at === 0 && random.next() < 0.3 });
  }
}

/** How often two threads sufficed. */
async function compareSplits(
  layout: MetricsLayout,
  random: SeededRandom,
  times: number,
): Promise<number> {
  const serial = await count(layout, undefined);
  const splits = splitsOf(listSegments(layout));
  let inTwo = 0;
  for (let left = times; left > 0; left -= 1) {
    const split = splits[random.integer(0, splits.length - 1)];
    if (split === undefined) throw new Error('Expected a place to split at');
    const parallel = await count(layout, { split, worker: program.path });
    expect(parallel.state).toEqual(serial.state);
    if (parallel.threads === 2) inTwo += 1;
  }
  return inTwo;
}

test.each([1, 2, 3])(
  'two threads come to what one does, wherever a history is split (seed %d)',
  async (seed) => {
    await using rig = await createRig();
    const layout = await layoutIn(rig);
    const random = createSeededRandom(seed);
    const entries = randomEntries(seed, 500, { hostile: false });
    await writeHistory(layout, segmentOf(entries), random);
    expect(await compareSplits(layout, random, 5)).toBeGreaterThan(1);
  },
  60_000,
);

test.each([1, 2, 3])(
  'hostile lines are counted in two threads as in one (seed %d)',
  async (seed) => {
    await using rig = await createRig();
    const layout = await layoutIn(rig);
    const random = createSeededRandom(seed);
    await writeHistory(layout, noisyHistory(random, seed, 300), random);
    await compareSplits(layout, random, 4);
  },
  60_000,
);

interface Line {
  readonly run_id: string;
  readonly attempt?: number;
  readonly pipeline_id?: string;
  readonly stages?: readonly { readonly id: string }[];
}

function linesOf(lines: readonly Line[]): string {
  const rest = { status: 'succeeded', recorded_at: 'x', duration_seconds: 0.5 };
  return lines.map((line) => `${JSON.stringify({ ...line, ...rest })}\n`).join('');
}

function plainRuns(name: string, count: number): Line[] {
  return Array.from({ length: count }, (_, at) => ({ run_id: `${name}-${at}` }));
}

/** Split between the two texts; what both ways come to, which is compared. */
async function countHalves(
  rig: Rig,
  first: string,
  later: string,
  worker = program.path,
): Promise<Counted> {
  const layout = await layoutIn(rig);
  await writeFile(layout.historyPath, first + later);
  const split = { ordinal: 0, offset: Buffer.byteLength(first), laterShare: 0.5 };
  const parallel = await count(layout, { split, worker });
  expect(parallel.state).toEqual((await count(layout, undefined)).state);
  return parallel;
}

test('attempts of a run in both halves count as in one', async () => {
  await using rig = await createRig();
  const at = (attempt: number, runs: readonly string[]): Line[] =>
    runs.map((run_id) => ({ run_id, attempt }));
  const first = [...at(1, ['a', 'b', 'c']), ...at(3, ['b']), ...at(2, ['d', 'e', 'f', 'g'])];
  const later = [
    ...at(1, ['a', 'b', 'd', 'e', 'f', 'new', 'new']),
    ...at(2, ['a', 'b', 'e', 'f', 'new']),
    ...at(3, ['a', 'b', 'f', 'g']),
    ...at(4, ['f']),
    ...plainRuns('tail', 17),
    ...at(1, ['g']),
    ...at(5, ['f', 'b']),
  ];
  const { state, threads } = await countHalves(rig, linesOf(first), linesOf(later));
  expect(threads).toBe(2);
  expect(state).toMatchObject({ counts: { lines: 45, runs: 25, entries: 34, repeated: 11 } });
});

test('the last line that nothing ends is told, and damaged lines of both halves', async () => {
  await using rig = await createRig();
  const damaged = 'no\n'.repeat(12);
  const first = linesOf(plainRuns('first', 5)) + damaged;
  const later = `${damaged}${linesOf(plainRuns('later', 30))}{"run_id":"torn`;
  const { state, threads } = await countHalves(rig, first, later);
  expect(threads).toBe(2);
  expect(state).toMatchObject({ last: '{"run_id":"torn', counts: { damaged: 24 } });
  expect(state).toHaveProperty('damagedLines.length', 20);
});

const tail = plainRuns('tail', 40);
const many = Array.from({ length: 150 }, (_, at) => ({ run_id: `m${at}`, pipeline_id: `p${at}` }));

test.each<[string, Line[], Line[]]>([
  [
    'a line that does not count would leave a name',
    plainRuns('a', 3),
    [{ run_id: 'a-1', pipeline_id: 'odd' }, ...tail, { run_id: 'x', pipeline_id: 'y' }],
  ],
  ['too few runs are in the second half', plainRuns('a', 30), plainRuns('b', 19)],
  [
    'both together have more pipelines than are told apart',
    many,
    many.map((line) => ({ run_id: `n${line.run_id}`, pipeline_id: `q${line.pipeline_id}` })),
  ],
])('one thread counts all where %s', async (_, first, later) => {
  await using rig = await createRig();
  const { threads } = await countHalves(rig, linesOf(first), linesOf(later));
  expect(threads).toBe(1);
});

test.each([
  ['throws', 'throw new Error("gone")'],
  ['exits', 'process.exit(0)'],
  ['ends without a word', ''],
  ['is no program', '('],
])('one thread counts all where the other %s', async (_, text) => {
  await using rig = await createRig();
  const worker = rig.path('worker.mjs');
  await writeFile(worker, text);
  const { threads } = await countHalves(rig, linesOf(plainRuns('a', 30)), linesOf(tail), worker);
  expect(threads).toBe(1);
});

test('a history is split at the line behind its middle, or between segments', async () => {
  await using rig = await createRig();
  const layout = await layoutIn(rig);
  await writeFile(layout.historyPath, 'aaaa\nbb\ncc\n');
  const split = (minBytes: number): HistorySplit | undefined =>
    splitHistory(listSegments(layout), minBytes, fs);
  expect(split(12)).toBeUndefined();
  expect(split(11)).toEqual({ ordinal: 0, offset: 8, laterShare: 3 / 11 });
  await writeFile(layout.historyPath, 'aaaa\nbbbbbbbb');
  expect(split(0)).toBeUndefined();
  await rotateHistory(layout);
  await writeFile(layout.historyPath, 'c\n');
  expect(split(0)).toEqual({ ordinal: 1, offset: 0, laterShare: 2 / 16 });
});

function passOf(layout: MetricsLayout, rest: Partial<PassRequest>): PassRequest {
  const ports = { fs, clock: systemClock, random: systemRandom };
  const parallel = { worker: program.path, minBytes: 0 };
  return { layout, ports, reducers: [], mode: 'rebuild', rotation: {}, parallel, ...rest };
}

test('a rebuild in two threads writes the same checkpoint and documents', async () => {
  await using rig = await createRig();
  const layout = await layoutIn(rig);
  await writeFile(layout.historyPath, segmentOf(randomEntries(7, 400, { hostile: false })));
  await rebuildAggregates(layout);
  const { checkpoint: before, ...documents } = await readAggregates(layout);
  const serial = readCheckpoint(layout, fs);
  const told: UpdateProgress[] = [];
  const onProgress = (progress: UpdateProgress): void => void told.push(progress);
  const result = await updateOnce(passOf(layout, { onProgress }));
  const parallel = readCheckpoint(layout, fs);
  const { checkpoint, ...rebuilt } = await readAggregates(layout);
  expect(result.outputsWritten).toEqual([]);
  expect(rebuilt).toEqual(documents);
  expect({ ...checkpoint, updatedAt: '' }).toEqual({ ...before, updatedAt: '' });
  if (serial.kind !== 'read' || parallel.kind !== 'read') throw new Error('Expected checkpoints');
  const { reducers, counts, segments } = serial.checkpoint;
  expect(parallel.checkpoint).toMatchObject({ reducers, counts, segments });
});

/** The path of one that tells of progress and never of an end. */
async function endlessWorker(rig: Rig): Promise<string> {
  const path = rig.path('worker.mjs');
  const lines = [
    `import { parentPort } from 'node:worker_threads';`,
    `parentPort.on('message', () => undefined);`,
    `parentPort.postMessage({ kind: 'progress', bytesDone: 0, lines: 0 });`,
  ];
  await writeFile(path, lines.join('\n'));
  return path;
}

test('an aborted signal ends the rebuild and its thread', async () => {
  await using rig = await createRig();
  const layout = await layoutIn(rig);
  await writeFile(layout.historyPath, linesOf([...plainRuns('a', 30), ...tail]));
  const worker = await endlessWorker(rig);
  const controller = new AbortController();
  const reason = new Error('enough');
  const request = passOf(layout, {
    parallel: { worker, minBytes: 0 },
    signal: controller.signal,
    onProgress: () => {
      controller.abort(reason);
    },
  });
  await expect(updateOnce(request)).rejects.toBe(reason);
  expect(readCheckpoint(layout, fs).kind).toBe('none');
});

test('what onProgress throws ends the rebuild', async () => {
  await using rig = await createRig();
  const layout = await layoutIn(rig);
  await writeFile(layout.historyPath, linesOf([...plainRuns('a', 30), ...tail]));
  const worker = await endlessWorker(rig);
  const reason = new Error('no more');
  const onProgress = (): never => {
    throw reason;
  };
  const request = passOf(layout, { parallel: { worker, minBytes: 0 }, onProgress });
  await expect(updateOnce(request)).rejects.toBe(reason);
});
