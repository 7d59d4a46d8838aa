import { expect, test } from 'vitest';

import { TailBuffer } from '../src/tail-buffer.js';

test('the tail of pieces of any size is the end of the whole', () => {
  const whole = Buffer.from(Array.from({ length: 500 }, (_, index) => 32 + (index % 90)));
  for (const capacity of [1, 7, 64, 499, 500, 501]) {
    for (const size of [1, 3, 63, 64, 65, 500]) {
      const tail = new TailBuffer(capacity);
      for (let at = 0; at < whole.length; at += size) tail.push(whole.subarray(at, at + size));
      expect(tail.capture()).toEqual({
        text: whole.subarray(-capacity).toString(),
        totalBytes: 500,
        truncated: capacity < 500,
      });
    }
  }
});

test('the text begins and ends with a whole character, wherever it is cut', () => {
  for (const character of ['é', '€', '😀']) {
    const whole = Buffer.from(character.repeat(10));
    for (let capacity = 8; capacity < whole.length; capacity++) {
      for (let missing = 0; missing < 4; missing++) {
        const { text } = captureAll(whole.subarray(0, whole.length - missing), capacity);
        expect(text).toMatch(new RegExp(`^(${character})+$`, 'u'));
      }
    }
  }
});

test('bytes that are not UTF-8 show as replacement characters', () => {
  const bytes = Buffer.from([0x61, 0xff, 0x62, 0xc3, 0x28, 0x00, 0x63]);
  expect(captureAll(bytes, 100).text).toBe('a\u{fffd}b\u{fffd}(\0c');
});

test('a truncated text loses at most a character of bytes that are no text', () => {
  expect(captureAll(Buffer.alloc(20, 0x80), 10).text).toHaveLength(7);
});

test('a byte order mark is kept', () => {
  expect(captureAll(Buffer.from('\u{feff}a'), 100).text).toBe('\u{feff}a');
});

test('a capacity of zero keeps the count alone', () => {
  expect(captureAll(Buffer.from('abc'), 0)).toEqual({ text: '', totalBytes: 3, truncated: true });
});

function captureAll(bytes: Buffer, capacity: number) {
  const tail = new TailBuffer(capacity);
  tail.push(bytes);
  return tail.capture();
}
