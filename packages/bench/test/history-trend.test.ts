import { expect, test } from 'vitest';

import { trendNotes } from '../src/history/trend.js';
import type { TrendPoint } from '../src/history/trend.js';

function points(values: readonly number[], changes: Partial<TrendPoint> = {}): TrendPoint[] {
  const point = { guard: 'core/scan', measure: 'cpu', unit: 'ms', machine: 'a', ...changes };
  return values.map((value) => ({ ...point, value }));
}

test('a value beyond three deviations of the earlier median is told of', () => {
  const notes = trendNotes(points([10, 11, 10, 9, 10, 11, 14.5]));
  expect(notes).toEqual([
    'core/scan: cpu is 14.5 ms, above 10 ms ± 1.5 ms of the 6 results before',
  ]);
  expect(trendNotes(points([10, 11, 10, 9, 10, 11, 6]))[0]).toContain('below');
});

test('a value within three deviations is not', () => {
  expect(trendNotes(points([10, 11, 10, 9, 10, 11, 11.4]))).toEqual([]);
});

test('a count that was always the same is told of when it is another', () => {
  const counts = { measure: 'writes', unit: 'count' };
  expect(trendNotes(points([1, 1, 1, 1, 1, 2], counts))).toHaveLength(1);
  expect(trendNotes(points([1, 1, 1, 1, 1, 1], counts))).toEqual([]);
});

test('a time is compared with times of the same machine, a count with all', () => {
  const earlier = [10, 10, 10, 10, 10];
  const other = { machine: 'b' };
  expect(trendNotes([...points(earlier), ...points([30], other)])).toEqual([]);
  const counts = { unit: 'count' };
  expect(
    trendNotes([...points(earlier, counts), ...points([30], { ...counts, ...other })]),
  ).toHaveLength(1);
});

test('few earlier values say nothing, and a time hardly beside steady ones is no news', () => {
  expect(trendNotes(points([1, 1, 1, 1, 9]))).toEqual([]);
  expect(trendNotes(points([10, 10, 10, 10, 10, 10.05]))).toEqual([]);
  expect(trendNotes([])).toEqual([]);
});

test('guards and their numbers are looked at by themselves', () => {
  const steady = points([1, 1, 1, 1, 1, 1], { guard: 'core/other' });
  const changed = points([1, 1, 1, 1, 1, 5]);
  const mixed = steady.flatMap((point, at) => [point, ...changed.slice(at, at + 1)]);
  expect(trendNotes(mixed)).toHaveLength(1);
});
