import { createSeededRandom } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { encodeEntry } from '../src/entry/encode-entry.js';
import type { MetricsEntry } from '../src/entry/entry.js';
import { factsOf } from '../src/entry/facts-of.js';
import type { EntryFacts } from '../src/fold/facts.js';
import { RunHasher, hashText } from '../src/index/run-hash.js';
import type { EntryReader } from '../src/scan/entry-reader.js';
import { practisedReader } from './practised-reader.js';
import { fullEntry } from './sample-entry.js';

type Json = Readonly<Record<string, unknown>>;

const least = { run_id: 'r', status: 's', recorded_at: 't' };

function read(reader: EntryReader, line: string): EntryFacts | undefined {
  const bytes = Buffer.from(line);
  return reader.read(bytes, 0, bytes.byteLength);
}

/** Views are compared by what they hold. */
function plain(value: unknown): unknown {
  return Array.isArray(value) ? value.map((each: object) => ({ ...each })) : value;
}

/** Reads entries one after the other, and expects the facts of each. */
function expectFacts(reader: EntryReader, entries: readonly Json[]): void {
  for (const entry of entries) {
    const expected = factsOf(entry);
    const facts = read(reader, JSON.stringify(entry));
    for (const key of Object.keys(expected ?? {}) as (keyof EntryFacts)[]) {
      expect(plain(facts?.[key]), key).toEqual(expected?.[key]);
    }
  }
}

const omit = (entry: Json, ...keys: readonly string[]): Json =>
  Object.fromEntries(Object.entries(entry).filter(([key]) => !keys.includes(key)));

/** As the npm program of the same format writes entries, which knows nothing of our members. */
const foreignEntry = omit(
  fullEntry,
  ...['attempt', 'parent_run_id', 'active_seconds', 'gap_seconds', 'stages', 'manifest_writes'],
  ...['manifest_bytes', 'wait_ms', 'machine', 'tool_version', 'privacy_events_truncated'],
  ...['commit', 'tags', 'journal_lines', 'fsyncs'],
);

test('entries of either writer are scanned, also where they take turns', () => {
  const reader = practisedReader();
  const random = createSeededRandom(1);
  const entries = Array.from({ length: 600 }, (_, index) => ({
    ...random.pick<Json>([fullEntry, foreignEntry, omit(fullEntry, 'attempt', 'stages'), least]),
    run_id: `run-${index}`,
    status: random.pick(['succeeded', 'failed', 'cancelled']),
    duration_seconds: random.integer(0, 99_999) / 1000,
    tfgrpo_epoch: random.pick([null, 1, 2, 3]),
    learning_alerts: random.next() < 0.05 ? 1 : 0,
  }));
  expectFacts(reader, entries);
  expect(reader.fallbacks).toBe(0);
});

test('members that nobody knows are skipped, wherever they are and whatever they hold', () => {
  const reader = practisedReader();
  const random = createSeededRandom(2);
  const values: readonly [unknown, ...unknown[]] = [
    1,
    'text',
    null,
    [1, [2]],
    { a: { b: [] } },
    true,
    'größe',
    -1.5e-7,
  ];
  const entries = Array.from({ length: 400 }, (_, index) => {
    const pairs = Object.entries<unknown>({ ...fullEntry, run_id: `run-${index}` });
    pairs.splice(random.integer(0, pairs.length), 0, [`later_${index % 200}`, random.pick(values)]);
    return Object.fromEntries(pairs);
  });
  expectFacts(reader, entries);
  expect(reader.fallbacks).toBe(0);
});

test('what was the same for many lines is seen when it changes', () => {
  const reader = practisedReader();
  const steady = Array.from({ length: 100 }, () => fullEntry);
  const changes: readonly Json[] = [
    { learning_alerts: 9 },
    { learning_alerts: 12 },
    { learning_snapshot_status: 'stalled_snapshot' },
    { learning_snapshot_status: null },
    { control_plane_status: 'failed' },
    { control_plane_status: '' },
    { machine: null },
    { instance_stats: [] },
    { instance_stats: [null] },
    { privacy_events: 'none' },
    { attempt: 3 },
    { stages: [] },
    { tool_stats: [{ tool: 'x' }] },
    { learning_review_rejections: '2' },
  ];
  for (const change of changes) {
    expectFacts(reader, [...steady, { ...fullEntry, ...change }, fullEntry]);
    expectFacts(reader, [omit(fullEntry, ...Object.keys(change)), fullEntry]);
  }
  expect(reader.fallbacks).toBe(0);
});

