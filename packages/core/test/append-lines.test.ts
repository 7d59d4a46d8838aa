import { appendFile, mkdir, rm, stat, symlink } from 'node:fs/promises';

import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { appendLines, nodeFileSystem, openLineAppender } from '../src/index.js';

test('lines are appended to a new file and to an old one', async () => {
  await using rig = await createRig();
  expect(await appendLines(rig.path('a'), ['one', 'zwölf'])).toEqual({
    bytes: 11,
    startOffset: 0,
    healedTail: false,
  });
  expect(await appendLines(rig.path('a'), [''])).toEqual({
    bytes: 1,
    startOffset: 11,
    healedTail: false,
  });
  expect(await rig.read('a')).toBe('one\nzwölf\n\n');
});

test('all lines of a call are one write, their newlines included, whatever their size', async () => {
  await using rig = await createRig();
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  const line = 'x'.repeat(1024 * 1024);
  await appendLines(rig.path('a'), [line, 'short', line], { fs: faulty.fs });
  expect(faulty.count('write')).toBe(1);
  expect(await rig.read('a')).toBe(`${line}\nshort\n${line}\n`);
});

test('no lines are no write', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'torn' });
  expect(await appendLines(rig.path('a'), [])).toEqual({
    bytes: 0,
    startOffset: 4,
    healedTail: false,
  });
  expect(await rig.read('a')).toBe('torn');
});

test('a line with a newline is refused and nothing is written', async () => {
  await using rig = await createRig();
  await expect(appendLines(rig.path('a'), ['fine', 'not\nfine'])).rejects.toMatchObject({
    code: 'INVALID_OPTION',
  });
  expect(await rig.list()).toEqual([]);
});

test('a tail torn at any byte costs that line and no other', async () => {
  await using rig = await createRig();
  const whole = '{"n":1}\n{"n":2,"ü":"€"}\n';
  const bytes = Buffer.from(whole);
  for (let length = 0; length <= bytes.byteLength; length++) {
    const name = `cut-${length}`;
    const kept = bytes.subarray(0, length);
    await rig.write({ [name]: kept });
    const torn = length > 0 && kept.at(-1) !== 10;
    const report = await appendLines(rig.path(name), ['{"n":3}'], { shared: false });
    const expected = Buffer.concat([kept, Buffer.from(`${torn ? '\n' : ''}{"n":3}\n`)]);
    const startOffset = torn ? length + 1 : length;
    expect(report).toEqual({ bytes: expected.byteLength - length, startOffset, healedTail: torn });
    expect(Buffer.from(await rig.read(name))).toEqual(Buffer.from(expected.toString()));
  }
});

test('half a line that its writer is just finishing is waited for', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'half' });
  const clock = createManualClock();
  const appending = appendLines(rig.path('a'), ['next'], { clock });
  await clock.advance(10);
  await appendFile(rig.path('a'), ' and more');
  await clock.advance(18);
  expect(await rig.read('a')).toBe('half and more');
  await appendFile(rig.path('a'), ' and the rest\n');
  await clock.advance(2);
  expect(await appending).toMatchObject({ healedTail: false });
  expect(await rig.read('a')).toBe('half and more and the rest\nnext\n');
});

test('half a line that nobody finishes is healed after a moment', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'half' });
  const clock = createManualClock();
  const appending = appendLines(rig.path('a'), ['next'], { clock });
  await clock.advance(20);
  expect(await appending).toMatchObject({ healedTail: true });
  expect(await rig.read('a')).toBe('half\nnext\n');
});

test('a kept descriptor heals what others tear between two appends', async () => {
  await using rig = await createRig();
  using journal = openLineAppender(rig.path('a'));
  expect(journal.append(['one'])).toEqual({ bytes: 4, startOffset: 0, healedTail: false });
  await appendFile(rig.path('a'), 'torn');
  expect(journal.append(['two'])).toEqual({ bytes: 5, startOffset: 9, healedTail: true });
  expect(await rig.read('a')).toBe('one\ntorn\ntwo\n');
  expect(journal).toMatchObject({ lines: 2, bytes: 9, fsyncs: 0 });
});

test('a kept descriptor looks at the file and writes, no more', async () => {
  await using rig = await createRig();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  using journal = openLineAppender(rig.path('a'), { fs });
  journal.append(['one']);
  const before = calls.length;
  journal.append(['two']);
  expect(calls.slice(before).map((call) => call.operation)).toEqual(['fstat', 'write']);
});

test('power durability syncs each append, and the folder once for a new file', async () => {
  await using rig = await createRig();
  using journal = openLineAppender(rig.path('a'), { durability: 'power' });
  journal.append(['one']);
  expect(journal.fsyncs).toBe(2);
  journal.append(['two']);
  expect(journal.fsyncs).toBe(3);
  using again = openLineAppender(rig.path('a'), { durability: 'power' });
  again.append(['three']);
  expect(again.fsyncs).toBe(1);
});

test('sync makes appends durable that were not', async () => {
  await using rig = await createRig();
  using journal = openLineAppender(rig.path('a'));
  journal.append(['one']);
  expect(journal.fsyncs).toBe(0);
  journal.sync();
  expect(journal.fsyncs).toBe(2);
});

test('a closed appender says so, and closing again does nothing', async () => {
  await using rig = await createRig();
  const journal = openLineAppender(rig.path('a'));
  journal.close();
  journal.close();
  expect(() => journal.append(['one'])).toThrow(
    expect.objectContaining({ code: 'APPEND_FAILED', onDisk: 'old' }) as Error,
  );
});

test('a file that was removed while it was open takes no more lines', async () => {
  await using rig = await createRig();
  using journal = openLineAppender(rig.path('a'));
  journal.append(['one']);
  await rm(rig.path('a'));
  expect(() => journal.append(['two'])).toThrow(
    expect.objectContaining({ code: 'APPEND_FAILED', onDisk: 'old' }) as Error,
  );
});

test('a new file gets the mode that was asked for', async () => {
  await using rig = await createRig();
  await appendLines(rig.path('a'), ['secret'], { mode: 0o600 });
  expect((await stat(rig.path('a'))).mode & 0o777).toBe(0o600);
});

test('a symlink is followed', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\n' });
  await symlink('a', rig.path('link'));
  await appendLines(rig.path('link'), ['two']);
  expect(await rig.read('a')).toBe('one\ntwo\n');
});

test('what is no regular file is refused', async () => {
  await using rig = await createRig();
  await mkdir(rig.path('a'));
  await expect(appendLines(rig.path('a'), ['one'])).rejects.toMatchObject({
    code: 'APPEND_FAILED',
    path: rig.path('a'),
  });
  await expect(appendLines('/dev/null', ['one'])).rejects.toMatchObject({ code: 'APPEND_FAILED' });
});
