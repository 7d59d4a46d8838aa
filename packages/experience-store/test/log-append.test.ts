import {
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';

import { nodeFileSystem, systemRandom } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { createExperienceLayout } from '../src/layout.js';
import type { ExperienceLayout } from '../src/layout.js';
import { appendToLog } from '../src/log/append-batch.js';
import { batchEndNeedle, encodeBatch } from '../src/log/batch-frame.js';
import { parseLogLine } from '../src/record/parse-line.js';

const LOG = 'out/t/experiences.jsonl';

function layoutIn(rig: Rig): ExperienceLayout {
  return createExperienceLayout({
    taskId: 't',
    runsDir: rig.path('runs'),
    outDir: rig.path('out'),
  });
}

function line(id: string): string {
  return `{"id":"exp-${id}","domain":"d","reward":{}}`;
}

function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

test('each value is one line, and folders are made as needed', async () => {
  await using rig = await createRig();
  const layout = layoutIn(rig);
  const bytes = line('a').length + 1;
  const first = appendToLog(layout, [line('a')]);
  const second = appendToLog(layout, [line('b'), line('c')]);
  expect(first).toMatchObject({ offset: 0, bytes, healedTail: false, isExact: true });
  expect(second).toMatchObject({
    offset: bytes,
    bytes: 2 * bytes,
    healedTail: false,
    isExact: true,
  });
  expect(await rig.read(LOG)).toBe(`${line('a')}\n${line('b')}\n${line('c')}\n`);
  expect(await rig.list()).toEqual([LOG]);
});

test('a batch behind half a line begins on a new one', async () => {
  await using rig = await createRig();
  await rig.write({ [LOG]: `${line('a')}\n{"id":"ha` });
  const before = readFileSync(rig.path(LOG)).byteLength;
  const appended = appendToLog(layoutIn(rig), [line('b')]);
  expect(appended).toMatchObject({ offset: before + 1, healedTail: true, isExact: true });
  expect(await rig.read(LOG)).toBe(`${line('a')}\n{"id":"ha\n${line('b')}\n`);
});

test('it is the same six calls whatever the length of the log, and no lock', async () => {
  await using rig = await createRig();
  await rig.write({ [LOG]: `${line('a')}\n`.repeat(20_000) });
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  appendToLog(layoutIn(rig), [line('b')], { fs: faulty.fs });
  const calls = ['open', 'fstat', 'read', 'write', 'stat', 'close'];
  expect(faulty.calls.map(({ operation }) => operation)).toEqual(calls);
});

test('a durable batch is synced, and its folders where they are new', async () => {
  await using rig = await createRig();
  for (const fsyncs of [3, 1]) {
    const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
    appendToLog(layoutIn(rig), [line('a')], { durability: 'power', fs: faulty.fs });
    expect(faulty.count('fsync')).toBe(process.platform === 'win32' ? 1 : fsyncs);
  }
});

test.skipIf(process.platform === 'win32')(
  'neither a symlink nor a folder is written to',
  async () => {
    await using rig = await createRig();
    await rig.write({ elsewhere: 'mine' });
    mkdirSync(rig.path('out/t'), { recursive: true });
    const failed = { code: 'STORE_WRITE_FAILED', path: rig.path(LOG) };
    symlinkSync(rig.path('elsewhere'), rig.path(LOG));
    expect(failureOf(() => appendToLog(layoutIn(rig), [line('a')]))).toMatchObject(failed);
    unlinkSync(rig.path(LOG));
    mkdirSync(rig.path(LOG));
    expect(failureOf(() => appendToLog(layoutIn(rig), [line('a')]))).toMatchObject(failed);
    expect(await rig.read('elsewhere')).toBe('mine');
  },
);

/** Does something right behind the first write. */
function afterFirstWrite(act: () => void) {
  return faultyFileSystem(nodeFileSystem, ({ operation, nth }) => {
    if (operation === 'stat' && nth === 1) act();
    return undefined;
  });
}

test('a batch that a replacement of the file left behind is appended to the new one', async () => {
  await using rig = await createRig();
  await rig.write({ [LOG]: `${line('a')}\n` });
  const { fs } = afterFirstWrite(() => {
    writeFileSync(rig.path('new'), `${line('z')}\n`);
    renameSync(rig.path('new'), rig.path(LOG));
  });
  const appended = appendToLog(layoutIn(rig), [line('b'), line('c')], { fs });
  expect(await rig.read(LOG)).toBe(`${line('z')}\n${line('b')}\n${line('c')}\n`);
  expect(appended).toMatchObject({ offset: line('z').length + 1, isExact: true });
});

test('a batch that a replacement took along, in whatever form, is not appended again', async () => {
  await using rig = await createRig();
  await rig.write({ [LOG]: `${line('a')}\n` });
  const anew = `${' '.repeat(2 ** 19 - 8)}\n{"id":"exp-b","note":"rewritten"}\n`;
  const { fs } = afterFirstWrite(() => {
    writeFileSync(rig.path('new'), anew);
    renameSync(rig.path('new'), rig.path(LOG));
  });
  const appended = appendToLog(layoutIn(rig), [line('b'), line('c')], { fs });
  expect(await rig.read(LOG)).toBe(anew);
  expect(appended).toMatchObject({ offset: 2 ** 19 - 7, isExact: false });
});

test('a removed log is begun anew', async () => {
  await using rig = await createRig();
  await rig.write({ [LOG]: `${line('a')}\n` });
  const { fs } = afterFirstWrite(() => {
    unlinkSync(rig.path(LOG));
  });
  appendToLog(layoutIn(rig), [line('b')], { fs });
  expect(await rig.read(LOG)).toBe(`${line('b')}\n`);
});

test('an endless series of replacements is an error', async () => {
  await using rig = await createRig();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (operation === 'stat') unlinkSync(rig.path(LOG));
    return undefined;
  });
  expect(failureOf(() => appendToLog(layoutIn(rig), [line('b')], { fs }))).toMatchObject({
    code: 'STORE_WRITE_FAILED',
    message: expect.stringContaining('again and again') as string,
  });
});

