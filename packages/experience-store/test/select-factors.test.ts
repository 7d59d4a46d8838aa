import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { estimateTokens } from '../src/select/budget.js';
import { decayOf } from '../src/select/decay.js';
import { usefulnessOf, wilsonInterval } from '../src/select/usefulness.js';
import { daysAgo, NOW_MS } from './select-sample.js';

test('what was never used is neutral, and so is what chance could have done', () => {
  for (const [helped, harmed] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [5, 5],
    [3, 2],
    [40, 41],
  ] as const) {
    expect(usefulnessOf({ helped, harmed })).toBe(0.5);
  }
});

test('usefulness never falls with help and never rises with harm', () => {
  for (let helped = 0; helped <= 24; helped++) {
    for (let harmed = 0; harmed <= 24; harmed++) {
      const here = usefulnessOf({ helped, harmed });
      expect(here).toBeGreaterThanOrEqual(0);
      expect(here).toBeLessThanOrEqual(1);
      expect(usefulnessOf({ helped: helped + 1, harmed })).toBeGreaterThanOrEqual(here);
      expect(usefulnessOf({ helped, harmed: harmed + 1 })).toBeLessThanOrEqual(here);
      expect(usefulnessOf({ helped: harmed, harmed: helped })).toBeCloseTo(1 - here, 12);
    }
  }
});

test('more of the same outcome says more', () => {
  expect(usefulnessOf({ helped: 3, harmed: 0 })).toBeGreaterThan(0.6);
  expect(usefulnessOf({ helped: 30, harmed: 0 })).toBeGreaterThan(0.9);
  expect(usefulnessOf({ helped: 0, harmed: 30 })).toBeLessThan(0.1);
});

test('the interval is that of published examples', () => {
  // At 95%: 15 of 148 gives 6.2% to 16.0% (Newcombe, Statistics in Medicine 17, 1998, table I).
  const { lower, upper } = wilsonInterval(15, 148, 1.959964);
  expect(lower).toBeCloseTo(0.0624, 4);
  expect(upper).toBeCloseTo(0.1605, 4);
  expect(wilsonInterval(0, 20, 1.959964).upper).toBeCloseTo(0.1611, 4);
  expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 });
});

test('half is left after the half-life, never less than the floor, and all of a pinned record', () => {
  const decay = (days: number, pinned = false): number =>
    decayOf({ createdAt: daysAgo(days), pinned }, { nowMs: NOW_MS });
  expect(decay(0)).toBe(1);
  expect(decay(30)).toBeCloseTo(0.5, 12);
  expect(decay(60)).toBeCloseTo(0.25, 12);
  expect(decay(90)).toBe(0.25);
  expect(decay(9000)).toBe(0.25);
  expect(decay(9000, true)).toBe(1);
  expect(decay(-5)).toBe(1);
});

test('decay never rises with age and stays between the floor and 1', () => {
  const random = createSeededRandom(11);
  for (let round = 0; round < 500; round++) {
    const options = {
      nowMs: NOW_MS,
      floor: random.next(),
      halfLifeDays: random.next() * 50 + 0.01,
    };
    const days = random.next() * 200;
    const younger = decayOf({ createdAt: daysAgo(days), pinned: false }, options);
    const older = decayOf({ createdAt: daysAgo(days + random.next()), pinned: false }, options);
    expect(older).toBeLessThanOrEqual(younger);
    expect(older).toBeGreaterThanOrEqual(options.floor);
    expect(younger).toBeLessThanOrEqual(1);
  }
});

test('a record without a readable date has the floor, and an endless half-life keeps all', () => {
  expect(decayOf({ createdAt: '', pinned: false }, { nowMs: NOW_MS })).toBe(0.25);
  const options = { nowMs: NOW_MS, halfLifeDays: Infinity };
  expect(decayOf({ createdAt: daysAgo(9000), pinned: false }, options)).toBe(1);
});

test('four characters count as a token, and a begun one as a whole', () => {
  expect(['', 'a', 'abcd', 'abcde'].map(estimateTokens)).toEqual([0, 1, 1, 2]);
});
