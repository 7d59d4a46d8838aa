import { expect, test } from 'vitest';

import { bestIteration } from '../../src/decide/best-iteration.js';
import { passedJudgement, sampleIteration, sampleJudgement } from './sample-iteration.js';

const judged = (n: number, outcomes: string, parts: Parameters<typeof sampleIteration>[1] = {}) =>
  sampleIteration(n, {
    validators: Array.from(outcomes).map((letter, index) =>
      letter === 'p'
        ? passedJudgement({ name: `${index}` })
        : sampleJudgement({ name: `${index}` }),
    ),
    ...parts,
  });

test.each([
  ['none is best where there is none', [], null],
  ['more that passed', [judged(1, 'pf'), judged(2, 'pp'), judged(3, 'ff')], 2],
  ['the earliest of equals', [judged(1, 'ff'), judged(2, 'pf'), judged(3, 'fp')], 2],
  ['fewer that did not', [judged(1, 'pff'), judged(2, 'pf')], 2],
  ['one that left protected files alone', [judged(1, 'p', { tampered: ['t'] }), judged(2, 'p')], 2],
  ['one that completed', [judged(1, 'p', { completed: false }), judged(2, 'p')], 2],
  ['only those that were judged', [judged(1, ''), judged(2, 'f'), judged(3, '')], 2],
  [
    'the latest that completed where nobody judges',
    [judged(1, ''), judged(2, ''), judged(3, '', { completed: false })],
    2,
  ],
])('%s', (_title, iterations, expected) => {
  expect(bestIteration(iterations)).toBe(expected);
});
