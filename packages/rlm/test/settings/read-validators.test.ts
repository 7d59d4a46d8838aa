import { expect, test } from 'vitest';

import { readValidators } from '../../src/settings/read-validators.js';
import type { Detection } from '../../src/validator/validator.js';

const missing: Detection = { kind: 'missing' };
const ambiguous: Detection = {
  kind: 'ambiguous',
  candidates: [
    { command: 'npm test', reason: 'package-lock.json' },
    { command: 'go test ./...', reason: 'go.mod' },
  ],
};
const flag = (value: string) => ({ source: 'flag', name: '--validator', value }) as const;
const configured = (value: unknown) => ({ source: 'config', name: 'validators', value }) as const;

function problemOf(...args: Parameters<typeof readValidators>) {
  const result = readValidators(...args);
  if (result.ok) throw new Error('Expected a problem');
  return result.error;
}

test('nobody judges only where somebody said so', () => {
  expect(readValidators(flag(' None '), ambiguous, 1)).toEqual({ ok: true, value: [] });
  expect(problemOf(undefined, missing, 1)).toMatchObject({
    status: 'no_validator',
    code: 'VALIDATOR_MISSING',
    name: 'RLM_VALIDATOR',
  });
});

test('several that could be meant are listed, with how to choose', () => {
  const problem = problemOf(flag('auto'), ambiguous, 1);
  expect(problem).toMatchObject({ status: 'no_validator', code: 'VALIDATOR_AMBIGUOUS' });
  expect(problem.candidates).toHaveLength(2);
  expect(problem.message).toContain('npm test (package-lock.json), go test ./... (go.mod)');
  expect(problem.hint).toContain('RLM_VALIDATOR="npm test"');
  expect(problem.hint).toContain('--validator none');
});

test('a text is one line for the shell', () => {
  const line = "npm test && echo 'a b'";
  expect(readValidators(flag(line), missing, 9)).toEqual({
    ok: true,
    value: [{ name: 'npm-test-echo-a-b', command: line, timeoutMs: 9 }],
  });
});

test('no secret of a command gets into the name of a file', () => {
  const line = 'TOKEN=abc123 check --key hunter2';
  const result = readValidators(flag(line), missing, 9, (text) => text.replace('hunter2', '***'));
  expect(result).toEqual({
    ok: true,
    value: [{ name: 'check-key', command: line, timeoutMs: 9 }],
  });
});

test('a list may name each one, and gives names that are not there', () => {
  const list = ['npm test', ['npm', 'test'], { name: 'lint', command: 'x', timeoutMs: 5 }];
  const result = readValidators(configured(list), missing, 9);
  expect(result).toEqual({
    ok: true,
    value: [
      { name: 'npm-test', command: 'npm test', timeoutMs: 9 },
      { name: 'npm-test-2', command: ['npm', 'test'], timeoutMs: 9 },
      { name: 'lint', command: 'x', timeoutMs: 5 },
    ],
  });
});

test.each([
  [[], 'validators'],
  [[''], 'validators[0]'],
  [['x', []], 'validators[1]'],
  [[{ command: 3 }], 'validators[0].command'],
  [[{ name: 'a/b', command: 'x' }], 'validators[0].name'],
  [[{ command: 'x', timeoutMs: 0 }], 'validators[0].timeoutMs'],
  [
    [
      { name: 'a', command: 'x' },
      { name: 'A', command: 'y' },
    ],
    'validators[1].name',
  ],
  [7, 'validators'],
])('%j is refused as %s', (value, name) => {
  expect(problemOf(configured(value), missing, 1)).toMatchObject({
    status: 'invalid_config',
    name,
  });
});
