import { expect, test } from 'vitest';

import { checkExact } from '../src/exact/check-exact.js';
import { checkCountGrowth, checkCpuGrowth } from '../src/exact/check-growth.js';
import { checkMemory } from '../src/exact/check-memory.js';
import type { Finding } from '../src/exact/finding.js';

const promise = 'It holds';
const exact = { kind: 'exact', promise, budget: { writes: 2, fsyncs: 0 } } as const;
const sizes = [1000, 10_000, 100_000];
const growth = { kind: 'growth', promise, cost: 'counts', sizes, exponent: 0 } as const;
const inputBytes = [10_000_000, 60_000_000];
const memory = { kind: 'memory', promise, slope: 0.3, inputBytes } as const;

function verdict({ verdict, reason }: Finding): string {
  return `${verdict}: ${reason}`;
}

test.each([
  [{ writes: 2, fsyncs: 0 }, 'held: as budgeted: writes 2, fsyncs 0'],
  [
    { writes: 3, fsyncs: 1, other: 9 },
    'regressed: writes is 3, the budget is 2; fsyncs is 1, the budget is 0',
  ],
  [{ writes: 1, fsyncs: 0 }, 'improved: writes is 1: the budget can be lowered from 2 to 1'],
  [{ writes: 1, fsyncs: 1 }, 'regressed: fsyncs is 1, the budget is 0'],
  [{ writes: 2 }, 'failed: the budget names what was not measured: fsyncs'],
  [{ writes: 1.5, fsyncs: 0 }, 'failed: the count `writes` is 1.5, which is no whole number'],
  [
    { writes: Number.NaN, fsyncs: 0 },
    'failed: the count `writes` is NaN, which is no whole number',
  ],
  [{ writes: null, fsyncs: 0 }, 'failed: the count `writes` is null, which is no whole number'],
  [{}, 'failed: the measurement gave no counts'],
  [undefined, 'failed: the measurement gave no counts'],
])('counts of %j against a budget of two writes', (counts, expected) => {
  expect(verdict(checkExact(exact, counts))).toBe(expected);
});

test('shows counts that have no budget beside those that have one', () => {
  const { measures } = checkExact(exact, { writes: 2, fsyncs: 0, bytesRead: 7 });
  expect(measures).toEqual([
    { name: 'writes', unit: 'count', value: 2, limit: 2 },
    { name: 'fsyncs', unit: 'count', value: 0, limit: 0 },
    { name: 'bytesRead', unit: 'bytes', value: 7 },
  ]);
});

test.each([
  ['the same at each size', [9, 9, 9], 0, 'held'],
  ['a few bytes more', [1000, 1004, 1008], 0, 'held'],
  ['in proportion where nothing is promised to grow', [1000, 10_000, 100_000], 0, 'regressed'],
  ['one call more per hundred', [10, 100, 1000], 0, 'regressed'],
  ['in proportion as promised', [1000, 10_000, 100_000], 1, 'held'],
  ['with the square where proportion is promised', [1e6, 1e8, 1e10], 1, 'regressed'],
  ['nothing at all', [0, 0, 0], 0, 'held'],
  ['something from nothing', [0, 0, 50], 0, 'regressed'],
])('a count that grows %s', (_how, costs, exponent, expected) => {
  const counts = costs.map((reads) => ({ reads }));
  expect(checkCountGrowth({ ...growth, exponent }, counts).verdict).toBe(expected);
});

test.each([
  ['a size is missing', [{ reads: 1 }, { reads: 1 }]],
  ['a size has no counts', [{ reads: 1 }, { reads: 1 }, undefined]],
  ['a count is missing at a size', [{ reads: 1, opens: 1 }, { reads: 1 }, { reads: 1, opens: 1 }]],
  ['a count is no whole number', [{ reads: 1 }, { reads: 0.5 }, { reads: 1 }]],
  ['nothing was measured', undefined],
])('growth is not judged where %s', (_what, counts) => {
  expect(checkCountGrowth(growth, counts).verdict).toBe('failed');
});

/** Twelve rounds in which the cost grows with this power, up to some percent off. */
function rounds(exponent: number, spread: number): number[][] {
  return Array.from({ length: 12 }, (_, round) =>
    growth.sizes.map((size, at) => {
      const off = 1 + spread * Math.sin(round * 7 + at * 3);
      return (size / 1000) ** exponent * off;
    }),
  );
}

test.each([
  ['constant as promised', 0, 0, 0.05, 'held'],
  ['constant as promised on a noisy machine', 0, 0, 0.5, 'held'],
  ['linear where constant is promised', 1, 0, 0.3, 'regressed'],
  ['linear as promised', 1, 1, 0.05, 'held'],
  ['quadratic where linear is promised', 2, 1, 0.3, 'regressed'],
  ['too near the limit to tell', 0.25, 0, 0.6, 'undecided'],
])('processor time that is %s', (_how, actual, exponent, spread, expected) => {
  const found = checkCpuGrowth({ ...growth, cost: 'cpu', exponent }, rounds(actual, spread));
  expect(found.verdict).toBe(expected);
  expect(found.measures[0]?.value).toBeCloseTo(actual, 0);
  expect(found.sizes?.map(({ size }) => size)).toEqual(growth.sizes);
});

test.each([[[]], [undefined], [[[1, 2]]], [[[1, 2, null]]], [[[1, 2, 0]]]])(
  'processor time of %j is no measurement',
  (taken) => {
    expect(checkCpuGrowth({ ...growth, cost: 'cpu' }, taken).verdict).toBe('failed');
  },
);

const million = 1_000_000;

test.each([
  [
    'a stream',
    [
      [44, 45, 44],
      [46, 45, 44],
    ],
    'held',
  ],
  [
    'a stream, once disturbed',
    [
      [44, 45, 44],
      [46, 99, 44],
    ],
    'held',
  ],
  [
    'what holds all of it',
    [
      [54, 55, 54],
      [104, 106, 104],
    ],
    'regressed',
  ],
  ['what nobody measured', [[54], []], 'failed'],
  ['what was measured at one size', [[54]], 'failed'],
])('the peak of %s', (_what, megabytes, expected) => {
  const peaks = megabytes.map((perSize) => perSize.map((peak) => peak * million));
  expect(checkMemory(memory, peaks).verdict).toBe(expected);
});

test('memory is undecided, with the reason, where the system does not tell it', () => {
  const found = checkMemory(memory, [[null], [null]]);
  expect(verdict(found)).toBe(
    'undecided: this system does not tell the peak of the memory of a process',
  );
});
