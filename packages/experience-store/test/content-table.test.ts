import { readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';

import { nodeFileSystem, sha256Hex } from '@codex-orchestrator/core';
import {
  createRig,
  createSeededRandom,
  faultyFileSystem,
  singleFaults,
} from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { addContents, findContent } from '../src/index/content-table.js';
import type { ContentEntry, ContentTable } from '../src/index/content-table.js';

const FILE = 'experiences.top/contents.bin';

function entryOf(nth: number): ContentEntry {
  return { contentHash: sha256Hex(`text ${nth}`), offset: nth * 700 };
}

function entries(count: number, from = 0): ContentEntry[] {
  return Array.from({ length: count }, (_, nth) => entryOf(from + nth));
}

/** As the log would say: whether a line with this content begins in the block. */
function look(table: ContentTable, { contentHash, offset }: ContentEntry) {
  const asked: number[] = [];
  const { found, pagesRead } = findContent(table, contentHash, (block) => {
    asked.push(block);
    return block <= offset && offset < block + 512 ? offset : undefined;
  });
  return { found, pagesRead, asked };
}

function missing(table: ContentTable, wanted: readonly ContentEntry[]): number {
  return wanted.filter((entry) => look(table, entry).found !== entry.offset).length;
}

test('what was added is found, whatever the size of the table, in one page or two', async () => {
  await using rig = await createRig();
  const table = { path: rig.path(FILE), generation: 'g' };
  let count = 0;
  for (const more of [1, 10, 700, 3000, 40_000]) {
    expect(await addContents(table, entries(more, count))).toBe(true);
    count += more;
    const sample = entries(count).filter((_, nth) => nth % Math.ceil(count / 500) === 0);
    expect(missing(table, sample)).toBe(0);
    expect(Math.max(...sample.map((entry) => look(table, entry).pagesRead))).toBeLessThan(3);
    expect(look(table, entryOf(count + 1)).found).toBeUndefined();
  }
});

test('a table does not grow by what is added again', async () => {
  await using rig = await createRig();
  const table = { path: rig.path(FILE), generation: 'g' };
  await addContents(table, entries(300));
  const before = readFileSync(table.path);
  await addContents(table, entries(300));
  expect(readFileSync(table.path)).toEqual(before);
});

test('the pages are passed once for a whole update', async () => {
  await using rig = await createRig();
  const table = { path: rig.path(FILE), generation: 'g' };
  await addContents(table, entries(20_000));
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  await addContents({ ...table, fs: faulty.fs }, entries(2000, 20_000));
  const pages = 2 ** 16 / 512;
  expect(faulty.count('write')).toBeLessThanOrEqual(pages * 1.1);
  expect(faulty.count('read')).toBeLessThanOrEqual(pages * 1.1);
  expect(faulty.unclosed()).toEqual([]);
});

test('several records with one content, or one beginning of a hash, are all looked at', async () => {
  await using rig = await createRig();
  const table = { path: rig.path(FILE), generation: 'g' };
  const contentHash = sha256Hex('same');
  const places = [5, 10_000, 20_000, 10_001].map((offset) => ({ contentHash, offset }));
  await addContents(table, places);
  expect(look(table, { contentHash, offset: 20_000 })).toMatchObject({ found: 20_000 });
  const asked = look(table, { contentHash, offset: 99_999 }).asked;
  expect(asked.sort((a, b) => a - b)).toEqual([0, 19, 39].map((block) => block * 512));
});

test('a log of terabytes has blocks that no slot can name, and these are left out', async () => {
  await using rig = await createRig();
  const table = { path: rig.path(FILE), generation: 'g' };
  const far = { contentHash: sha256Hex('far'), offset: 2 ** 41 - 1024 };
  const beyond = { contentHash: sha256Hex('beyond'), offset: 2 ** 41 };
  expect(await addContents(table, [far, beyond])).toBe(true);
  expect(look(table, far).found).toBe(far.offset);
  expect(look(table, beyond).asked).toEqual([]);
});

test('a table of another generation is as good as none, and is begun anew', async () => {
  await using rig = await createRig();
  const old = { path: rig.path(FILE), generation: 'old' };
  const table = { ...old, generation: 'new' };
  await addContents(old, entries(5));
  expect(missing(table, entries(5))).toBe(5);
  await addContents(table, entries(1, 5));
  expect(missing(table, entries(6))).toBe(5);
  expect(missing(old, entries(5))).toBe(5);
});

test('whatever is done to its bytes, a table gives no more than hints, and can be made anew', async () => {
  await using rig = await createRig();
  const random = createSeededRandom(7);
  const table = { path: rig.path(FILE), generation: 'g' };
  await addContents(table, entries(400));
  const whole = readFileSync(table.path);
  for (let round = 0; round < 60; round++) {
    const bytes = Buffer.from(whole);
    for (let change = 0; change < 20; change++) {
      bytes[random.integer(0, bytes.byteLength - 1)] = random.integer(0, 255);
    }
    writeFileSync(table.path, bytes);
    if (round % 4 === 0) truncateSync(table.path, random.integer(0, bytes.byteLength));
    for (const entry of entries(20))
      expect([undefined, entry.offset]).toContain(look(table, entry).found);
    expect(await addContents(table, entries(3, 1000))).toBe(true);
    expect(missing(table, entries(3, 1000))).toBe(0);
  }
});

test('a table without a free slot ends every search', async () => {
  await using rig = await createRig();
  const table = { path: rig.path(FILE), generation: 'g' };
  await addContents(table, entries(1));
  const bytes = readFileSync(table.path);
  bytes.fill(0x7f, 64);
  writeFileSync(table.path, bytes);
  expect(look(table, { contentHash: '7f7f7f7f', offset: -1 }).asked.length).toBeLessThan(10);
});

test.skipIf(process.platform === 'win32')('a link in its place is not followed', async () => {
  await using rig = await createRig();
  const table = { path: rig.path(FILE), generation: 'g' };
  await addContents(table, entries(5));
  symlinkSync(table.path, rig.path('link'));
  expect(missing({ ...table, path: rig.path('link') }, entries(5))).toBe(5);
});

test('no single fault makes a wrong answer, throws, or keeps the table from being used later', async () => {
  await using probe = await createRig();
  const clean = faultyFileSystem(nodeFileSystem, () => undefined);
  const steps = async (path: string, fs = clean.fs): Promise<boolean> => {
    const table = { path, generation: 'g', fs };
    await addContents(table, entries(700));
    await addContents(table, entries(50, 700));
    const isThere = await addContents(table, entries(50, 750));
    for (const entry of entries(5))
      expect([undefined, entry.offset]).toContain(look(table, entry).found);
    return isThere;
  };
  await steps(probe.path(FILE));
  for (const fault of singleFaults(clean.calls)) {
    await using rig = await createRig();
    const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
    const done = await steps(rig.path(FILE), faulty.fs);
    expect(faulty.unclosed(), fault.title).toEqual([]);
    const table = { path: rig.path(FILE), generation: 'g' };
    await addContents(table, entries(1, 2000));
    expect(missing(table, entries(1, 2000)), fault.title).toBe(0);
    if (done) expect(missing(table, entries(50, 750)), fault.title).toBe(0);
  }
}, 60_000);
