import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { fingerprintOf } from '../src/checkpoint/fingerprint.js';

function bytesOf(length: number, seed = 1): Buffer {
  const random = createSeededRandom(seed);
  return Buffer.from(Array.from({ length }, () => random.integer(32, 126)));
}

/** Reads of a buffer, a few bytes at a time where asked for. */
function readerOf(
  source: Buffer,
  atMost = Infinity,
): { read: (view: Uint8Array, position: number) => number; bytes: () => number } {
  let bytes = 0;
  return {
    read: (view, position) => {
      const end = Math.min(source.byteLength, position + Math.min(view.byteLength, atMost));
      const part = source.subarray(position, end);
      view.set(part);
      bytes += part.byteLength;
      return part.byteLength;
    },
    bytes: () => bytes,
  };
}

test.each([0, 1, 2, 3, 4, 5, 100, 8447, 8448])(
  'shows every changed byte of a history of %i bytes',
  (length) => {
    const source = bytesOf(length);
    const expected = fingerprintOf(readerOf(source).read, length);

    const step = length > 1000 ? 37 : 1;
    for (let at = 0; at < length; at += step) {
      const changed = Buffer.from(source);
      changed.writeUInt8(source.readUInt8(at) ^ 1, at);
      expect(fingerprintOf(readerOf(changed).read, length)).not.toBe(expected);
    }
    expect(fingerprintOf(readerOf(Buffer.from(source)).read, length)).toBe(expected);
  },
);

test('shows changes at both ends of a long history from nine kilobytes of it', () => {
  const length = 1_000_003;
  const source = bytesOf(length);
  const reader = readerOf(source);
  const expected = fingerprintOf(reader.read, length);

  expect(reader.bytes()).toBeLessThanOrEqual(9 * 1024);
  for (const at of [0, 4095, length - 4096, length - 1]) {
    const changed = Buffer.from(source);
    changed.writeUInt8(source.readUInt8(at) ^ 1, at);
    expect(fingerprintOf(readerOf(changed).read, length)).not.toBe(expected);
  }
  // A byte was inserted: all that follows has moved.
  const moved = Buffer.concat([source.subarray(0, 5000), Buffer.from('x'), source.subarray(5000)]);
  expect(fingerprintOf(readerOf(moved).read, length)).not.toBe(expected);
});

test('is the same when more follows, and however few bytes a read gives', () => {
  const source = bytesOf(20_000);
  const longer = Buffer.concat([source, bytesOf(500, 2)]);
  const expected = fingerprintOf(readerOf(source).read, 20_000);

  expect(fingerprintOf(readerOf(longer).read, 20_000)).toBe(expected);
  expect(fingerprintOf(readerOf(source, 7).read, 20_000)).toBe(expected);
});

test('is another one for every length, and none for what is too short', () => {
  const source = bytesOf(20_000);
  const found = new Set<string>();
  for (let length = 0; length < 20_000; length += 501) {
    found.add(fingerprintOf(readerOf(source).read, length));
  }

  expect(found.size).toBe(Math.ceil(20_000 / 501));
  expect(fingerprintOf(readerOf(source).read, 20_001)).toBe('too-short');
  expect(fingerprintOf(readerOf(Buffer.alloc(0)).read, 1)).toBe('too-short');
});
