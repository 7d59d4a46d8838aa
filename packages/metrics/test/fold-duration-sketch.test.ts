import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { durationKey } from '../src/fold/duration-key.js';
import { DurationSketch } from '../src/fold/duration-sketch.js';

const seeds = [0, 1, 2, 3, 4, 5, 6, 7] as const;

test.each(seeds)('tells quantiles within one per cent, seed %i', (seed) => {
  const random = createSeededRandom(seed);
  const spread = random.integer(0, 6);
  const values = Array.from({ length: 5000 }, () => 10 ** (random.next() * spread - spread / 2));
  const sorted = values.toSorted((a, b) => a - b);

  const { p50, p95, p99 } = sketchOf(values).quantiles();
  for (const [quantile, told] of [
    [0.5, p50],
    [0.95, p95],
    [0.99, p99],
  ] as const) {
    const exact = sorted[Math.floor(quantile * (sorted.length - 1))] ?? 0;
    expect(Math.abs((told ?? 0) - exact)).toBeLessThanOrEqual(exact * 0.01 * (1 + 1e-9));
  }
});

test('tells nothing where there is nothing', () => {
  expect(new DurationSketch().quantiles()).toEqual({ p50: null, p95: null, p99: null });
  expect(new DurationSketch().encode()).toBe('');
});

test('takes what is no duration for none', () => {
  for (const value of [0, -0, -5, 1e-300, -1e308]) {
    expect(sketchOf([value]).quantiles().p50).toBe(0);
  }
});

test('keeps few bins, whatever the durations are', () => {
  const random = createSeededRandom(1);
  const values = Array.from({ length: 20_000 }, () => 10 ** (random.next() * 616 - 308));

  expect(sketchOf(values).encode().length).toBeLessThan(4000);
  expect(sketchOf([1e308]).quantiles().p50).toBeCloseTo(1e9, -8);
});

test.each(seeds)('is the same, stored, merged or with something taken away, seed %i', (seed) => {
  const random = createSeededRandom(seed);
  const some = Array.from({ length: 200 }, () => random.next() * 10 ** random.integer(-8, 10));
  const others = Array.from({ length: 200 }, () => random.next() * 10 ** random.integer(-8, 10));
  const all = sketchOf([...some, ...others]).encode();

  const merged = DurationSketch.decode(sketchOf(some).encode());
  merged.merge(DurationSketch.decode(sketchOf(others).encode()));
  const less = DurationSketch.decode(all);
  for (const value of others) less.add(durationKey(value), -1);

  expect(merged.encode()).toBe(all);
  expect(sketchOf([...others, ...some]).encode()).toBe(all);
  expect(less.encode()).toBe(sketchOf(some).encode());
  for (const value of some) less.add(durationKey(value), -1);
  expect(less.encode()).toBe('');
});

test('counts as many in one bin as there may be', () => {
  const sketch = new DurationSketch();
  sketch.add(durationKey(1), 1e12);
  sketch.add(durationKey(2), 1);

  expect(DurationSketch.decode(sketch.encode()).quantiles()).toEqual(sketch.quantiles());
  const again = DurationSketch.decode(sketch.encode());
  again.add(durationKey(2), 1);
  again.add(durationKey(2), -1);
  expect(again.encode()).toBe(sketch.encode());
});

function sketchOf(values: readonly number[]): DurationSketch {
  const sketch = new DurationSketch();
  for (const value of values) sketch.add(durationKey(value), 1);
  return sketch;
}
