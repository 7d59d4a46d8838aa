import { expect, test } from 'vitest';

import type { RunRedactor } from '../src/index.js';
import { redactFacts } from '../src/redact-facts.js';
import { plainRedactor } from './plain-redactor.js';

test('texts at any depth are redacted, and what programs go by is not', () => {
  const facts = {
    type: 'word',
    notes: ['a word', 'none'],
    stages: [{ id: 'word', title: 'word', definition_hash: 'word', index: 1 }],
    options: { word: 1, other: 'word' },
    nothing: null,
  };
  expect(redactFacts(facts, plainRedactor('word'))).toEqual({
    type: 'word',
    notes: ['a [REDACTED]', 'none'],
    stages: [{ id: 'word', title: '[REDACTED]', definition_hash: 'word', index: 1 }],
    options: { word: 1, other: '[REDACTED]' },
    nothing: null,
  });
});

test('a name that is a secret does not come back', () => {
  const redactor: RunRedactor = {
    ...plainRedactor('word'),
    json: (value) => JSON.parse(JSON.stringify(value).replaceAll('word', '*')) as typeof value,
  };
  const facts = { type: 'a', options: { word: { id: 'x', text: 'word' } } };
  expect(redactFacts(facts, redactor)).toEqual({
    type: 'a',
    options: { '*': { id: 'x', text: '*' } },
  });
});

test('facts without anything to redact stay the same object', () => {
  const facts = { type: 'a' };
  const redactor: RunRedactor = { ...plainRedactor('word'), json: (value) => value };
  expect(redactFacts(facts, redactor)).toBe(facts);
  expect(redactFacts(facts, undefined)).toBe(facts);
});
