import { expect, test } from 'vitest';

import { environmentVariables, renderEnvironmentTable } from '../src/environment-variables.js';
import {
  readBoolean,
  readForeignBoolean,
  readInteger,
  readNonInteractive,
  readNumber,
  readPresence,
  readString,
} from '../src/environment.js';

const invalid = (message: RegExp): Error =>
  expect.objectContaining({
    code: 'INVALID_ENVIRONMENT',
    message: expect.stringMatching(message) as string,
  }) as Error;

test.each([undefined, '', '  '])('%j gives every default', (text) => {
  const env = { X: text };
  expect(readString(env, 'X', 'a')).toBe('a');
  expect(readString(env, 'X', undefined)).toBeUndefined();
  expect(readBoolean(env, 'X', true)).toBe(true);
  expect(readInteger(env, 'X', 7)).toBe(7);
  expect(readForeignBoolean(env, 'X')).toBe(false);
});

test('a text comes back with its blanks', () => {
  expect(readString({ X: ' a b ' }, 'X', '')).toBe(' a b ');
});

test.each(['1', 'true', 'YES', ' On '])('%j means yes', (text) => {
  expect(readBoolean({ X: text }, 'X', false)).toBe(true);
});

test.each(['0', 'false', 'NO', ' Off '])('%j means no', (text) => {
  expect(readBoolean({ X: text }, 'X', true)).toBe(false);
  expect(readForeignBoolean({ X: text }, 'X')).toBe(false);
});

test.each(['maybe', '2', 'ture'])('%j is an error that names the variable', (text) => {
  expect(() => readBoolean({ MY_FLAG: text }, 'MY_FLAG', true)).toThrow(
    invalid(new RegExp(`MY_FLAG .*"${text}"`)),
  );
});

test('an unknown word in a variable of others means yes', () => {
  expect(readForeignBoolean({ CI: 'woodpecker' }, 'CI')).toBe(true);
});

test('presence is any text at all', () => {
  expect(readPresence({ NO_COLOR: '0' }, 'NO_COLOR')).toBe(true);
  expect(readPresence({ NO_COLOR: '' }, 'NO_COLOR')).toBe(false);
  expect(readPresence({}, 'NO_COLOR')).toBe(false);
});

test.each([
  ['12', 12],
  [' 12 ', 12],
  ['-3', -3],
  ['+4', 4],
  ['007', 7],
])('%j is the number %d', (text, value) => {
  expect(readInteger({ X: text }, 'X', undefined)).toBe(value);
});

test.each(['12abc', '1.5', '1e3', '0x10', 'NaN', 'Infinity', '9007199254740993', '- 1', '１'])(
  '%j is no whole number, and the error names the variable',
  (text) => {
    expect(() => readInteger({ MY_LIMIT: text }, 'MY_LIMIT', 1)).toThrow(invalid(/MY_LIMIT/));
  },
);

test.each([
  ['0.1', 0.1],
  [' -1 ', -1],
  ['.5', 0.5],
  ['2.', 2],
])('%j is the decimal number %d', (text, value) => {
  expect(readNumber({ X: text }, 'X', undefined)).toBe(value);
  expect(readNumber({ X: ' ' }, 'X', value)).toBe(value);
});

test.each(['1e3', '0x10', 'NaN', 'Infinity', '1,5', '.', '1.2.3', '9'.repeat(400)])(
  '%j is no decimal number, and the error names the variable',
  (text) => {
    expect(() => readNumber({ MY_REWARD: text }, 'MY_REWARD', 1)).toThrow(
      invalid(/MY_REWARD to be a decimal number/),
    );
  },
);

test('a number out of its range is an error that tells the range', () => {
  const env = { X: '0' };
  expect(() => readInteger(env, 'X', 1, { min: 1 })).toThrow(invalid(/of at least 1, got "0"$/));
  expect(() => readInteger(env, 'X', 1, { min: 1, max: 9 })).toThrow(invalid(/from 1 to 9/));
  expect(() => readInteger({ X: '5' }, 'X', 1, { max: 4 })).toThrow(invalid(/of at most 4/));
  expect(readInteger(env, 'X', 1, { min: 0, max: 0 })).toBe(0);
});

test.each([
  [{}, false],
  [{ CODEX_NON_INTERACTIVE: '1' }, true],
  [{ CODEX_NONINTERACTIVE: 'yes' }, true],
  [{ CODEX_NO_INTERACTIVE: 'on' }, true],
  [{ CODEX_INTERACTIVE: '0' }, true],
  [{ CI: 'true' }, true],
  [{ CI: 'true', CODEX_INTERACTIVE: '1' }, false],
  [{ CI: 'true', CODEX_NON_INTERACTIVE: '0' }, false],
  [{ CODEX_NON_INTERACTIVE: '0', CODEX_NO_INTERACTIVE: '1' }, false],
  [{ CI: 'false' }, false],
])('%j: asked not to ask is %s', (env, expected) => {
  expect(readNonInteractive(env)).toBe(expected);
});

test('the table names every variable once', () => {
  const names = environmentVariables.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('the documentation is rendered from the table, read names before reserved ones', () => {
  const text = renderEnvironmentTable([
    { name: 'B', kind: 'integer', default: '', description: 'later', status: 'reserved' },
    { name: 'A', kind: 'boolean', default: 'no', description: 'a | b', status: 'read' },
  ]);
  expect(text).toMatchInlineSnapshot(`
    "## Read today

    | variable | kind | default | meaning |
    | --- | --- | --- | --- |
    | \`A\` | boolean | no | a \\| b |

    ## Reserved, read by nothing yet

    | variable | kind | default | meaning |
    | --- | --- | --- | --- |
    | \`B\` | integer | - | later |
    "
  `);
});
