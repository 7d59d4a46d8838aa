import { truncateSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';

import { createRig, faultyFileSystem, singleFaults } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { nodeFileSystem, readLines, visitLines } from '../src/index.js';
import type { Line, ReadLinesOptions } from '../src/index.js';

test('lines come with their places in the file', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\n\nzwölf\n' });
  const { lines, summary } = await collect(rig.path('a'));
  expect(lines).toEqual([
    { text: 'one', offset: 0, endOffset: 4, byteLength: 3, terminated: true },
    { text: '', offset: 4, endOffset: 5, byteLength: 0, terminated: true },
    { text: 'zwölf', offset: 5, endOffset: 12, byteLength: 6, terminated: true },
  ]);
  expect(summary).toEqual({
    nextOffset: 12,
    lines: 3,
    bytesRead: 12,
    truncated: false,
    oversized: [],
    oversizedLines: 0,
    tornTail: undefined,
  });
});

test('an empty file has no lines', async () => {
  await using rig = await createRig();
  await rig.write({ a: '' });
  const { lines, summary } = await collect(rig.path('a'));
  expect(lines).toEqual([]);
  expect(summary).toMatchObject({ nextOffset: 0, tornTail: undefined, truncated: false });
});

test('a missing last newline costs nothing, and the next read can begin at that line', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\ntw' });
  const first = await collect(rig.path('a'));
  expect(first.lines.at(-1)).toMatchObject({ text: 'tw', terminated: false, endOffset: 6 });
  expect(first.summary).toMatchObject({ nextOffset: 4, tornTail: { offset: 4, byteLength: 2 } });
  await appendFile(rig.path('a'), 'o\n');
  const second = await collect(rig.path('a'), { startOffset: first.summary.nextOffset });
  expect(second.lines).toMatchObject([{ text: 'two', offset: 4, terminated: true }]);
  expect(second.summary).toMatchObject({ nextOffset: 8, tornTail: undefined });
});

test('CRLF ends a line like LF; a lone carriage return is content', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\r\nt\rwo\r\r\n\r\nfour\r' });
  const { lines } = await collect(rig.path('a'));
  expect(lines.map((line) => line.text)).toEqual(['one', 't\rwo\r', '', 'four\r']);
});

test('a byte order mark is skipped at the start of the file and nowhere else', async () => {
  await using rig = await createRig();
  await rig.write({ a: '\uFEFFone\n\uFEFFtwo\n' });
  const { lines } = await collect(rig.path('a'));
  expect(lines).toMatchObject([
    { text: 'one', offset: 0, endOffset: 7, byteLength: 3 },
    { text: '\uFEFFtwo', offset: 7 },
  ]);
});

test('lines are split at byte 10 alone', async () => {
  await using rig = await createRig();
  const text = 'a\u2028b\u2029c\u0085d\ve\ff';
  await rig.write({ a: `${text}\n` });
  const { lines } = await collect(rig.path('a'));
  expect(lines.map((line) => line.text)).toEqual([text]);
});

test('bytes that are no UTF-8 and NUL are no obstacle', async () => {
  await using rig = await createRig();
  await rig.write({ a: Buffer.from([0xff, 0xfe, 0, 0x41, 10, 0xe2, 0x82, 10, 0x42, 10]) });
  const raw: number[][] = [];
  await visitLines(rig.path('a'), (line) => raw.push([...line.bytes]));
  expect(raw).toEqual([[0xff, 0xfe, 0, 0x41], [0xe2, 0x82], [0x42]]);
  const { lines } = await collect(rig.path('a'));
  expect(lines.map((line) => line.text)).toEqual(['\uFFFD\uFFFD\0A', '\uFFFD', 'B']);
});

test('reading stops at an end offset as if the file ended there', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\ntwo\nthree\n' });
  const { lines, summary } = await collect(rig.path('a'), { startOffset: 4, endOffset: 10 });
  expect(lines).toMatchObject([
    { text: 'two', terminated: true },
    { text: 'th', terminated: false },
  ]);
  expect(summary).toMatchObject({ nextOffset: 8, bytesRead: 6, truncated: false });
});

