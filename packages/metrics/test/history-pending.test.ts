import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { drainPending } from '../src/history/drain-pending.js';
import { createMetricsLayout } from '../src/layout.js';
import type { MetricsLayout } from '../src/layout.js';

const NOW = Date.UTC(2026, 0, 2);
const PENDING = 'runs/t/metrics.pending';

function layoutIn(rig: Rig): MetricsLayout {
  return createMetricsLayout({ taskId: 't', runsDir: rig.path('runs'), outDir: rig.path('out') });
}

function entry(id: string, filler = ''): string {
  return JSON.stringify({ run_id: id, status: 'succeeded', recorded_at: 'now', filler });
}

async function leave(rig: Rig, files: Readonly<Record<string, string>>): Promise<void> {
  await rig.write(
    Object.fromEntries(Object.entries(files).map(([name, text]) => [`${PENDING}/${name}`, text])),
  );
}

function age(rig: Rig, name: string, minutes: number): void {
  const seconds = NOW / 1000 - minutes * 60;
  utimesSync(rig.path(PENDING, name), seconds, seconds);
}

function drain(rig: Rig, options: { maxLines?: number; maxBytes?: number; fs?: FileSystem } = {}) {
  return drainPending(layoutIn(rig), { clock: createManualClock(NOW), ...options });
}

async function history(rig: Rig): Promise<string[]> {
  const text = await rig.read('runs/t/metrics.json');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text.split('\n').slice(0, -1);
}

async function historyOrNone(rig: Rig): Promise<string[]> {
  const files = await rig.list('runs/t');
  return files.includes('runs/t/metrics.json') ? history(rig) : [];
}

test('entries are taken over in the order of file names and lines, byte for byte', async () => {
  await using rig = await createRig();
  await rig.write({ 'runs/t/metrics.json': `${entry('old')}\nhalf` });
  await leave(rig, {
    'b.jsonl': entry('b'),
    'a.jsonl': `\uFEFF${entry('a1')}\r\n \t\n  ${entry('a2')}\n\n`,
    'c.jsonl': '',
    'notes.txt': 'not ours',
  });
  expect(await drain(rig)).toEqual({ merged: 3, files: 3, quarantined: [] });
  expect(await history(rig)).toEqual([
    entry('old'),
    'half',
    entry('a1'),
    `  ${entry('a2')}`,
    entry('b'),
  ]);
  expect(await rig.list(PENDING)).toEqual([`${PENDING}/notes.txt`]);
});

test('nothing is there to do where no folder is', async () => {
  await using rig = await createRig();
  expect(await drain(rig)).toEqual({ merged: 0, files: 0, quarantined: [] });
  expect(await rig.list()).toEqual([]);
});

test.each([
  { maxLines: 2, maxBytes: 0, appends: 3 },
  { maxLines: 0, maxBytes: 3 * (entry('1').length + 1), appends: 2 },
  { maxLines: 0, maxBytes: 3 * (entry('1').length + 1) - 1, appends: 3 },
  { maxLines: 1, maxBytes: 0, appends: 5 },
  { maxLines: -1, maxBytes: -1, appends: 1 },
  { maxLines: 500, maxBytes: 10, appends: 5 },
])(
  'five lines in batches of $maxLines lines and $maxBytes bytes are $appends appends',
  async ({ maxLines, maxBytes, appends }) => {
    await using rig = await createRig();
    const lines = ['1', '2', '3', '4', '5'].map((id) => entry(id));
    await leave(rig, {
      'a.jsonl': lines.slice(0, 3).join('\n'),
      'b.jsonl': lines.slice(3).join('\n'),
    });
    const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
    expect((await drain(rig, { maxLines, maxBytes, fs: faulty.fs })).merged).toBe(5);
    expect(faulty.count('write')).toBe(appends);
    expect(await history(rig)).toEqual(lines);
    expect(faulty.unclosed()).toEqual([]);
  },
);

test('what is no entry stays beside, whole and named', async () => {
  await using rig = await createRig();
  const bad = ['{"run_id":"x"}', '{"glued":1}{"twice":2}', '[1]', 'text', '{"run_id":" "'];
  await leave(rig, {
    'a.jsonl': [entry('a'), ...bad, entry('b')].join('\n'),
    'b.jsonl': 'only bad',
    'c.jsonl': entry('c'),
  });
  expect(await drain(rig)).toEqual({
    merged: 3,
    files: 3,
    quarantined: ['a.jsonl.rejected', 'b.jsonl.rejected'],
  });
  expect(await history(rig)).toEqual([entry('a'), entry('b'), entry('c')]);
  expect(await rig.read(`${PENDING}/a.jsonl.rejected`)).toBe(`${bad.join('\n')}\n`);
  expect(await rig.read(`${PENDING}/b.jsonl.rejected`)).toBe('only bad\n');
  expect(await drain(rig)).toEqual({ merged: 0, files: 0, quarantined: [] });
});

test('an unfinished file counts after five minutes if all of it is entries', async () => {
  await using rig = await createRig();
  await leave(rig, {
    'fresh.jsonl.tmp': entry('fresh'),
    'whole.jsonl.tmp': `${entry('whole')}\n\n`,
    'cut.jsonl.tmp': `${entry('cut')}\n{"run_id":"la`,
    'cut.jsonl.tmp.rejected': 'from earlier',
    'empty.jsonl.tmp': '',
    'blank.jsonl.tmp': ' \n',
  });
  age(rig, 'fresh.jsonl.tmp', 5);
  for (const name of ['whole', 'cut', 'empty', 'blank']) age(rig, `${name}.jsonl.tmp`, 5.01);
  expect(await drain(rig)).toMatchObject({
    merged: 1,
    quarantined: ['cut.jsonl.tmp.2.rejected'],
  });
  expect(await history(rig)).toEqual([entry('whole')]);
  expect(await rig.list(PENDING)).toEqual(
    ['cut.jsonl.tmp.2.rejected', 'cut.jsonl.tmp.rejected', 'fresh.jsonl.tmp'].map(
      (name) => `${PENDING}/${name}`,
    ),
  );
  expect(await rig.read(`${PENDING}/cut.jsonl.tmp.2.rejected`)).toContain(entry('cut'));
});

