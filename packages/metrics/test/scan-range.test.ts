import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { encodeEntry } from '../src/entry/encode-entry.js';
import { factsOf } from '../src/entry/facts-of.js';
import type { ByteSource } from '../src/scan/byte-source.js';
import { scanRange } from '../src/scan/scan-range.js';
import type { DamagedLine, RangeScan, ScanRequest } from '../src/scan/scan-range.js';
import { damages } from './hostile-lines.js';
import { practisedReader } from './practised-reader.js';
import { fullEntry } from './sample-entry.js';

type Seen =
  DamagedLine | { readonly runId: string; readonly offset: number; readonly endOffset: number };

interface Scan extends RangeScan {
  readonly seen: readonly Seen[];
}

const least = (runId: string): string => `{"run_id":"${runId}","status":"s","recorded_at":"t"}`;

function sourceOf(bytes: Buffer): ByteSource {
  return {
    read: (view, position) => bytes.subarray(position, position + view.byteLength).copy(view),
  };
}

async function scan(source: ByteSource, request: Partial<ScanRequest> = {}): Promise<Scan> {
  const seen: Seen[] = [];
  const result = await scanRange(source, {
    from: 0,
    to: Number.POSITIVE_INFINITY,
    reader: practisedReader(),
    ...request,
    visitor: {
      entry: ({ runId }, _reader, offset, endOffset) => seen.push({ runId, offset, endOffset }),
      damaged: (line) => seen.push(line),
    },
  });
  return { ...result, seen };
}