test('a start behind the end of the file reads nothing', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\n' });
  const { lines, summary } = await collect(rig.path('a'), { startOffset: 100 });
  expect(lines).toEqual([]);
  expect(summary).toMatchObject({ nextOffset: 100, bytesRead: 0, truncated: false });
});

test('an oversized line is reported and the lines around it are delivered', async () => {
  await using rig = await createRig();
  const long = 'x'.repeat(1000);
  await rig.write({ a: `one\n${long}\ntwo\n${long}\n` });
  for (const chunkBytes of [1, 7, 64, 5000]) {
    const { lines, summary } = await collect(rig.path('a'), { maxLineBytes: 10, chunkBytes });
    expect(lines.map((line) => line.text)).toEqual(['one', 'two']);
    expect(summary).toMatchObject({
      oversized: [
        { offset: 4, byteLength: 1000 },
        { offset: 1009, byteLength: 1000 },
      ],
      oversizedLines: 2,
      nextOffset: 2010,
      truncated: false,
    });
  }
});

test('the limit of a line counts its content: exactly that much is delivered', async () => {
  await using rig = await createRig();
  await rig.write({ a: '12345\r\n123456\r\n12345\n123456\n12345' });
  for (const chunkBytes of [1, 2, 3, 100]) {
    const { lines, summary } = await collect(rig.path('a'), { maxLineBytes: 5, chunkBytes });
    expect(lines.map((line) => line.text)).toEqual(['12345', '12345', '12345']);
    expect(summary.oversizedLines).toBe(2);
  }
});

test('an oversized line without a newline is a torn tail', async () => {
  await using rig = await createRig();
  await rig.write({ a: `one\n${'x'.repeat(1000)}` });
  const { summary } = await collect(rig.path('a'), { maxLineBytes: 10, chunkBytes: 16 });
  expect(summary).toMatchObject({
    nextOffset: 4,
    oversizedLines: 1,
    tornTail: { offset: 4, byteLength: 1000 },
  });
});

test('the summary lists the first hundred oversized lines, the batches all', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'xxx\n'.repeat(250) });
  let reported = 0;
  const reading = readLines(rig.path('a'), { maxLineBytes: 2, chunkBytes: 100 });
  let next = await reading.next();
  for (; !next.done; next = await reading.next()) reported += next.value.oversized.length;
  expect(reported).toBe(250);
  expect(next.value.oversizedLines).toBe(250);
  expect(next.value.oversized).toHaveLength(100);
});

test('a budget of lines ends the reading and says so; going on finds the rest', async () => {
  await using rig = await createRig();
  await rig.write({ a: '1\n2\n3\n4\n5\n' });
  const first = await collect(rig.path('a'), { maxLines: 2 });
  expect(first.lines.map((line) => line.text)).toEqual(['1', '2']);
  expect(first.summary).toMatchObject({ truncated: 'max-lines', nextOffset: 4 });
  const rest = await collect(rig.path('a'), { startOffset: 4, maxLines: 3 });
  expect(rest.lines.map((line) => line.text)).toEqual(['3', '4', '5']);
  expect(rest.summary).toMatchObject({ truncated: false, nextOffset: 10 });
});

test('a budget of bytes delivers the lines that end within it', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\ntwo\nthree\n' });
  const first = await collect(rig.path('a'), { maxBytes: 9 });
  expect(first.lines.map((line) => line.text)).toEqual(['one', 'two']);
  expect(first.summary).toMatchObject({
    truncated: 'max-bytes',
    nextOffset: 8,
    bytesRead: 9,
    tornTail: undefined,
  });
  const exact = await collect(rig.path('a'), { maxBytes: 14 });
  expect(exact.summary).toMatchObject({ truncated: false, lines: 3 });
});

test('budgets of nothing read nothing', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\n' });
  expect((await collect(rig.path('a'), { maxLines: 0 })).summary).toMatchObject({
    truncated: 'max-lines',
    bytesRead: 0,
  });
  expect((await collect(rig.path('a'), { maxBytes: 0 })).summary).toMatchObject({
    truncated: 'max-bytes',
    bytesRead: 0,
  });
});

test('what is appended while reading is not read', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\ntwo\n' });
  const texts: string[] = [];
  for await (const batch of readLines(rig.path('a'), { chunkBytes: 4 })) {
    texts.push(...batch.lines.map((line) => line.text));
    await appendFile(rig.path('a'), 'more\n');
  }
  expect(texts).toEqual(['one', 'two']);
});

