import { expect, test } from 'vitest';

import { findStall } from '../../src/decide/find-stall.js';
import type { Iteration } from '../../src/loop/iteration.js';
import {
  passedJudgement,
  sampleIteration,
  sampleJudgement,
  sampleTurn,
} from './sample-iteration.js';

/**
 * `A1` is an iteration that left content A, of which the validators said 1; `A1=` one that found A and
 * left it. `A-` has no validator.
 */
function course(text: string): Iteration[] {
  let tree = 'start';
  return text.split(' ').map((word, index) => {
    const [content = '', answer = '', mark = ''] = word;
    const before = mark === '=' ? content : tree === content ? `${content}'` : tree;
    tree = content;
    return sampleIteration(index + 1, {
      treeBefore: before,
      treeAfter: content,
      validators: answer === '-' ? [] : [sampleJudgement({ fingerprint: answer })],
    });
  });
}

test.each<[string, string, number, readonly number[] | undefined]>([
  ['standing still', 'A1= A1= A1=', 3, [1, 2, 3]],
  ['standing still after some work', 'A1 B1 B1= B1= B1=', 3, [3, 4, 5]],
  ['standing still once, where that is enough', 'A1=', 1, [1]],
  ['too short', 'A1= A1=', 3, undefined],
  ['three steps of work (another answer each)', 'A1 B2 C3', 3, undefined],
  ['three steps of work with the same answer', 'A1 B1 C1 D1', 3, undefined],
  ['another answer though nothing changed', 'A1= A2= A3= A4= A5=', 3, undefined],
  ['a change in between', 'A1= A1= B1 B1= B1=', 3, undefined],
  ['to and fro', 'A1 B2 A1 B2 A1 B2 A1', 3, [1, 3, 5, 7]],
  ['to and fro, not yet often', 'A1 B2 A1 B2 A1 B2', 3, undefined],
  ['to and fro with other answers', 'A1 B2 A3 B4 A5 B6 A7 B8 A9', 3, undefined],
  ['a circle of three', 'A1 B2 C3 A1 B2 C3 A1', 2, [1, 4, 7]],
  [
    'the same failure whatever is changed',
    'A1 B1 C1 D1 E1 F1 G1 H1 I1',
    3,
    [1, 2, 3, 4, 5, 6, 7, 8, 9],
  ],
  ['the same failure, not yet often', 'A1 B1 C1 D1 E1 F1 G1 H1', 3, undefined],
  ['the same failure, interrupted by another', 'A1 B1 C1 D1 E2 F1 G1 H1 I1', 3, undefined],
  ['nobody judges, nothing changes', 'A-= A-= A-=', 3, [1, 2, 3]],
  ['nobody judges, files change', 'A- B- C- D- E- F- G- H- I- J-', 3, undefined],
])('%s', (_title, text, stallAfter, expected) => {
  const stall = findStall(course(text), stallAfter);
  expect(stall?.iterations).toEqual(expected);
  if (stall) expect(stall.reason).toMatch(/^Iterations? \d.*\.$/);
});

test('the reason names the iterations', () => {
  expect(findStall(course('A1= A1= A1='), 3)?.reason).toBe(
    'Iterations 1 to 3 changed nothing one after the other, and the validators said the same of each.',
  );
  expect(findStall(course('A1 B2 A1 B2 A1'), 2)?.reason).toContain(
    'Iterations 1, 3 and 5 came back',
  );
});

test('a turn that did not complete neither makes nor hides a standstill', () => {
  const [first, second, ...rest] = course('A1= A1= A1= A1=').map((iteration) => iteration);
  if (!first || !second) throw new Error('Expected four iterations');
  const iterations = [first, { ...second, completed: false }, ...rest];
  expect(findStall(iterations, 4)).toBeUndefined();
  expect(findStall(iterations, 3)?.iterations).toEqual([1, 3, 4]);
});

test('a validator that passes is no part of the failure that stays', () => {
  const iterations = Array.from({ length: 9 }, (_, index) =>
    sampleIteration(index + 1, {
      validators: [
        passedJudgement({ name: 'lint', fingerprint: `lint-${index}` }),
        sampleJudgement({ fingerprint: 'same' }),
      ],
    }),
  );
  expect(findStall(iterations, 3)?.iterations).toHaveLength(9);
});

test('hotspots that nobody judges are progress while their number changes', () => {
  const reports = (counts: readonly number[]) =>
    counts.map((findings, index) =>
      sampleIteration(index + 1, { validators: [], treeBefore: 'a', treeAfter: 'a', findings }),
    );
  expect(findStall(reports([1, 2, 3, 4]), 3)).toBeUndefined();
  expect(findStall(reports([1, 4, 4, 4]), 3)?.iterations).toEqual([2, 3, 4]);
});

test('where nothing is known about content, what the agent says stands for it', () => {
  const plain = (messages: readonly (string | null)[]) =>
    messages.map((message, index) =>
      sampleIteration(index + 1, {
        treeBefore: null,
        treeAfter: null,
        turns: [sampleTurn({ message })],
        validators: [sampleJudgement()],
      }),
    );
  expect(findStall(plain(['done', ' done\n', 'done']), 3)?.iterations).toEqual([1, 2, 3]);
  expect(findStall(plain(['one', 'two', 'three']), 3)).toBeUndefined();
  // An agent that says nothing may well have worked.
  expect(findStall(plain([null, null, null]), 3)).toBeUndefined();
  expect(findStall(plain(Array.from({ length: 9 }, () => null)), 3)?.iterations).toHaveLength(9);
});
