import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { ExactSums } from '../src/fold/exact-sum.js';
import { numberOf, roundedNumberOf, unitsOf } from './support/decimal-units.js';

const values = [
  ...[0, -0, 1, -1, 0.1, 0.2, -0.3, 1e-6, 1e-7, 5e-324, -5e-324, 2.225e-308, 1e308, -1e308],
  ...[Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 2 ** 53, 2 ** 60, 2 ** 30 - 0.5, 2 ** 30 + 0.1],
  ...[0.1 + 0.2, 1 / 3, 1e21, 123_456.789_012, 123_456.789_012_3, 4_294_967_295.999_999, 0.5e-6],
] as const;

test('adds decimals as the decimals that they are', () => {
  expect(sumOf([0.1, 0.2])).toBe(0.3);
  expect(sumOf(Array.from({ length: 10 }, () => 0.1))).toBe(1);
  expect(sumOf([1e308, 0.1, -1e308])).toBe(0.1);
});

test('saturates at the largest number', () => {
  expect(sumOf([1e308, 1e308])).toBe(Number.MAX_VALUE);
  expect(sumOf([-1e308, -1e308])).toBe(-Number.MAX_VALUE);
});

test('leaves out what is not finite', () => {
  expect(sumOf([1, Number.NaN, Infinity, -Infinity])).toBe(1);
});

test('rounds to millionths, halves up', () => {
  const half = 2 ** -7;
  // 0.0078125 has seven places: it lies half-way between two millionths.
  expect(summed([half]).readRounded(0)).toBe(0.007813);
  expect(summed([-half]).readRounded(0)).toBe(-0.007812);
});

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'says what big decimals say, in any order, seed %i',
  (seed) => {
    const random = createSeededRandom(seed);
    const terms = Array.from({ length: random.integer(1, 40) }, () =>
      random.pick([
        random.pick(values),
        -random.pick(values),
        random.next() * 10 ** random.integer(-9, 12),
      ]),
    );
    const units = terms.reduce((sum, term) => sum + unitsOf(term), 0n);
    const sums = summed(terms);

    expect(sums.read(0)).toBe(numberOf(units));
    expect(sums.readRounded(0)).toBe(roundedNumberOf(units));
    expect(summed(terms.toReversed()).encode(0)).toBe(sums.encode(0));
  },
);

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  'is the same sum when it is encoded, merged or partly taken away, seed %i',
  (seed) => {
    const random = createSeededRandom(seed);
    const kept = Array.from({ length: 12 }, () =>
      random.pick([random.pick(values), random.next()]),
    );
    const gone = Array.from({ length: 12 }, () =>
      random.pick([random.pick(values), random.next()]),
    );
    const expected = summed(kept).encode(0);

    const less = summed([...gone, ...kept]);
    for (const value of gone) less.subtract(0, value);
    const merged = summed(kept.slice(0, 5));
    merged.merge(0, summed(kept.slice(5)), 0);
    const decoded = new ExactSums(1);
    decoded.addEncoded(0, JSON.parse(JSON.stringify(expected)));

    expect([less.encode(0), merged.encode(0), decoded.encode(0)]).toEqual(
      Array.from({ length: 3 }, () => expected),
    );
    expect(decoded.read(0)).toBe(summed(kept).read(0));
  },
);

test('carries what its cells cannot hold', () => {
  for (const value of [
    Number.MAX_SAFE_INTEGER,
    2 ** 30 - 0.000_001,
    2 ** 29 + 2 ** -23,
    -0.1 - 2 ** 29,
  ]) {
    const sums = new ExactSums(1);
    for (let times = 0; times < 20_000; times += 1) sums.add(0, value);

    expect(sums.read(0)).toBe(numberOf(unitsOf(value) * 20_000n));
    const decoded = new ExactSums(1);
    decoded.addEncoded(0, sums.encode(0));
    expect(decoded.encode(0)).toBe(sums.encode(0));
    for (let times = 0; times < 20_000; times += 1) decoded.subtract(0, value);
    expect(decoded.encode(0)).toBe(0);
  }
});

test.each([null, true, [], Number.NaN, 0.1 + 0.2, 'x', '1.5', '0x1', '0x1p', { a: 1 }])(
  'refuses %j, which no sum is encoded as',
  (value) => {
    expect(() => {
      new ExactSums(1).addEncoded(0, value);
    }).toThrow();
  },
);

function summed(terms: readonly number[]): ExactSums {
  const sums = new ExactSums(1);
  for (const term of terms) sums.add(0, term);
  return sums;
}

function sumOf(terms: readonly number[]): number {
  return summed(terms).read(0);
}