test('a later member of the same name takes the place of the earlier one', () => {
  const reader = practisedReader();
  const line = JSON.stringify(least).slice(0, -1);
  const twice = [
    `${line},"attempt":2,"attempt":3}`,
    `${line},"attempt":2,"attempt":null}`,
    `${line},"stages":[{"id":"a"}],"stages":[{"id":"b","id":"c","attempts":1,"attempts":"x"}]}`,
    `${line},"stages":[{"id":"a"}],"stages":{}}`,
    `${line},"status":7}`,
    `${line},"run_id":"other"}`,
    `${line},"run_id":" "}`,
  ];
  for (const text of [...twice, ...twice]) {
    const expected = factsOf(JSON.parse(text));
    const facts = read(reader, text);
    expect(facts?.runId).toBe(expected?.runId);
    expect(facts?.attempt).toBe(expected?.attempt);
    expect(facts?.stages.map(({ id, attempts }) => [id, attempts])).toEqual(
      expected?.stages.map(({ id, attempts }) => [id, attempts]),
    );
    expect(reader.problem).toBe(expected ? undefined : 'not-an-entry');
  }
  expect(reader.fallbacks).toBe(0);
});

test('the facts are a view: the next line takes its place, strings are decoded when asked for', () => {
  const reader = practisedReader();
  const facts = read(reader, encodeEntry(fullEntry));
  expect(facts?.entry).toEqual(fullEntry);
  expect(facts?.entry).toBe(facts?.entry);
  expect(facts?.recordedAt).toBe(fullEntry.recorded_at);
  const { tools } = facts ?? {};
  const next = read(
    reader,
    '{"run_id":"grö\\u00dfe","status":"s","recorded_at":"\\n.","tool_stats":[{"tool":"é"}]}',
  );
  expect(next).toBe(facts);
  expect(facts?.runId).toBe('größe');
  expect(facts?.recordedAt).toBe('\n.');
  expect(facts?.tools.map(({ tool }) => tool)).toEqual(['é']);
  expect(tools?.[0]?.tool).toBe('é');
});

test('copies of stages and tools have all that those have', () => {
  const reader = practisedReader();
  const facts = read(reader, encodeEntry(fullEntry));
  const copies = { stages: plain(facts?.stages), tools: plain(facts?.tools) };
  read(reader, JSON.stringify({ ...least, stages: [{ id: 'x' }], tool_stats: [{ tool: 'x' }] }));
  expect(factsOf(fullEntry)).toMatchObject(copies);
});

test('readers share nothing', () => {
  const [one, other] = [practisedReader(), practisedReader()];
  const first = read(one, encodeEntry(fullEntry));
  const second = read(other, JSON.stringify(least));
  expect(first?.runId).toBe(fullEntry.run_id);
  expect(first?.stages).toHaveLength(3);
  expect(second?.stages).toHaveLength(0);
  expect([one.hashHigh, one.hashLow]).not.toEqual([other.hashHigh, other.hashLow]);
});

test.each([
  ['', true, undefined],
  [' \t\r', true, undefined],
  ['\ufeff\u00a0\u2028', true, undefined],
  ['{', false, 'not-json'],
  ['{}', false, 'not-an-entry'],
  ['[]', false, 'not-an-entry'],
  ['"text"', false, 'not-an-entry'],
  ['{"run_id":"r","status":"s","recorded_at":"\\u2003"}', false, 'not-an-entry'],
  ['{"run_id":"r","status":"s","recorded_at":"t"}}', false, 'not-json'],
])('the line %j is told for what it is', (line, blank, problem) => {
  const reader = practisedReader();
  expect(read(reader, line)).toBeUndefined();
  expect({ blank: reader.blank, problem: reader.problem }).toEqual({ blank, problem });
  expect(read(reader, JSON.stringify(least))).toBeDefined();
  expect({ blank: reader.blank, problem: reader.problem }).toEqual({
    blank: false,
    problem: undefined,
  });
});

