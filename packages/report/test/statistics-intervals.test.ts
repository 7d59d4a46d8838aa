import { expect, test } from 'vitest';

import { ReportError } from '../src/errors.js';
import {
  bootstrapInterval,
  createRandom,
  median,
  medianOfLogRatios,
  pairedBounds,
  quantile,
  ratioOfMedians,
} from '../src/statistics/index.js';
import { resampledMedian } from '../src/statistics/resampled-median.js';

const before = [102, 98, 110, 95, 101, 99, 120];
const after = [118, 109, 121, 105, 116, 111, 108, 140];

test('the same seed gives the same digits', () => {
  expect(ratioOfMedians(before, after, { level: 0.95, seed: 1 })).toMatchInlineSnapshot(`
    {
      "interval": {
        "lower": 0.990909090909091,
        "upper": 1.209438775510205,
      },
      "ratio": 1.1237623762376239,
    }
  `);
  const bounds = pairedBounds(
    [
      [0.01, 0.03, -0.02, 0.05],
      [0.02, 0.04, 0.06, -0.01],
    ],
    { seed: 1, levels: [0.95, 0.99] },
  );
  expect([0.95, 0.99].map((level) => [bounds.lower(level), bounds.upper(level)]))
    .toMatchInlineSnapshot(`
    [
      [
        0,
        0.045,
      ],
      [
        -0.01,
        0.05,
      ],
    ]
  `);
});

test('another seed moves the interval by little', () => {
  const one = ratioOfMedians(before, after, { level: 0.95, seed: 1 });
  const other = ratioOfMedians(before, after, { level: 0.95, seed: 2 });
  expect(other.ratio).toBe(one.ratio);
  expect(Math.abs(other.interval.lower - one.interval.lower)).toBeLessThan(0.03);
});

test('an interval of a higher level contains that of a lower one', () => {
  const narrow = ratioOfMedians(before, after, { level: 0.8, seed: 4 }).interval;
  const wide = ratioOfMedians(before, after, { level: 0.99, seed: 4 }).interval;
  expect(wide.lower).toBeLessThanOrEqual(narrow.lower);
  expect(wide.upper).toBeGreaterThanOrEqual(narrow.upper);
});

test('values that are all the same have an interval without width', () => {
  expect(ratioOfMedians([4, 4, 4], [6, 6], { level: 0.95, seed: 1 })).toStrictEqual({
    ratio: 1.5,
    interval: { lower: 1.5, upper: 1.5 },
  });
});

test('the ratio does not depend on the unit', () => {
  const inMs = ratioOfMedians(before, after, { level: 0.95, seed: 9 });
  const scale = (values: readonly number[]): number[] => values.map((value) => value * 1024);
  expect(ratioOfMedians(scale(before), scale(after), { level: 0.95, seed: 9 })).toStrictEqual(inMs);
});

test('drawing the median directly is distributed as drawing all values and taking their median', () => {
  for (const values of [before, after, [1, 2], [5]]) {
    const sorted = [...values].sort((a, b) => a - b);
    const direct = createRandom(1);
    const naive = createRandom(2);
    const draws = 6000;
    const ofDirect = Array.from({ length: draws }, () => resampledMedian(sorted, direct));
    const ofNaive = Array.from({ length: draws }, () =>
      median(sorted.map(() => sorted[Math.floor(naive() * sorted.length)] ?? Number.NaN)),
    );
    for (const value of new Set([...ofDirect, ...ofNaive])) {
      const share = (drawn: readonly number[]): number =>
        drawn.filter((each) => each <= value).length / draws;
      expect(Math.abs(share(ofDirect) - share(ofNaive))).toBeLessThan(0.035);
    }
  }
});

test('the interval of the ratio contains the truth about as often as it says', () => {
  const random = createRandom(7);
  // Skewed, as durations are: a floor and a long tail.
  const draw = (length: number, scale: number): number[] =>
    Array.from({ length }, () => scale * (1 - 0.2 * Math.log(1 - random())));
  const rounds = 400;
  let hits = 0;
  for (let seed = 0; seed < rounds; seed++) {
    const options = { level: 0.95, seed, resamples: 400 };
    const { interval } = ratioOfMedians(draw(15, 1), draw(12, 1.1), options);
    if (interval.lower <= 1.1 && interval.upper >= 1.1) hits += 1;
  }
  expect(hits / rounds).toBeGreaterThan(0.91);
  expect(hits / rounds).toBeLessThan(0.995);
});

