import { mkdirSync, statSync, symlinkSync, unlinkSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Fault, Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { appendEntry } from '../src/history/append-entry.js';
import { createMetricsLayout } from '../src/layout.js';
import type { MetricsLayout } from '../src/layout.js';

const HISTORY = 'runs/t/metrics.json';

function layoutIn(rig: Rig): MetricsLayout {
  return createMetricsLayout({ taskId: 't', runsDir: rig.path('runs'), outDir: rig.path('out') });
}

function entry(id: string) {
  return { run_id: id, status: 'succeeded', recorded_at: '2026-01-01T00:00:00.000Z' };
}

function line(id: string): string {
  return `${JSON.stringify(entry(id))}\n`;
}

test('each entry is one line, and folders are made as needed', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  const first = await appendEntry(layout, entry('a'));
  const second = await appendEntry(layout, entry('b'));
  const bytes = line('a').length;
  expect(first).toEqual({ bytes, startOffset: 0, healedTail: false });
  expect(second).toEqual({ bytes, startOffset: bytes, healedTail: false });
  expect(await rig.read(HISTORY)).toBe(line('a') + line('b'));
});

test('an entry behind half a line begins on a new one', async () => {
  await using rig = await createRig();
  await rig.write({ [HISTORY]: `${line('a')}{"run_id":"ha` });
  const before = statSync(rig.path(HISTORY)).size;
  const { startOffset, healedTail } = await appendEntry(layoutIn(rig), entry('b'));
  expect({ startOffset, healedTail }).toEqual({ startOffset: before + 1, healedTail: true });
  expect(await rig.read(HISTORY)).toBe(`${line('a')}{"run_id":"ha\n${line('b')}`);
});

test('it is the same five calls whatever the length of the history, and no lock', async () => {
  await using rig = await createRig();
  await rig.write({ [HISTORY]: line('a').repeat(20_000) });
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  await appendEntry(layoutIn(rig), entry('b'), { fs: faulty.fs });
  const calls = ['open', 'fstat', 'read', 'write', 'close'];
  expect(faulty.calls.map(({ operation }) => operation)).toEqual(calls);
});

test('a durable entry is synced, and its folder where the file is new', async () => {
  await using rig = await createRig();
  for (const fsyncs of [2, 1]) {
    const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
    await appendEntry(layoutIn(rig), entry('a'), { durability: 'power', fs: faulty.fs });
    expect(faulty.count('fsync')).toBe(process.platform === 'win32' ? 1 : fsyncs);
  }
});

test('what readers would not count is not written', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  for (const bad of [
    { ...entry('a'), status: ' ' },
    { ...entry('a'), filler: 'x'.repeat(16 * 2 ** 20) },
  ]) {
    await expect(appendEntry(layout, bad)).rejects.toMatchObject({ code: 'ENTRY_INVALID' });
  }
  expect(await rig.list()).toEqual([]);
});

test.skipIf(process.platform === 'win32')(
  'neither a symlink nor a folder is written to',
  async () => {
    await using rig = await createRig();
    await rig.write({ elsewhere: 'mine' });
    mkdirSync(rig.path('runs/t'), { recursive: true });
    const failed = { code: 'HISTORY_WRITE_FAILED', path: rig.path(HISTORY) };
    symlinkSync(rig.path('elsewhere'), rig.path(HISTORY));
    await expect(appendEntry(layoutIn(rig), entry('a'))).rejects.toMatchObject(failed);
    unlinkSync(rig.path(HISTORY));
    mkdirSync(rig.path(HISTORY));
    await expect(appendEntry(layoutIn(rig), entry('a'))).rejects.toMatchObject(failed);
    expect(await rig.read('elsewhere')).toBe('mine');
  },
);

test('after a pause it looks whether the file is still part of the history', async () => {
  await using rig = await createRig();
  await rig.write({ [HISTORY]: line('a') });
  const clock = createManualClock();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, nth }) => {
    if (operation === 'write' && nth === 1) {
      void clock.advance(30_001);
      unlinkSync(rig.path(HISTORY));
    }
    return undefined;
  });
  await appendEntry(layoutIn(rig), entry('b'), { fs, clock });
  expect(await rig.read(HISTORY)).toBe(line('b'));
});

test('an endless series of such pauses is an error', async () => {
  await using rig = await createRig();
  const clock = createManualClock();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (operation === 'write') {
      void clock.advance(30_001);
      unlinkSync(rig.path(HISTORY));
    }
    return undefined;
  });
  await expect(appendEntry(layoutIn(rig), entry('b'), { fs, clock })).rejects.toMatchObject({
    code: 'HISTORY_WRITE_FAILED',
  });
});

const faults: Fault[] = [
  { kind: 'error', code: 'EIO' },
  { kind: 'error', code: 'EIO', after: true },
  { kind: 'short', bytes: 5 },
];

test.each(faults)('a fault at any call costs at most that entry: %j', async (fault) => {
  for (const operation of ['open', 'fstat', 'read', 'write', 'fsync', 'close']) {
    await using rig = await createRig();
    await rig.write({ [HISTORY]: `${line('a')}half` });
    const faulty = faultyFileSystem(nodeFileSystem, (call) =>
      call.operation === operation && call.nth === 1 ? fault : undefined,
    );
    const layout = layoutIn(rig);
    const options = { fs: faulty.fs, durability: 'power' } as const;
    const appended = await appendEntry(layout, entry('b'), options).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'HISTORY_WRITE_FAILED' });
    });
    expect(faulty.unclosed()).toEqual([]);
    await appendEntry(layout, entry('c'));
    const lines = (await rig.read(HISTORY)).split('\n');
    expect(lines.slice(0, 2)).toEqual([line('a').trimEnd(), 'half']);
    expect(lines.slice(-2)).toEqual([line('c').trimEnd(), '']);
    if (appended) expect(lines).toContain(line('b').trimEnd());
  }
});
