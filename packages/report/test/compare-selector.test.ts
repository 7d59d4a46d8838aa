import { expect, test } from 'vitest';

import { missingRuns, parseSelector, ReportError, selectSamples } from '../src/index.js';
import type { RunSample } from '../src/index.js';
import { sample } from './compare-rig.js';

const runId = '2026-01-06T06-53-37-814Z-c285a360';

test('pairs are separated by commas or spaces', () => {
  expect(
    parseSelector('task=demo, pipeline=checks tag=a,tag=b  tag=a status=failed last=3'),
  ).toStrictEqual({
    text: 'task=demo, pipeline=checks tag=a,tag=b  tag=a status=failed last=3',
    task: 'demo',
    pipeline: 'checks',
    status: 'failed',
    runs: [],
    tags: ['a', 'b'],
    last: 3,
  });
});

test('a run id alone means that run, and `latest` the newest', () => {
  expect(parseSelector(runId).runs).toStrictEqual([runId]);
  expect(parseSelector(`run=${runId} run=other`).runs).toStrictEqual([runId, 'other']);
  expect(parseSelector('task=demo latest')).toMatchObject({ task: 'demo', last: 1 });
});

test.each([
  ['since=2026-01-31', { sinceMs: Date.UTC(2026, 0, 31) }],
  ['until=2026-01-31', { untilMs: Date.UTC(2026, 1, 1) - 1 }],
  ['since=2026-01-31T10:20', { sinceMs: Date.UTC(2026, 0, 31, 10, 20) }],
  ['until=2026-01-31T10:20', { untilMs: Date.UTC(2026, 0, 31, 10, 21) - 1 }],
  ['until=2026-01-31T10:20:30Z', { untilMs: Date.UTC(2026, 0, 31, 10, 20, 31) - 1 }],
  ['until=2026-01-31T10:20:30.250Z', { untilMs: Date.UTC(2026, 0, 31, 10, 20, 30, 250) }],
  ['since=2026-01-31t10:20:30.5+02:00', { sinceMs: Date.UTC(2026, 0, 31, 8, 20, 30, 500) }],
  ['commit=DEADbeef', { commit: 'deadbeef' }],
])('%s is understood', (text, expected) => {
  expect(parseSelector(text)).toMatchObject(expected);
});

test.each([
  ['', 'it says nothing'],
  [' , ', 'it says nothing'],
  ['tsk=demo', 'did you mean `task=`?'],
  ['colour=red', 'known are task, pipeline, status, tag, run, commit, since, until, last'],
  ['lates', 'did you mean `latest`?'],
  ['pipeline', 'did you mean `pipeline=<value>`?'],
  ['what?', 'expected `key=value`, a run id or `latest`'],
  ['task=', '`task=` has no value'],
  ['=demo', '`` is no key'],
  ['task=a task=b', '`task` is said twice'],
  ['last=2 latest', '`last` is said twice'],
  ['last=0', 'expected an integer of at least 1'],
  ['last=2.5', 'expected an integer of at least 1'],
  ['commit=abc', 'expected 4 to 64 hexadecimal digits'],
  ['commit=main', 'expected 4 to 64 hexadecimal digits'],
  ['since=yesterday', 'expected a time such as'],
  ['since=2026-02-30', 'expected a time such as'],
  ['since=2026-01-31T25:00', 'expected a time such as'],
  ['until=2026-01-31 10:00', '`10:00` is neither'],
  ['__proto__=1', '`__proto__` is no key'],
])('`%s` is refused, and why', (text, message) => {
  expect(() => parseSelector(text)).toThrow(ReportError);
  expect(() => parseSelector(text)).toThrow(
    expect.objectContaining({ code: 'SELECTOR_INVALID', subject: text }),
  );
  expect(() => parseSelector(text)).toThrow(message);
});

test('an error shows no control characters of what was typed', () => {
  expect(() => parseSelector('\u001b[31mred')).toThrow(/^[^\p{Cc}]*$/u);
});

test('a long word is refused as quickly as a short one', () => {
  expect(() => parseSelector('x'.repeat(1_000_000))).toThrow(ReportError);
});

test('runs that fit everything are selected, in the order in which they began', () => {
  const runs = [
    sample({ tags: ['a', 'b'], commit: 'deadbeef00' }),
    sample({ tags: ['a'] }),
    sample({ tags: ['a', 'b'], status: 'failed' }),
    sample({ tags: ['a', 'b'], taskId: null, pipelineId: 'other' }),
  ];
  const shuffled = runs.toReversed();
  const select = (text: string): number[] =>
    selectSamples(shuffled, parseSelector(text)).map((found) => runs.indexOf(found));
  expect(select('tag=a')).toStrictEqual([0, 1, 2, 3]);
  expect(select('tag=a,tag=b')).toStrictEqual([0, 2, 3]);
  expect(select('tag=a last=2')).toStrictEqual([2, 3]);
  expect(select('latest')).toStrictEqual([3]);
  expect(select('commit=DEAD')).toStrictEqual([0]);
  expect(select('status=failed')).toStrictEqual([2]);
  expect(select('pipeline=other')).toStrictEqual([3]);
  expect(select('task=demo last=9')).toStrictEqual([0, 1, 2]);
  expect(select(`run=${runs[1]?.runId ?? ''} run=missing`)).toStrictEqual([1]);
  expect(select('task=nobody')).toStrictEqual([]);
});

test('times fit from the beginning of what is named to its end', () => {
  const at = (startedAt: string | null): RunSample => sample({ startedAt });
  const runs = [
    at(null),
    at('2026-01-30T23:59:59.999Z'),
    at('2026-01-31T00:00:00.000Z'),
    at('2026-01-31T23:59:59.999Z'),
    at('2026-02-01T00:00:00.000Z'),
  ];
  const select = (text: string): number[] =>
    selectSamples(runs, parseSelector(text)).map((found) => runs.indexOf(found));
  expect(select('since=2026-01-31')).toStrictEqual([2, 3, 4]);
  expect(select('until=2026-01-31')).toStrictEqual([1, 2, 3]);
  expect(select('since=2026-01-31,until=2026-01-31')).toStrictEqual([2, 3]);
  expect(select('last=9')).toStrictEqual([0, 1, 2, 3, 4]);
});

test('attempts of one run are one run', () => {
  const run = sample({ status: 'failed' });
  const resumed = { ...run, attempt: 2, status: 'succeeded' };
  const other = sample();
  const selected = selectSamples([resumed, run, other], parseSelector('last=2'));
  expect(selected).toStrictEqual([resumed, other]);
});

test('runs that are named and not there can be listed', () => {
  const run = sample();
  expect(missingRuns([run], parseSelector(`run=${run.runId} run=gone`))).toStrictEqual(['gone']);
});