test('the bounds of paired rounds are crossed about as seldom as they say', () => {
  const random = createRandom(8);
  const rounds = 300;
  let above = 0;
  let below = 0;
  for (let seed = 0; seed < rounds; seed++) {
    const groups = Array.from({ length: 3 }, () =>
      Array.from({ length: 12 }, () => random() + random() + random() - 1.5),
    );
    const bounds = pairedBounds(groups, { seed, levels: [0.95], resamples: 400 });
    if (bounds.lower(0.95) > 0) above += 1;
    if (bounds.upper(0.95) < 0) below += 1;
  }
  expect(above / rounds).toBeLessThan(0.09);
  expect(below / rounds).toBeLessThan(0.09);
  expect(above + below).toBeGreaterThan(4);
});

test('each group keeps its weight in paired bounds', () => {
  const bounds = pairedBounds([[0, 0, 0], [1], [1]], { seed: 1, levels: [0.99] });
  expect([bounds.lower(0.99), bounds.upper(0.99)]).toStrictEqual([0, 0]);
});

test('the middle of log ratios is that of all rounds, beside those of the groups', () => {
  expect(medianOfLogRatios([[1, 2, 9], [3]])).toStrictEqual({ estimate: 2.5, perGroup: [2, 3] });
});

test('the bootstrap of a known draw has its quantiles', () => {
  const interval = bootstrapInterval({ draw: (random) => random(), level: 0.9, seed: 1 });
  expect(interval.lower).toBeCloseTo(0.05, 1);
  expect(interval.upper).toBeCloseTo(0.95, 1);
  const values: number[] = [];
  const random = createRandom(1);
  for (let at = 0; at < 4000; at++) values.push(random());
  expect(interval.lower).toBe(quantile(values, (1 - 0.9) / 2));
});

test('ten thousand values cost no more than a few', () => {
  const random = createRandom(2);
  const many = Array.from({ length: 10_000 }, () => 1 + random());
  const { ratio, interval } = ratioOfMedians(many, many, { level: 0.95, seed: 1 });
  expect(ratio).toBe(1);
  expect(interval.upper - interval.lower).toBeLessThan(0.05);
});

test('an interval may reach infinity where some resamples before have a median of 0', () => {
  const { interval } = ratioOfMedians([0, 0, 1, 1, 1], [2, 2, 2], { level: 0.95, seed: 1 });
  expect(interval).toStrictEqual({ lower: 2, upper: Infinity });
  expect(
    ratioOfMedians([0, 0, 1, 1, 1], [0, 0, 0], { level: 0.95, seed: 1 }).interval,
  ).toStrictEqual({ lower: 0, upper: 1 });
});

test.each([
  ['a median of 0 before', () => ratioOfMedians([0, 0, 1], [1], options), 'SAMPLES_INVALID'],
  ['a negative value', () => ratioOfMedians([1], [-1], options), 'SAMPLES_INVALID'],
  ['no value', () => ratioOfMedians([1], [], options), 'SAMPLES_EMPTY'],
  ['an empty group', () => pairedBounds([[1], []], { seed: 1, levels: [0.9] }), 'SAMPLES_EMPTY'],
  ['no group', () => pairedBounds([], { seed: 1, levels: [0.9] }), 'SAMPLES_EMPTY'],
  ['a level of 1', () => ratioOfMedians([1], [1], { level: 1, seed: 1 }), 'INVALID_OPTION'],
  ['no resamples', () => ratioOfMedians([1], [1], { ...options, resamples: 0 }), 'INVALID_OPTION'],
  [
    'a level that was not asked for',
    () => pairedBounds([[1]], { seed: 1, levels: [0.9] }).lower(0.99),
    'INVALID_OPTION',
  ],
])('%s is refused with a code', (_, compute, code) => {
  expect(compute).toThrow(ReportError);
  expect(compute).toThrow(expect.objectContaining({ code }));
});

const options = { level: 0.95, seed: 1 };
