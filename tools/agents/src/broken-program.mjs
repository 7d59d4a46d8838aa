/**
 * The repository that the scripts work on: a program with one mistake, and the test that finds it.
 * The test is run with `node --test`.
 */
export const brokenProgram = Object.freeze({
  'package.json': '{ "name": "sum", "private": true, "type": "module" }\n',
  'sum.mjs': 'export const sum = (a, b) => a - b;\n',
  'sum.test.mjs': `import assert from 'node:assert';
import { test } from 'node:test';
import { sum } from './sum.mjs';

test('adds two numbers', () => {
  assert.equal(sum(2, 3), 5);
  assert.equal(sum(2, 2), 4);
});
`,
});

/** What `sum.mjs` is after a fix that satisfies one of the two assertions only. */
export const wrongFix = 'export const sum = (a, b) => a * b;\n';

/** What `sum.mjs` is when it is right. */
export const rightFix = 'export const sum = (a, b) => a + b;\n';

/** A test that passes whatever the program does. */
export const emptiedTest = `import { test } from 'node:test';

test('adds two numbers', () => {});
`;
