import { expect, test } from 'vitest';

import { ReportError } from '../src/errors.js';
import { differenceOfShares } from '../src/statistics/difference-of-shares.js';
import { createRandom, fitExponent, median, quantile, rankSum } from '../src/statistics/index.js';

test('the median is the middle of an odd and the mean of the middle two of an even number of values', () => {
  expect(median([3])).toBe(3);
  expect(median([9, 1, 5])).toBe(5);
  expect(median([10, 1, 9, 2])).toBe(5.5);
  expect(median([-1, -10, 100])).toBe(-1);
});

test('quantiles are interpolated between neighbours and end at the extremes', () => {
  expect(quantile([4, 1, 3, 2], 0)).toBe(1);
  expect(quantile([4, 1, 3, 2], 1)).toBe(4);
  expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75);
  expect(quantile([7], 0.9)).toBe(7);
});

test('median and quantile agree with counting, and do not touch what they are given', () => {
  const random = createRandom(11);
  for (let round = 0; round < 300; round++) {
    const values = Array.from({ length: 1 + (round % 17) }, () => Math.floor(random() * 6));
    const copy = [...values];
    const middle = median(values);
    expect(values).toStrictEqual(copy);
    expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(values.length / 2);
    expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(values.length / 2);
    expect(quantile(values, 0.5)).toBe(middle);
    expect(quantile(values, 0.9)).toBeGreaterThanOrEqual(quantile(values, 0.1));
  }
});

test.each([
  ['no values', () => median([]), 'SAMPLES_EMPTY'],
  ['a value that is no number', () => median([1, Number.NaN]), 'SAMPLES_INVALID'],
  ['an infinite value', () => quantile([1, Infinity], 0.5), 'SAMPLES_INVALID'],
  ['a string', () => median([1, '2' as unknown as number]), 'SAMPLES_INVALID'],
  ['a share outside 0 to 1', () => quantile([1], 1.5), 'INVALID_OPTION'],
  ['a share that is no number', () => quantile([1], Number.NaN), 'INVALID_OPTION'],
  ['a seed that is no integer', () => createRandom(0.5), 'INVALID_OPTION'],
  ['ranks of nothing', () => rankSum([], [1]), 'SAMPLES_EMPTY'],
  ['a line through one point', () => fitExponent([{ size: 1, cost: 1 }]), 'SAMPLES_INVALID'],
  [
    'a size of 0',
    () =>
      fitExponent([
        { size: 0, cost: 1 },
        { size: 1, cost: 1 },
      ]),
    'SAMPLES_INVALID',
  ],
])('%s is refused with a code', (_, compute, code) => {
  expect(compute).toThrow(ReportError);
  expect(compute).toThrow(expect.objectContaining({ code }));
});

test('the generator gives the same digits for the same seed', () => {
  const random = createRandom(20_260_131);
  expect([random(), random(), random()]).toMatchInlineSnapshot(`
    [
      0.6350728854861624,
      0.07399502287119686,
      0.9646924900665248,
    ]
  `);
});

test('neighbouring seeds give unrelated numbers, evenly from 0 to 1', () => {
  const firsts = Array.from({ length: 2000 }, (_, seed) => createRandom(seed)());
  expect(new Set(firsts).size).toBe(2000);
  for (let tenth = 0; tenth < 10; tenth++) {
    const within = firsts.filter((first) => Math.floor(first * 10) === tenth).length;
    expect(within).toBeGreaterThan(140);
    expect(within).toBeLessThan(260);
  }
  expect(createRandom(1)()).not.toBe(createRandom(1 + 2 ** 32)());
  expect(createRandom(-1)()).not.toBe(createRandom(1)());
});

test.each([0, 1, 2])(
  'a cost that grows with the power %i of the size has that exponent',
  (power) => {
    const points = [10, 100, 1000].map((size) => ({ size, cost: 3 * size ** power }));
    expect(fitExponent(points)).toBeCloseTo(power, 10);
  },
);

