import { expect, test } from 'vitest';

import { summaryOf } from '../../src/prompt/summary-of.js';

test.each([
  ['Did it.\nsummary: changed the parser', 'changed the parser'],
  ['SUMMARY: one\ntext\nSummary:two', 'two'],
  ['**Summary:** bold', 'bold'],
  ['summary: first\nsummary:', 'first'],
  ['I did this.\r\n\r\nAnd that.\r\n', 'And that.'],
  ['Here:\n```\ncode\n```', 'code'],
  ['In summary: nothing', 'In summary: nothing'],
  ['', null],
  ['\n```\n---\n', null],
])('%j is summed up as %j', (message, summary) => {
  expect(summaryOf(message)).toBe(summary);
});

test('a summary has at most 500 characters', () => {
  expect(summaryOf(`summary: ${'x'.repeat(900)}`)).toHaveLength(500);
  // No character is cut in two.
  expect(summaryOf(`summary: a${'🙂'.repeat(900)}`)).toMatch(/🙂…$/u);
});
