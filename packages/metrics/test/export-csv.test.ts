import { expect, test } from 'vitest';

import { csvColumns, csvHeader, csvRow } from '../src/export/csv.js';

test('begins with the names of the columns', () => {
  expect(csvHeader(['run_id', 'a "b", c'])).toBe('run_id,"a ""b"", c"\r\n');
  expect(csvHeader().split(',')).toHaveLength(csvColumns.length);
});

test('writes numbers, texts and what is missing', () => {
  const entry = { run_id: 'a', duration_seconds: -1.5, guardrails_present: true, status: null };
  const columns = ['run_id', 'duration_seconds', 'guardrails_present', 'status', 'toString'];

  expect(csvRow(entry, columns)).toBe('a,-1.5,true,,\r\n');
});

test('quotes what would end a cell or a line', () => {
  expect(csvRow({ a: 'x,y', b: 'say "hi"', c: 'one\r\ntwo' }, ['a', 'b', 'c'])).toBe(
    '"x,y","say ""hi""","one\r\ntwo"\r\n',
  );
});

test('writes members with several values as JSON', () => {
  expect(csvRow({ stages: [{ id: 'build' }] }, ['stages'])).toBe('"[{""id"":""build""}]"\r\n');
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '\u200b=1', '|x', '%y'])(
  'takes from %j that it is a formula',
  (text) => {
    expect(csvRow({ run_id: text }, ['run_id'])).toBe(`"'${text}"\r\n`);
  },
);

test('leaves ordinary texts as they are', () => {
  expect(csvRow({ a: 'build-1', b: '2026-01-05T06:00:00.000Z' }, ['a', 'b'])).toBe(
    'build-1,2026-01-05T06:00:00.000Z\r\n',
  );
});

test('leaves empty what is nested too deeply', () => {
  let deep: unknown = 0;
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];

  expect(csvRow({ run_id: 'a', stages: deep }, ['run_id', 'stages'])).toBe('a,\r\n');
});