/** The same by other means: cut at newlines, parsed by `JSON.parse`. */
function naiveScan(
  bytes: Buffer,
  maxLineBytes: number,
): Pick<Scan, 'seen' | 'nextOffset' | 'tail' | 'lines'> {
  const seen: Seen[] = [];
  let offset = 0;
  for (;;) {
    const newline = bytes.indexOf(10, offset);
    if (newline === -1) break;
    const text = bytes.toString('utf8', offset, newline).trim();
    const byteLength = newline - offset;
    const damaged = (reason: DamagedLine['reason']): unknown =>
      seen.push({ offset, byteLength, reason });
    if (byteLength > maxLineBytes) damaged('oversized');
    else if (text !== '') {
      const value = parsed(text);
      const runId = factsOf(value)?.runId;
      if (runId !== undefined) seen.push({ runId, offset, endOffset: newline + 1 });
      else damaged(value === undefined ? 'not-json' : 'not-an-entry');
    }
    offset = newline + 1;
  }
  const rest = bytes.byteLength - offset;
  const tail = rest === 0 ? undefined : { offset, byteLength: rest };
  return { seen, lines: seen.length, nextOffset: offset, tail };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines of every kind, some of them blank, and a torn one at the end. */
function history(seed: number, lines: number): Buffer {
  const random = createSeededRandom(seed);
  const damage = [...damages.keys()] as [number, ...number[]];
  const made = Array.from({ length: lines }, () => {
    const line = random.next() < 0.2 ? '' : damages[random.pick(damage)]?.[1](random);
    const end = random.pick(['\n', '\n', '\r\n', '\n\n', ' \n', '\n\ufeff']);
    return Buffer.concat([Buffer.from(line ?? ''), Buffer.from(end)]);
  });
  return Buffer.concat([...made, Buffer.from(least('torn'))]);
}

test('a scan tells of entries, damaged lines and the rest, with their offsets', async () => {
  const text = `${least('a')}\n\n{"run_id":"b"}\r\n${least('ä')}\r\n  \t\n{"run_id"\n${least('torn')}`;
  const bytes = Buffer.from(text);
  expect(await scan(sourceOf(bytes))).toEqual({
    seen: [
      { runId: 'a', offset: 0, endOffset: 46 },
      { offset: 47, byteLength: 15, reason: 'not-an-entry' },
      { runId: 'ä', offset: 63, endOffset: 111 },
      { offset: 115, byteLength: 9, reason: 'not-json' },
    ],
    nextOffset: 125,
    lines: 4,
    bytesRead: bytes.byteLength,
    fallbacks: 1,
    tail: { offset: 125, byteLength: 48 },
  });
});

test.each([1, 2, 3, 5, 7, 8, 16, 63, 64, 65, 256, 1000, 4096, 2 ** 20])(
  'a scan in chunks of %i bytes comes to the same',
  async (chunkBytes) => {
    const bytes = history(1, 120);
    const { bytesRead, fallbacks, ...actual } = await scan(sourceOf(bytes), {
      chunkBytes,
      maxLineBytes: 900,
    });
    expect(actual).toEqual(naiveScan(bytes, 900));
    expect(bytesRead).toBe(bytes.byteLength);
    expect(fallbacks).toBeGreaterThan(0);
  },
);

test('a scan comes to the same however much a source gives at once, and whenever', async () => {
  const random = createSeededRandom(4);
  const bytes = history(2, 400);
  const source: ByteSource = {
    read: (view, position) => {
      const most = Math.max(1, Math.floor(view.byteLength * random.next()));
      const count = bytes.subarray(position, position + most).copy(view);
      return random.next() < 0.5 ? count : Promise.resolve(count);
    },
  };
  const { seen, nextOffset } = await scan(source, { chunkBytes: 5000 });
  expect({ seen, nextOffset }).toMatchObject({
    seen: naiveScan(bytes, Number.POSITIVE_INFINITY).seen,
    nextOffset: bytes.lastIndexOf(10) + 1,
  });
});

test('ranges that begin at lines come to the same as one', async () => {
  const bytes = history(3, 60);
  const source = sourceOf(bytes);
  const whole = await scan(source);
  for (let cut = bytes.indexOf(10) + 1; cut > 0; cut = bytes.indexOf(10, cut) + 1) {
    const front = await scan(source, { to: cut, chunkBytes: 777 });
    const back = await scan(source, { from: cut, chunkBytes: 777 });
    expect([...front.seen, ...back.seen]).toEqual(whole.seen);
    expect(front.tail).toBeUndefined();
    expect(front.nextOffset).toBe(cut);
    expect(back.tail).toEqual(whole.tail);
  }
});

test('a range that ends within a line leaves that line as its rest', async () => {
  const bytes = Buffer.from(`${least('a')}\n${least('b')}\n`);
  const result = await scan(sourceOf(bytes), { to: 60 });
  expect(result).toMatchObject({
    lines: 1,
    nextOffset: 46,
    bytesRead: 60,
    tail: { offset: 46, byteLength: 14 },
  });
});

test('poison costs its own line, which is named by its offset', async () => {
  const deep = `${'{"a":['.repeat(10_000)}${']}'.repeat(10_000)}`;
  const poison = [
    '{"run_id":"x","status":"s","recorded_at":"t","tool_stats":[null],"tfgrpo_epoch":1}',
    '{"run_id":"x","status":"s","recorded_at":"t","tool_calls":"7","duration_seconds":"1"}',
    `{"run_id":"x","status":"s","recorded_at":"t","a":${deep}}`,
    '{"__proto__":{"run_id":"x","status":"s","recorded_at":"t"}}',
    `{"run_id":"x","status":"s","recorded_at":"t","a":${deep}`,
    '\0'.repeat(70),
  ];
  for (const line of poison) {
    const bytes = Buffer.from(`${least('a')}\n${line}\n${least('b')}\n`);
    const { seen } = await scan(sourceOf(bytes));
    expect(seen).toEqual(naiveScan(bytes, Number.POSITIVE_INFINITY).seen);
    expect(seen.map((each) => ('runId' in each ? each.runId : each.offset))).toEqual([
      'a',
      expect.toBeOneOf(['x', 46]),
      'b',
    ]);
  }
});

test('a line of 100 MB costs bounded memory and is reported', async () => {
  const front = Buffer.from(`${least('a')}\n`);
  const back = Buffer.from(`\n${least('b')}\n`);
  const longBytes = 100 * 2 ** 20;
  const buffersBefore = process.memoryUsage().arrayBuffers;
  let mostBuffers = 0;
  const source: ByteSource = {
    read: (view, position) => {
      mostBuffers = Math.max(mostBuffers, process.memoryUsage().arrayBuffers - buffersBefore);
      if (position < front.byteLength) return front.subarray(position).copy(view);
      const at = position - front.byteLength - longBytes;
      if (at >= 0) return back.subarray(at).copy(view);
      const count = Math.min(view.byteLength, -at);
      view.fill(0x5b, 0, count);
      return count;
    },
  };
  const { seen } = await scan(source);
  expect(seen).toEqual([
    { runId: 'a', offset: 0, endOffset: 46 },
    { offset: 46, byteLength: longBytes, reason: 'oversized' },
    { runId: 'b', offset: 46 + longBytes + 1, endOffset: 46 + longBytes + 47 },
  ]);
  expect(mostBuffers).toBeLessThan(64 * 2 ** 20);
});

test('lines are oversized by their own length, wherever chunks end', async () => {
  const line = (length: number): string => least('x'.repeat(length - least('').length));
  const bytes = Buffer.from(`${line(99)}\n${line(100)}\n${line(101)}\n${line(300)}\n${line(99)}\n`);
  for (const chunkBytes of [1, 50, 99, 100, 101, 102, 1000]) {
    const { seen } = await scan(sourceOf(bytes), { chunkBytes, maxLineBytes: 100 });
    expect(seen.map((each) => ('reason' in each ? each.reason : 'entry'))).toEqual([
      'entry',
      'entry',
      'oversized',
      'oversized',
      'entry',
    ]);
  }
});

test('scans can share a reader, one after the other', async () => {
  const reader = practisedReader();
  const bytes = Buffer.from(`${least('a')}\n{"run_id"\n`);
  const results = [];
  for (let count = 0; count < 3; count += 1) results.push(await scan(sourceOf(bytes), { reader }));
  expect(results.map(({ fallbacks, lines }) => ({ fallbacks, lines }))).toEqual(
    Array.from({ length: 3 }, () => ({ fallbacks: 1, lines: 2 })),
  );
});

test('nothing at all is nothing', async () => {
  const nothing = {
    seen: [],
    lines: 0,
    nextOffset: 0,
    bytesRead: 0,
    fallbacks: 0,
    tail: undefined,
  };
  expect(await scan(sourceOf(Buffer.alloc(0)))).toEqual(nothing);
  expect(await scan(sourceOf(Buffer.from(least('a'))), { to: 0 })).toEqual(nothing);
});

test('the event loop has its turns, and progress is told', async () => {
  const bytes = Buffer.from(`${encodeEntry(fullEntry)}\n`.repeat(4000));
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  const progress: number[] = [];
  const { fallbacks, lines } = await scan(sourceOf(bytes), {
    onProgress: ({ bytesRead }) => progress.push(bytesRead),
  });
  isDone = true;
  expect({ fallbacks, lines }).toEqual({ fallbacks: 0, lines: 4000 });
  expect(progress.length).toBeGreaterThan(1);
  expect(progress).toEqual([...progress].sort((one, other) => one - other));
  expect(turns).toBeGreaterThanOrEqual(progress.length);
});

test('a scan stops when it is told to', async () => {
  const bytes = Buffer.from(`${encodeEntry(fullEntry)}\n`.repeat(6000));
  const controller = new AbortController();
  const reason = new Error('enough');
  const stopped = scan(sourceOf(bytes), {
    signal: controller.signal,
    onProgress: () => {
      controller.abort(reason);
    },
  });
  await expect(stopped).rejects.toBe(reason);
  await expect(scan(sourceOf(bytes), { signal: controller.signal })).rejects.toBe(reason);
});

test('what a visitor or a source throws ends the scan', async () => {
  const source: ByteSource = {
    read: () => {
      throw new Error('no such bytes');
    },
  };
  await expect(scan(source)).rejects.toThrow('no such bytes');
  const visitor = {
    entry: (): void => {
      throw new Error('no more');
    },
    damaged: (): void => undefined,
  };
  const entries = sourceOf(Buffer.from(`${least('a')}\n`));
  await expect(scanRange(entries, { from: 0, to: 99, visitor })).rejects.toThrow('no more');
});

test.each([
  { chunkBytes: 0 },
  { chunkBytes: 1.5 },
  { maxLineBytes: -1 },
  { maxLineBytes: Number.NaN },
])('options that make no sense are refused: %j', async (options) => {
  await expect(scan(sourceOf(Buffer.alloc(0)), options)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
  });
});