test.skipIf(process.platform === 'win32')('symlinks and folders are left alone', async () => {
  await using rig = await createRig();
  await rig.write({ secret: entry('secret'), [`${PENDING}/a.jsonl`]: entry('a') });
  symlinkSync(rig.path('secret'), rig.path(PENDING, 'link.jsonl'));
  mkdirSync(rig.path(PENDING, 'folder.jsonl'));
  expect(await drain(rig)).toEqual({ merged: 1, files: 1, quarantined: [] });
  expect(await history(rig)).toEqual([entry('a')]);
  expect(await rig.read('secret')).toBe(entry('secret'));
});

test('a file that somebody adds to in this moment stays, and nothing of it is lost', async () => {
  await using rig = await createRig();
  await leave(rig, { 'a.jsonl': `${entry('a')}\n` });
  let grown = false;
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (operation === 'fsync' && !grown) {
      grown = true;
      const fd = nodeFileSystem.open(rig.path(PENDING, 'a.jsonl'), 'a');
      nodeFileSystem.write(fd, Buffer.from(`${entry('late')}\n`), null);
      nodeFileSystem.close(fd);
    }
    return undefined;
  });
  await drain(rig, { fs: faulty.fs });
  expect(await history(rig)).toEqual([entry('a'), entry('a'), entry('late')]);
  expect(await rig.list(PENDING)).toEqual([]);
});

test('a file that cannot be read is set aside, not tried for ever', async () => {
  await using rig = await createRig();
  await leave(rig, { 'a.jsonl': entry('a'), 'b.jsonl': entry('b') });
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation, args }) => {
    const isIt = operation === 'open' && String(args[0]).endsWith('a.jsonl');
    return isIt ? { kind: 'error', code: 'EIO' } : undefined;
  });
  expect(await drain(rig, { fs: faulty.fs })).toEqual({
    merged: 1,
    files: 2,
    quarantined: ['a.jsonl.rejected'],
  });
  expect(await rig.read(`${PENDING}/a.jsonl.rejected`)).toBe(entry('a'));
});

test('a line too long to hold is copied away piece by piece, and its neighbours count', async () => {
  await using rig = await createRig();
  const long = entry('long', 'x'.repeat(17 * 2 ** 20));
  const allowed = entry('allowed', 'y'.repeat(9 * 2 ** 20));
  await leave(rig, { 'a.jsonl': ['bad', entry('a'), long, allowed, entry('b')].join('\n') });
  expect(await drain(rig, { maxBytes: 0 })).toEqual({
    merged: 3,
    files: 1,
    quarantined: ['a.jsonl.rejected'],
  });
  expect((await history(rig)).map((line) => line.length)).toEqual(
    [entry('a'), allowed, entry('b')].map((line) => line.length),
  );
  expect((await rig.read(`${PENDING}/a.jsonl.rejected`)) === `bad\n${long}\n`).toBe(true);
});

test('after a fault at any call nothing is lost, and the next drain finishes', async () => {
  const files = {
    'a.jsonl': `${entry('a1')}\nbad\n${entry('a2')}\n`,
    'b.jsonl': entry('b'),
    'c.jsonl.tmp': entry('c'),
    'd.jsonl.tmp': 'torn',
  };
  const clean = await drainWith({ ...files }, undefined);
  const operations = [...new Set(clean.calls.map(({ operation }) => operation))];
  let faults = 0;
  for (const operation of operations) {
    const calls = clean.calls.filter((call) => call.operation === operation).length;
    for (let nth = 1; nth <= calls; nth++) {
      for (const after of [false, true]) {
        await drainWith({ ...files }, { operation, nth, after });
        faults += 1;
      }
    }
  }
  expect(faults).toBeGreaterThan(60);
});

async function drainWith(
  files: Readonly<Record<string, string>>,
  fault: { operation: string; nth: number; after: boolean } | undefined,
) {
  await using rig = await createRig();
  await leave(rig, files);
  for (const name of Object.keys(files)) age(rig, name, 6);
  const faulty = faultyFileSystem(nodeFileSystem, ({ operation, nth }) =>
    operation === fault?.operation && nth === fault.nth
      ? { kind: 'error', code: 'EIO', after: fault.after }
      : undefined,
  );
  try {
    await drain(rig, { maxLines: 1, fs: faulty.fs });
  } catch (error) {
    expect(error).toMatchObject({ name: 'MetricsError', code: 'HISTORY_WRITE_FAILED' });
  }
  expect(faulty.unclosed()).toEqual([]);
  await expectNothingLost(rig);
  await drain(rig);
  await expectNothingLost(rig);
  const left = await rig.list(PENDING);
  expect(left.filter((name) => !name.endsWith('.rejected'))).toEqual([]);
  return faulty;
}

/** Every line is in the history or still waits; what is no entry is never in the history. */
async function expectNothingLost(rig: Rig): Promise<void> {
  const counted = await historyOrNone(rig);
  const waiting = await Promise.all((await rig.list(PENDING)).map((name) => rig.read(name)));
  const lines = [...counted, ...waiting.flatMap((text) => text.split('\n'))];
  expect(lines).toEqual(
    expect.arrayContaining([entry('a1'), entry('a2'), entry('b'), entry('c'), 'bad', 'torn']),
  );
  expect(counted).not.toContain('torn');
}
