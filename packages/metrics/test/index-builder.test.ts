import { nodeFileSystem } from '@codex-orchestrator/core';
import { createSeededRandom, faultyFileSystem } from '@codex-orchestrator/testing';
import { stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { RunIndexBuilder } from '../src/index/run-index-builder.js';
import { RunIndex } from '../src/index/run-index.js';
import {
  BOOT,
  buildIndex,
  createIndexRig,
  drawHash,
  plainHistory,
  PlainLookup,
} from './index-rig.js';
import type { Added } from './index-rig.js';

const COMMITTED = [1e9];

function hardHistory(count: number, seed: number): Added[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, (_, nth) => ({
    ...drawHash(random),
    place: { segment: 0, offset: nth * 10 },
  }));
}

test.each([
  { title: 'in memory', maxMemoryBytes: 2 ** 26, expectedRuns: 0 },
  { title: 'in memory of the right size', maxMemoryBytes: 2 ** 26, expectedRuns: 5000 },
  { title: 'beyond the memory it may use', maxMemoryBytes: 2 ** 15, expectedRuns: 0 },
  { title: 'in the file from the start', maxMemoryBytes: 2 ** 12, expectedRuns: 5000 },
  { title: 'in the file without any memory', maxMemoryBytes: 0, expectedRuns: 0 },
])('an index that is built $title answers as one that was added to', async (options) => {
  await using rig = await createIndexRig();
  const history = hardHistory(4000, 3);
  const expected = new PlainLookup();
  using builder = new RunIndexBuilder(rig.layout, { generation: 4, boot: BOOT, ...options });

  for (const [nth, added] of history.entries()) {
    builder.add(added.high, added.low, added.place);
    expected.add(added);
    if (nth % 1000 === 0) expect(expected.differenceTo(builder)).toBeUndefined();
  }
  const { maxMemoryBytes } = options;
  expect(builder.isOnDisk).toBe(maxMemoryBytes < builder.capacity * 16);
  const mark = builder.finish();

  expect(mark.generation).toBeGreaterThanOrEqual(4);
  expect(await rig.list()).toEqual([`run-index-${mark.generation}.bin`]);
  // Another boot: every slot is counted.
  using built = RunIndex.open(rig.layout, mark, { committed: COMMITTED, boot: 'next' });
  expect(expected.differenceTo(built)).toBeUndefined();

  await using other = await createIndexRig();
  const empty = buildIndex(other.layout, []);
  using grown = RunIndex.open(other.layout, empty, { committed: COMMITTED, boot: BOOT });
  for (const { high, low, place } of history) grown.add(high, low, place);
  const { used, digest } = grown.flush();
  expect(expected.differenceTo(grown)).toBeUndefined();
  expect({ used, digest }).toEqual({ used: mark.used, digest: mark.digest });
});

test('a builder that is given up leaves no file', async () => {
  await using rig = await createIndexRig();
  {
    using builder = new RunIndexBuilder(rig.layout, { generation: 1, maxMemoryBytes: 0 });
    for (const { high, low, place } of plainHistory(2000)) builder.add(high, low, place);
    expect(await rig.list()).toHaveLength(1);
  }
  expect(await rig.list()).toEqual([]);
});

test.each([0, 2 ** 26])(
  'a builder with %i bytes of memory leaves no file when the disk is full',
  async (maxMemoryBytes) => {
    await using rig = await createIndexRig();
    const faulty = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
      operation === 'write' && nth > 1 ? { kind: 'short', bytes: 0 } : undefined,
    );
    const options = { generation: 1, maxMemoryBytes, fs: faulty.fs };
    const build = (): void => {
      using builder = new RunIndexBuilder(rig.layout, options);
      for (const { high, low, place } of plainHistory(2000)) builder.add(high, low, place);
      builder.finish();
    };

    expect(build).toThrow('nothing was written');
    expect(await rig.list()).toEqual([]);
    expect(faulty.unclosed()).toEqual([]);
  },
);

test('takes the place of a file that a killed builder left', async () => {
  await using rig = await createIndexRig();
  await writeFile(rig.path(1), 'left behind');

  const mark = buildIndex(rig.layout, plainHistory(3));

  using index = RunIndex.open(rig.layout, mark, { committed: COMMITTED, boot: 'next' });
  expect(index.used).toBe(3);
});

test('an update reads and writes as few bytes at a million runs as at a thousand', async () => {
  const costs = [];
  for (const runs of [1e3, 1e4, 1e5, 1e6]) {
    await using rig = await createIndexRig();
    using builder = new RunIndexBuilder(rig.layout, {
      generation: 1,
      expectedRuns: runs,
      boot: BOOT,
    });
    for (const { high, low, place } of plainHistory(runs)) builder.add(high, low, place);
    const mark = builder.finish();
    expect((await stat(rig.path(1))).size).toBeLessThan(runs * 64 + 24_576);
    costs.push(costOfUpdates(rig.layout, { mark, committed: [runs * 100] }));
  }

  for (const { pages, bytesRead, bytesWritten } of costs) {
    // Some look-ups pass from one page into the next.
    expect(pages).toBeLessThan(1.1);
    expect(bytesRead).toBeLessThan(4800);
    expect(bytesWritten).toBe(8 + 16);
  }
});

/** What one update with one new run costs, on average. */
function costOfUpdates(
  layout: Parameters<typeof RunIndex.open>[0],
  start: { readonly mark: Parameters<typeof RunIndex.open>[1]; readonly committed: number[] },
): { pages: number; bytesRead: number; bytesWritten: number } {
  const times = 50;
  const sum = { pages: 0, bytesRead: 0, bytesWritten: 0 };
  let { mark } = start;
  const committed = [...start.committed];
  for (const { high, low } of plainHistory(times, 99)) {
    using index = RunIndex.open(layout, mark, { committed, boot: BOOT });
    expect(index.find(high, low)).toEqual([]);
    const offset = committed[0] ?? 0;
    index.add(high, low, { segment: 0, offset });
    mark = index.flush();
    committed[0] = offset + 100;
    sum.pages += index.pagesRead / times;
    sum.bytesRead += index.bytesRead / times;
    sum.bytesWritten += index.bytesWritten / times;
  }
  return { ...sum, bytesWritten: Math.round(sum.bytesWritten) };
}