test('space and a byte order mark around a line do no harm', () => {
  const reader = practisedReader();
  for (const around of ['\r', ' ', '\t \r']) {
    expect(read(reader, `${around}${encodeEntry(fullEntry)}${around}`)?.runId).toBe(
      fullEntry.run_id,
    );
  }
  expect(reader.fallbacks).toBe(0);
  expect(read(reader, `\ufeff${encodeEntry(fullEntry)}`)?.entry).toEqual(fullEntry);
});

test('long lists are read, too', () => {
  const reader = practisedReader();
  const stages = Array.from({ length: 1000 }, (_, at) => ({
    id: `stage-${at}`,
    status: 'succeeded',
    duration_seconds: at / 8,
    attempts: 1,
  }));
  expectFacts(reader, [
    least,
    { ...least, stages },
    { ...least, stages: stages.slice(0, 256) },
    least,
  ]);
});

test('numbers are what JSON.parse makes of them, to the last bit', () => {
  const reader = practisedReader();
  const random = createSeededRandom(3);
  const spelled = ['-0', '0.0', '-0.0', '1e3', '1E-7', '1e999', '123456789012345678901234567890'];
  const made = Array.from({ length: 20_000 }, () =>
    ((random.next() - 0.5) * 10 ** random.integer(-8, 20)).toFixed(random.integer(0, 12)),
  );
  for (const text of [...spelled, ...made]) {
    const line = `{"run_id":"r","status":"s","recorded_at":"t","cost_usd":${text}}`;
    const expected = factsOf(JSON.parse(line))?.costUsd;
    if (!Object.is(read(reader, line)?.costUsd, expected)) expect(text).toBe(expected);
  }
  expect(reader.fallbacks).toBe(0);
});

test('a run id has one hash, from its bytes, its text and its line', () => {
  const ids = [
    'r',
    'ab',
    'abc',
    'abcd',
    'abcde',
    'größe',
    '🙂',
    'a\u0000',
    'a',
    '\ud800',
    'x'.repeat(300),
  ];
  const reader = practisedReader();
  const seen = new Set<string>();
  for (const id of ids) {
    const bytes = Buffer.from(`..${id}...`);
    const { high, low } = hashText(id);
    const hasher = new RunHasher();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    hasher.hash(view, 2, bytes.byteLength - 3);
    expect(hasher).toMatchObject({ high, low });
    read(reader, JSON.stringify({ ...least, run_id: id }));
    expect([reader.hashHigh, reader.hashLow]).toEqual([high, low]);
    expect([high | 0, low | 0]).toEqual([high, low]);
    seen.add(`${high} ${low}`);
  }
  expect(seen.size).toBe(ids.length);
});

test('hashes of run ids that differ in little are spread evenly', () => {
  const buckets = new Uint32Array(256);
  const lows = new Set<number>();
  for (let count = 0; count < 25_600; count += 1) {
    const { high, low } = hashText(
      `2026-01-14T10-22-03-117Z-${count.toString(16).padStart(8, '0')}`,
    );
    const bucket = high >>> 24;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    lows.add(low);
  }
  expect(Math.max(...buckets)).toBeLessThan(150);
  expect(Math.min(...buckets)).toBeGreaterThan(55);
  expect(lows.size).toBeGreaterThan(25_590);
});

test('what is written is scanned without a detour', () => {
  const reader = practisedReader();
  const entries: readonly MetricsEntry[] = [
    fullEntry,
    least,
    { ...fullEntry, machine: null, stages: [] },
  ];
  for (const entry of entries) expect(read(reader, encodeEntry(entry))?.entry).toEqual(entry);
  expect(reader.fallbacks).toBe(0);
});
