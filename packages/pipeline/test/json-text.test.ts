import { expect, test } from 'vitest';

import { memberPath, positionAt, scanJson } from '../src/json-text.js';
import { createSeededRandom } from './seeded-random.js';

test('every value has its place, under the path that problems use', () => {
  const text = '{\n  "a": [1, {"b c": "x"}],\n  "d": null\n}';
  const { offsets, fault } = scanJson(text);
  expect(fault).toBeUndefined();
  const places = [...offsets].map(([path, offset]) => {
    const { line, column } = positionAt(text, offset);
    return `${path} ${line}:${column}`;
  });
  expect(places).toEqual([' 1:1', 'a 2:8', 'a[0] 2:9', 'a[1] 2:12', 'a[1]["b c"] 2:20', 'd 3:8']);
});

test.each([
  ['{"a": 1,}', 8, 'remove the comma before it'],
  ['[1, 2,]', 6, 'remove the comma before it'],
  ['{\n// note\n"a": 1}', 2, 'remove the comment, JSON has none'],
  ['{"a": 1 # note\n}', 8, 'remove the comment, JSON has none'],
  ["{'a': 1}", 1, 'use double quotes'],
  ['{"a" 1}', 5, undefined],
  ['{"a": }', 6, undefined],
  ['{"a": 1', 7, undefined],
  ['[1 2]', 3, undefined],
  ['', 0, undefined],
  ['{} x', 3, undefined],
  ['{"a": "tab\there"}', 10, undefined],
  ['{"a": "\\x"}', 7, undefined],
  ['[01]', 1, undefined],
  ['[tru]', 1, undefined],
  ['[1.]', 1, undefined],
])('the fault of %j is found at %i', (text, offset, fix) => {
  const { fault } = scanJson(text);
  expect(fault?.offset).toBe(offset);
  expect(fault?.fix).toBe(fix);
});

test('nesting that nobody writes by hand is a fault and not a crash', () => {
  expect(scanJson('['.repeat(100_000)).fault?.message).toContain('less nesting');
});

test('a text has a fault exactly when JSON.parse refuses it', () => {
  const whole = '{"a": [1, -2.5e3, true, "x\\n\\u00e9"], "b": {"c": null, "d": ""}}';
  const pieces = ['', ',', '"', '{', ']', '0', 'x', '\\', '\n', ':'] as const;
  for (let seed = 0; seed < 3000; seed++) {
    const random = createSeededRandom(seed);
    const start = random.below(whole.length);
    const text = whole.slice(0, start) + random.pick(pieces) + whole.slice(start + random.below(3));
    expect(scanJson(text).fault === undefined, `seed ${seed}: ${text}`).toBe(isJson(text));
  }
});

test('keys that are no plain names are quoted in paths', () => {
  expect(memberPath('', 'a')).toBe('a');
  expect(memberPath('a', 'b')).toBe('a.b');
  expect(memberPath('a', 'b-c')).toBe('a["b-c"]');
  expect(memberPath('', 'b-c')).toBe('["b-c"]');
  expect(memberPath('a', 0)).toBe('a[0]');
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
