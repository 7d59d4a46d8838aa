import { expect, test } from 'vitest';

import { PatchKeeper } from '../../src/review/patch-keeper.js';
import { levelOf, shareRoom } from '../../src/review/share-room.js';

function patch(name: string, lines: number): string {
  return `diff --git a/${name} b/${name}\n${'+ diff --git is no mark here\n'.repeat(lines)}`;
}

test('the biggest parts are cut first, to the same size', () => {
  expect(shareRoom([1000, 9000, 5000, 10], 4010)).toEqual([1000, 1500, 1500, 10]);
  expect(shareRoom([10, 20], 30)).toEqual([10, 20]);
  expect(levelOf([], 10)).toBe(Infinity);
});

test('where shares would be too small to read, the biggest parts are left out', () => {
  expect(shareRoom([300, 500, 200, 900], 800)).toEqual([300, 0, 200, 0]);
});

test.each([1, 2, 7, 64, 100_000])('output in pieces of %i bytes is taken apart', (size) => {
  const texts = [patch('a', 2), patch('ä', 3), patch('c', 0)];
  const output = Buffer.from(texts.join(''));
  const keeper = new PatchKeeper(100_000);
  for (let start = 0; start < output.length; start += size) {
    keeper.push(output.subarray(start, start + size));
  }
  keeper.end();
  keeper.add('diff --git new\n');
  expect(keeper.patches()).toEqual(
    [...texts, 'diff --git new\n'].map((text) => {
      return { text, bytes: Buffer.byteLength(text), isWhole: true };
    }),
  );
});

test('of many large changes as much is kept as has room at last, and small ones stay whole', () => {
  const keeper = new PatchKeeper(10_000);
  const large = patch('large', 10_000);
  for (let n = 0; n < 20; n += 1) {
    keeper.push(Buffer.from(n === 10 ? patch('small', 3) : large));
  }
  keeper.end();
  const patches = keeper.patches();
  const kept = patches.reduce((sum, { text }) => sum + text.length, 0);
  expect(kept).toBeLessThanOrEqual(20_000);
  expect(patches[10]).toMatchObject({ text: patch('small', 3), isWhole: true });
  const level = levelOf(
    patches.map(({ bytes }) => bytes),
    10_000,
  );
  for (const { text, bytes, isWhole } of patches) {
    expect(text.length).toBeGreaterThanOrEqual(Math.min(bytes, level));
    expect(isWhole).toBe(text.length === bytes);
  }
});