test('a cost of 0 counts as 1', () => {
  expect(
    fitExponent([
      { size: 10, cost: 0 },
      { size: 100, cost: 10 },
    ]),
  ).toBeCloseTo(1, 10);
});

test('the rank sum of small samples is exact: it is the share of orders at least as extreme', () => {
  expect(rankSum([1, 2, 3], [4, 5, 6]).p).toBeCloseTo(2 / 20, 12);
  expect(rankSum([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]).p).toBeCloseTo(2 / 252, 12);
  expect(rankSum([1, 4], [2, 3]).p).toBe(1);
  expect(rankSum([1], [2]).p).toBe(1);
});

test('the exact rank sum agrees with trying all orders', () => {
  const random = createRandom(5);
  for (let round = 0; round < 20; round++) {
    const before = Array.from({ length: 1 + Math.floor(random() * 4) }, () => random());
    const after = Array.from({ length: 1 + Math.floor(random() * 4) }, () => random());
    expect(rankSum(before, after).p).toBeCloseTo(pOfAllOrders(before, after), 10);
  }
});

test('samples that are all ties do not differ, and swapping the sides changes nothing', () => {
  expect(rankSum([5, 5, 5], [5, 5]).p).toBe(1);
  const random = createRandom(3);
  const before = Array.from({ length: 40 }, () => Math.floor(random() * 9));
  const after = Array.from({ length: 30 }, () => Math.floor(random() * 9) + 2);
  expect(rankSum(before, after).p).toBeCloseTo(rankSum(after, before).p, 12);
  expect(rankSum(before, after).p).toBeLessThan(0.01);
});

test('of samples from one distribution, one in twenty has a p below 0.05', () => {
  const random = createRandom(17);
  const draw = (length: number): number[] => Array.from({ length }, () => random());
  const rounds = 1000;
  const small = Array.from({ length: rounds }, () => rankSum(draw(8), draw(9)).p);
  const large = Array.from({ length: rounds }, () => rankSum(draw(25), draw(30)).p);
  for (const values of [small, large]) {
    const alarms = values.filter((p) => p < 0.05).length / rounds;
    expect(alarms).toBeGreaterThan(0.025);
    expect(alarms).toBeLessThan(0.07);
  }
});

test('the interval of a difference of shares is that of the literature', () => {
  // Newcombe 1998, table II, method 10: 56 of 70 and 48 of 80, and 10 of 10 and 0 of 20.
  const some = differenceOfShares({ hits: 48, runs: 80 }, { hits: 56, runs: 70 }, 0.95);
  expect(some.difference).toBeCloseTo(0.2, 10);
  expect(some.interval.lower).toBeCloseTo(0.0524, 4);
  expect(some.interval.upper).toBeCloseTo(0.3339, 4);
  const all = differenceOfShares({ hits: 0, runs: 20 }, { hits: 10, runs: 10 }, 0.95);
  expect(all.interval.lower).toBeCloseTo(0.6791, 4);
  expect(all.interval.upper).toBe(1);
  expect(() => differenceOfShares({ hits: 2, runs: 1 }, { hits: 0, runs: 1 }, 0.95)).toThrow(
    expect.objectContaining({ code: 'SAMPLES_INVALID' }),
  );
});

function pOfAllOrders(before: readonly number[], after: readonly number[]): number {
  const all = [...before, ...after];
  const center = (before.length * after.length) / 2;
  const distances: number[] = [];
  for (let chosen = 0; chosen < 2 ** all.length; chosen++) {
    const left = all.filter((_, at) => (chosen >> at) & 1);
    if (left.length !== before.length) continue;
    const right = all.filter((_, at) => !((chosen >> at) & 1));
    distances.push(Math.abs(winsOf(left, right) - center));
  }
  const own = Math.abs(winsOf(before, after) - center);
  return distances.filter((distance) => distance >= own).length / distances.length;
}

function winsOf(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value) => sum + right.filter((other) => value > other).length, 0);
}
