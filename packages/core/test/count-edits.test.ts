import { expect, test } from 'vitest';

import { countEdits } from '../src/count-edits.js';

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['build', 'build', 0],
  ['build', 'built', 1],
  ['build', 'buld', 1],
  ['build', 'builds', 1],
  ['build', 'biuld', 1],
  ['ab', 'ba', 1],
  ['kitten', 'sitting', 3],
])('from %j to %j it is %d edits, and as many back', (from, to, edits) => {
  expect(countEdits(from, to)).toBe(edits);
  expect(countEdits(to, from)).toBe(edits);
});
