import { nodeFileSystem } from '@codex-orchestrator/core';
import { faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import { copyFile, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { HEADER_BYTES } from '../src/index/index-file.js';
import type { IndexMark } from '../src/index/index-mark.js';
import { removeOtherIndexes } from '../src/index/remove-indexes.js';
import { RunIndex } from '../src/index/run-index.js';
import type { IndexLayout } from '../src/index/run-index.js';
import { SLOT_BYTES } from '../src/index/slot.js';
import {
  BOOT,
  buildIndex,
  createIndexRig,
  plainHistory,
  PlainLookup,
  textOf,
} from './index-rig.js';

const COMMITTED = [1e9];

function openAll(layout: IndexLayout, mark: IndexMark, boot = BOOT): RunIndex {
  return RunIndex.open(layout, mark, { committed: COMMITTED, boot });
}

test('says that there is no file', async () => {
  await using rig = await createIndexRig();
  const mark = buildIndex(rig.layout, plainHistory(10));
  await unlink(rig.path(1));

  expect(() => openAll(rig.layout, mark)).toThrow(expect.objectContaining({ problem: 'missing' }));
});

test.each([-1, 1, -SLOT_BYTES, SLOT_BYTES, -(HEADER_BYTES + 1024 * SLOT_BYTES)])(
  'refuses a file that is %i bytes longer than it ought to be',
  async (bytes) => {
    await using rig = await createIndexRig();
    const mark = buildIndex(rig.layout, plainHistory(10));
    await truncate(rig.path(1), HEADER_BYTES + mark.capacity * SLOT_BYTES + bytes);

    expect(() => openAll(rig.layout, mark)).toThrow(
      expect.objectContaining({ problem: 'truncated' }),
    );
  },
);

test('refuses a file with another header, whichever of its bytes is another one', async () => {
  await using rig = await createIndexRig();
  const mark = buildIndex(rig.layout, plainHistory(10));
  const whole = await readFile(rig.path(1));

  for (let at = 0; at < 32; at++) {
    const edited = Buffer.from(whole);
    edited.writeUInt8(edited.readUInt8(at) ^ 1, at);
    await writeFile(rig.path(1), edited);
    expect(() => openAll(rig.layout, mark)).toThrow(
      expect.objectContaining({ problem: 'other-file' }),
    );
  }
});

test('refuses the index of another generation and that of another build', async () => {
  await using rig = await createIndexRig();
  const mark = buildIndex(rig.layout, plainHistory(10));
  const again = buildIndex(rig.layout, plainHistory(10));
  expect(again.id).not.toBe(mark.id);
  await copyFile(rig.path(1), rig.path(2));

  for (const wrong of [mark, { ...again, generation: 2 }]) {
    expect(() => openAll(rig.layout, wrong)).toThrow(
      expect.objectContaining({ problem: 'other-file' }),
    );
  }
});

test('notices after another boot that any slot is lost, stale or altered', async () => {
  await using rig = await createIndexRig();
  const mark = buildIndex(rig.layout, plainHistory(500));
  const whole = await readFile(rig.path(1));

  for (let slot = 0; slot < mark.capacity; slot += 7) {
    const at = HEADER_BYTES + slot * SLOT_BYTES;
    const slotBytes = whole.subarray(at, at + SLOT_BYTES);
    if (slotBytes.every((byte) => byte === 0)) continue;
    const lost = Buffer.from(whole).fill(0, at, at + SLOT_BYTES);
    const altered = Buffer.from(whole);
    altered.writeUInt8(altered.readUInt8(at + (slot % SLOT_BYTES)) ^ 4, at + (slot % SLOT_BYTES));
    for (const bytes of [lost, altered]) {
      await writeFile(rig.path(1), bytes);
      expect(() => openAll(rig.layout, mark, 'next-boot')).toThrow(
        expect.objectContaining({ problem: 'altered' }),
      );
    }
  }
  await writeFile(rig.path(1), whole);
  using index = openAll(rig.layout, mark, 'next-boot');
  expect(index.wasSwept).toBe(true);
  expect(index.flush()).toEqual({ ...mark, boot: 'next-boot' });
});

test('counts the slots of a copied file', async () => {
  await using rig = await createIndexRig();
  const mark = buildIndex(rig.layout, plainHistory(50));
  await copyFile(rig.path(1), `${rig.path(1)}.copy`);
  nodeFileSystem.rename(`${rig.path(1)}.copy`, rig.path(1));

  using index = openAll(rig.layout, mark);

  expect(index.wasSwept).toBe(true);
});

test('ends a look-up in a table without a free slot', async () => {
  await using rig = await createIndexRig();
  const mark = buildIndex(rig.layout, plainHistory(10));
  const full = await readFile(rig.path(1));
  await writeFile(rig.path(1), full.fill(0x11, HEADER_BYTES));
  using index = openAll(rig.layout, mark);

  const exhausted = expect.objectContaining({ problem: 'exhausted' }) as unknown as Error;
  expect(() => index.find(1, 2)).toThrow(exhausted);
  expect(() => {
    index.add(1, 2, { segment: 0, offset: 3 });
  }).toThrow(exhausted);
});

test('shows a reader beside the updater only what is committed, and lets it write nothing', async () => {
  await using rig = await createIndexRig();
  const mark = buildIndex(rig.layout, plainHistory(10));
  const committed = [1000];
  const [known] = plainHistory(1);
  if (!known) throw new Error('there is a first entry');
  using updater = RunIndex.open(rig.layout, mark, { committed, boot: BOOT });
  updater.add(known.high, known.low, { segment: 0, offset: 1000 });
  updater.flush();
  const before = await readFile(rig.path(1));

  using reader = RunIndex.open(rig.layout, mark, { committed, boot: BOOT, readOnly: true });

  expect(textOf(reader.find(known.high, known.low))).toBe('0/0');
  expect(() => {
    reader.add(1, 2, { segment: 0, offset: 0 });
  }).toThrow('read only');
  expect(await readFile(rig.path(1))).toEqual(before);
});

test('adds the very same place once', async () => {
  await using rig = await createIndexRig();
  const mark = buildIndex(rig.layout, []);
  using index = openAll(rig.layout, mark);

  for (let times = 0; times < 3; times++) index.add(1, 2, { segment: 3, offset: 2 ** 40 + 5 });

  expect(index.used).toBe(1);
  expect(index.find(1, 2)).toEqual([{ segment: 3, offset: 2 ** 40 + 5 }]);
});

test('says which places no slot can name', async () => {
  await using rig = await createIndexRig();
  using index = openAll(rig.layout, buildIndex(rig.layout, []));
  const largest = { segment: 2 ** 20 - 2, offset: 2 ** 44 - 1 };
  index.add(5, 6, largest);
  expect(index.find(5, 6)).toEqual([largest]);

  for (const place of [
    { segment: 2 ** 20 - 1, offset: 0 },
    { segment: 0, offset: 2 ** 44 },
    { segment: -1, offset: 0 },
    { segment: 0, offset: -1 },
  ]) {
    expect(() => {
      index.add(1, 2, place);
    }).toThrow(RangeError);
  }
  expect(index.used).toBe(1);
});

test('commits several times while it is open', async () => {
  await using rig = await createIndexRig();
  using index = openAll(rig.layout, buildIndex(rig.layout, []));
  index.add(1, 1, { segment: 0, offset: 0 });
  const first = index.flush();
  index.add(2, 2, { segment: 0, offset: 10 });
  const second = index.flush();

  expect(second.sequence).toBe(first.sequence + 1);
  using later = RunIndex.open(rig.layout, first, { committed: [10], boot: BOOT });
  expect(later.wasSwept).toBe(true);
  expect(later.find(1, 1)).toHaveLength(1);
  expect(later.find(2, 2)).toHaveLength(0);
});

test('every single fault leaves the old index or the new one', async () => {
  await using clean = await createIndexRig();
  const counted = faultyFileSystem(nodeFileSystem, () => undefined);
  runSession(clean.layout, buildIndex(clean.layout, plainHistory(600)), counted.fs);
  const faults = singleFaults(counted.calls);
  expect(faults.length).toBeGreaterThan(20);

  for (const singleFault of faults) {
    const { title } = singleFault;
    await using rig = await createIndexRig();
    const old = buildIndex(rig.layout, plainHistory(600));
    const faulty = faultyFileSystem(nodeFileSystem, (call) => singleFault.plan(call));
    let mark = old;
    try {
      mark = runSession(rig.layout, old, faulty.fs);
    } catch {
      // The old checkpoint counts.
    }
    expect(faulty.unclosed(), title).toEqual([]);
    const committed = [mark === old ? 60_000 : 1e9];
    using index = RunIndex.open(rig.layout, mark, { committed, boot: BOOT });
    const expected = new PlainLookup();
    for (const entry of plainHistory(mark === old ? 600 : 700)) expected.add(entry);
    expect(expected.differenceTo(index), title).toBeUndefined();
    expect(index.used, title).toBe(mark === old ? 600 : 700);
  }
});

/** Counts a hundred more entries, for which the table must grow; the others are there already. */
function runSession(layout: IndexLayout, mark: IndexMark, fs: typeof nodeFileSystem): IndexMark {
  const options = { committed: [60_000], boot: BOOT, maxPages: 64, fs };
  using index = RunIndex.open(layout, mark, options);
  for (const { high, low, place } of plainHistory(700)) index.add(high, low, place);
  return index.flush();
}

test('removes the files of other generations and nothing else', async () => {
  await using rig = await createIndexRig();
  const names = ['run-index-1.bin', 'run-index-02.bin', 'run-index-x.bin', 'summary.json'];
  for (const name of names) await writeFile(`${rig.folder}/${name}`, '');
  await writeFile(rig.path(7), '');
  await writeFile(rig.path(12), '');

  expect(removeOtherIndexes(rig.layout, 7)).toEqual([rig.path(1), rig.path(12)]);
  expect(await rig.list()).toEqual([
    'run-index-02.bin',
    'run-index-7.bin',
    'run-index-x.bin',
    'summary.json',
  ]);
  const elsewhere = { runIndexPath: (nth: number) => `${rig.folder}/none/run-index-${nth}.bin` };
  expect(removeOtherIndexes(elsewhere, 1)).toEqual([]);
});
