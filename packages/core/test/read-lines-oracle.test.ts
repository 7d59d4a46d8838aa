import { createRig, createSeededRandom } from '@codex-orchestrator/testing';
import type { SeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { visitLines } from '../src/index.js';
import type { ReadLinesOptions, ReadSummary } from '../src/index.js';

interface Seen {
  readonly offset: number;
  readonly hex: string;
  readonly terminated: boolean;
}

type Expected = Pick<ReadSummary, 'nextOffset' | 'truncated' | 'tornTail' | 'oversized'> & {
  readonly seen: Seen[];
};

test('every chunk size gives what splitting the whole buffer gives', async () => {
  await using rig = await createRig();
  for (let seed = 1; seed <= 12; seed++) {
    const random = createSeededRandom(seed);
    const bytes = randomFile(random);
    await rig.write({ a: bytes });
    const options = randomOptions(random, bytes);
    const expected = splitWhole(bytes, options);
    for (let chunkBytes = 1; chunkBytes <= bytes.byteLength + 2; chunkBytes++) {
      const actual = await read(rig.path('a'), { ...options, chunkBytes });
      const about = `seed ${seed}, chunk ${chunkBytes}, ${JSON.stringify(options)}`;
      expect(actual, about).toEqual(expected);
    }
  }
});

test('reading in two parts, cut anywhere at a line, gives what reading at once gives', async () => {
  await using rig = await createRig();
  const bytes = randomFile(createSeededRandom(99));
  await rig.write({ a: bytes });
  const whole = await read(rig.path('a'), {});
  for (let maxLines = 0; maxLines <= whole.seen.length; maxLines++) {
    const first = await read(rig.path('a'), { maxLines });
    const startOffset = first.truncated ? first.nextOffset : bytes.byteLength;
    const second = await read(rig.path('a'), { startOffset });
    expect([...first.seen, ...second.seen]).toEqual(whole.seen);
  }
});

async function read(path: string, options: ReadLinesOptions): Promise<Expected> {
  const seen: Seen[] = [];
  const { nextOffset, truncated, tornTail, oversized } = await visitLines(
    path,
    ({ offset, bytes, terminated }) =>
      seen.push({ offset, hex: bytes.toString('hex'), terminated }),
    options,
  );
  return { seen, nextOffset, truncated, tornTail, oversized };
}

/** The same answer from the whole file at once, one byte after the other. */
function splitWhole(bytes: Buffer, options: ReadLinesOptions): Expected {
  const { startOffset = 0, maxLines = Infinity, maxBytes = Infinity } = options;
  const { maxLineBytes = Infinity } = options;
  const fileEnd = Math.min(bytes.byteLength, options.endOffset ?? Infinity);
  const end = Math.min(fileEnd, startOffset + maxBytes);
  const seen: Seen[] = [];
  const oversized: { offset: number; byteLength: number }[] = [];

  function deliver(from: number, to: number, terminated: boolean): void {
    const raw = bytes.subarray(from, to);
    const content = terminated && raw.at(-1) === 13 ? raw.subarray(0, -1) : raw;
    if (content.byteLength > maxLineBytes) {
      oversized.push({ offset: from, byteLength: raw.byteLength });
      return;
    }
    const hex = content.toString('hex');
    const marked = from === 0 && hex.startsWith('efbbbf');
    seen.push({ offset: from, hex: marked ? hex.slice(6) : hex, terminated });
  }

  let from = startOffset;
  for (let at = startOffset; at < end && seen.length < maxLines; at++) {
    if (bytes[at] !== 10) continue;
    deliver(from, at, true);
    from = at + 1;
  }
  const full = seen.length >= maxLines && from < fileEnd;
  const truncated = full ? 'max-lines' : end < fileEnd ? 'max-bytes' : false;
  const isTorn = truncated === false && from < end;
  if (isTorn) deliver(from, end, false);
  const tornTail = isTorn ? { offset: from, byteLength: end - from } : undefined;
  return { seen, nextOffset: from, truncated, tornTail, oversized };
}

/** Short lines of bytes that are likely to matter. */
function randomFile(random: SeededRandom): Buffer {
  const pieces = ['a', 'bc', '\n', '\n', '\r\n', '\r', '\uFEFF', 'ü', '€', '\u2028', '\0'] as const;
  const mark = random.next() < 0.5 ? '\uFEFF' : '';
  const text = Array.from({ length: random.integer(0, 60) }, () => random.pick(pieces)).join('');
  const broken = Buffer.from([0xff, 0xe2, 0x82]).subarray(0, random.integer(0, 3));
  return Buffer.concat([Buffer.from(mark + text), broken, Buffer.from(random.pick(['', '\n']))]);
}

function randomOptions(random: SeededRandom, bytes: Buffer): ReadLinesOptions {
  const size = bytes.byteLength;
  const lineStarts = [0, ...[...bytes.keys()].filter((at) => bytes[at] === 10).map((at) => at + 1)];
  const startOffset =
    random.next() < 0.5 ? 0 : (lineStarts[random.integer(0, lineStarts.length - 1)] ?? 0);
  return {
    startOffset,
    ...(random.next() < 0.3 && { endOffset: random.integer(startOffset, size + 3) }),
    ...(random.next() < 0.5 && { maxLineBytes: random.integer(1, 8) }),
    ...(random.next() < 0.4 && { maxLines: random.integer(0, 12) }),
    ...(random.next() < 0.4 && { maxBytes: random.integer(0, size + 3) }),
  };
}