test('a file that is cut while reading ends there', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\ntwo\nthree\n' });
  const texts: string[] = [];
  const summary = await visitLines(
    rig.path('a'),
    (line) => {
      texts.push(line.text);
      truncateSync(rig.path('a'), 6);
    },
    { chunkBytes: 4 },
  );
  expect(texts).toEqual(['one', 'tw']);
  expect(summary).toMatchObject({ bytesRead: 6, tornTail: { offset: 4, byteLength: 2 } });
});

test('an aborted signal ends the reading with its reason', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\ntwo\n' });
  const controller = new AbortController();
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  const options = { chunkBytes: 4, signal: controller.signal, fs: faulty.fs };
  const reason = new Error('enough');
  const reading = visitLines(
    rig.path('a'),
    () => {
      controller.abort(reason);
    },
    options,
  );
  await expect(reading).rejects.toBe(reason);
  expect(faulty.unclosed()).toEqual([]);
  await expect(visitLines(rig.path('a'), () => undefined, options)).rejects.toBe(reason);
});

test('the event loop gets its turn between reads', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\ntwo\nthree\n' });
  let turns = 0;
  let counting = true;
  const count = (): void => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  await visitLines(rig.path('a'), () => undefined, { chunkBytes: 1 });
  counting = false;
  expect(turns).toBeGreaterThan(10);
});

test('the file is closed when the loop is left, and when a visitor throws', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\ntwo\n' });
  const faulty = faultyFileSystem(nodeFileSystem, () => undefined);
  const options = { chunkBytes: 4, fs: faulty.fs };
  for await (const batch of readLines(rig.path('a'), options)) {
    expect(batch.lines).toHaveLength(1);
    break;
  }
  const throwing = visitLines(rig.path('a'), () => fail('no'), options);
  await expect(throwing).rejects.toThrow('no');
  expect(faulty.count('open')).toBe(2);
  expect(faulty.unclosed()).toEqual([]);
});

test('any single fault gives all lines or a typed error, and the file is closed', async () => {
  await using rig = await createRig();
  await rig.write({ a: 'one\ntwo\nthree' });
  const clean = faultyFileSystem(nodeFileSystem, () => undefined);
  const whole = await collect(rig.path('a'), { chunkBytes: 5, fs: clean.fs });
  for (const fault of singleFaults(clean.calls)) {
    const faulty = faultyFileSystem(nodeFileSystem, (call) => fault.plan(call));
    const outcome = await collect(rig.path('a'), { chunkBytes: 5, fs: faulty.fs }).then(
      ({ lines }) => lines,
      (error: unknown) => (error as { code: unknown }).code,
    );
    const isEnd = fault.title.endsWith('moves 0 bytes');
    const isLost = fault.operation !== 'close' && fault.fault.kind === 'error';
    if (!isEnd) expect(outcome, fault.title).toEqual(isLost ? 'READ_FAILED' : whole.lines);
    expect(faulty.unclosed(), fault.title).toHaveLength(0);
  }
});

test('a missing file is READ_FAILED with the reason of the system', async () => {
  await using rig = await createRig();
  await expect(collect(rig.path('no'))).rejects.toMatchObject({
    code: 'READ_FAILED',
    errno: 'ENOENT',
    path: rig.path('no'),
  });
});

test.each([
  { startOffset: -1 },
  { endOffset: 0.5 },
  { chunkBytes: 0 },
  { maxLineBytes: 0 },
  { maxLines: NaN },
  { maxBytes: -1 },
])('a senseless option is refused: %o', async (options) => {
  await using rig = await createRig();
  await rig.write({ a: '' });
  await expect(collect(rig.path('a'), options)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});

/** All lines, copied: they are views that the next batch overwrites. */
async function collect(path: string, options: ReadLinesOptions = {}) {
  const lines: Omit<Line, 'bytes'>[] = [];
  const summary = await visitLines(
    path,
    ({ text, offset, endOffset, byteLength, terminated }) =>
      lines.push({ text, offset, endOffset, byteLength, terminated }),
    options,
  );
  return { lines, summary };
}

function fail(message: string): never {
  throw new Error(message);
}