test.each([
  ['which no reader counts', 5],
  ['all but the last newline', line('a').length],
])('a short write says what is on disk: %s', async (said, bytes) => {
  await using rig = await createRig();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'write' ? { kind: 'short', bytes } : undefined,
  );
  expect(failureOf(() => appendToLog(layoutIn(rig), [line('a')], { fs }))).toMatchObject({
    message: expect.stringContaining(said) as string,
  });
});

test('any single fault costs at most that batch, and nothing that was there before', async () => {
  await using probe = await createRig();
  await probe.write({ [LOG]: `${line('a')}\nhalf` });
  const clean = faultyFileSystem(nodeFileSystem, () => undefined);
  const request = { durability: 'power' } as const;
  appendToLog(layoutIn(probe), [line('b')], { ...request, fs: clean.fs });
  for (const fault of singleFaults(clean.calls)) {
    const { title } = fault;
    await using rig = await createRig();
    await rig.write({ [LOG]: `${line('a')}\nhalf` });
    const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
    const layout = layoutIn(rig);
    let done = false;
    try {
      appendToLog(layout, [line('b')], { ...request, fs: faulty.fs });
      done = true;
    } catch (error) {
      expect(error, title).toMatchObject({ code: 'STORE_WRITE_FAILED' });
    }
    expect(faulty.unclosed(), title).toEqual([]);
    appendToLog(layout, [line('c')]);
    const lines = (await rig.read(LOG)).split('\n');
    expect(lines.slice(0, 2), title).toEqual([line('a'), 'half']);
    expect(lines.slice(-2), title).toEqual([line('c'), '']);
    if (done) expect(lines, title).toContain(line('b'));
  }
});

test('each line of a batch says which of how many it is, and a single one nothing', () => {
  expect(encodeBatch([line('a')], systemRandom)).toEqual([line('a')]);
  const lines = encodeBatch([line('a'), '{"note":"seen","id":"x","domain":"d"}'], systemRandom);
  const parsed = lines.map((text) => parseLogLine(text, 't'));
  const [first, second] = parsed;
  if (first?.kind !== 'record' || second?.kind !== 'note') throw new Error('not what was encoded');
  expect(first.batch).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
    index: 1,
    size: 2,
  });
  expect(second.batch).toEqual({ ...first.batch, index: 2 });
  const { batch } = first;
  if (!batch) throw new Error('no batch');
  expect(lines[1]?.endsWith(batchEndNeedle(batch))).toBe(true);
  expect(lines[0]?.includes(batchEndNeedle(batch))).toBe(false);
});

test('a text cannot pass for the end of a batch', () => {
  const needle = batchEndNeedle({ id: '0123abcd', index: 1, size: 2 });
  expect(JSON.stringify({ summary32: needle })).not.toContain(needle);
});

test.each([
  'x',
  5,
  '0123abcd:3/2',
  '0123abcd:0/2',
  '0123abcd:1/1',
  '0123ABCD:1/2',
  '0123abcd:1/2 ',
])('what is no place in a batch is none: %j', (batch) => {
  const text = JSON.stringify({ ...(JSON.parse(line('a')) as object), batch });
  expect(parseLogLine(text, 't')).not.toHaveProperty('batch');
});
