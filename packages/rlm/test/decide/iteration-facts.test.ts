import { expect, test } from 'vitest';

import { iterationFacts, parseIterationFacts } from '../../src/decide/iteration-facts.js';
import { sampleIteration, sampleTurn } from './sample-iteration.js';

test.each([
  sampleIteration(1),
  sampleIteration(2, {
    turns: [
      sampleTurn({ role: 'planner' }),
      sampleTurn({ role: 'worker', outcome: 'silent', reason: 'too quiet', message: null }),
    ],
    treeBefore: null,
    treeAfter: null,
    tampered: ['test/a.test.ts'],
    diff: {
      files: 1,
      insertions: 2,
      deletions: 3,
      paths: ['src/a.ts'],
      stat: ' src/a.ts | 5 +-',
      patchPath: null,
      patchSha256: null,
    },
  }),
])('an iteration comes back from JSON as it was', (iteration) => {
  const json: unknown = JSON.parse(JSON.stringify(iterationFacts(iteration)));
  expect(parseIterationFacts(json)).toEqual({ ok: true, value: iteration });
});

test('facts that cannot be meant are refused with where they are wrong', () => {
  const wrong = parseIterationFacts({ ...sampleIteration(1), n: 0, turns: [{ role: 'boss' }] });
  expect(wrong.ok ? '' : wrong.error).toMatch(/^n: .*turns\.0\.role/);
});
