import { expect, test } from 'vitest';

import { createSeededRandom } from '../src/index.js';

test('one seed gives one sequence, another seed another', () => {
  const sequence = (seed: number): number[] => {
    const random = createSeededRandom(seed);
    return Array.from({ length: 20 }, () => random.integer(1, 6));
  };
  expect(sequence(1)).toEqual(sequence(1));
  expect(sequence(1)).not.toEqual(sequence(2));
  expect(new Set(sequence(1))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
});
