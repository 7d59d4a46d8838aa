import { expect, test } from 'vitest';

import { encodeEntry } from '../src/entry/encode-entry.js';
import { entryMembers } from '../src/entry/entry-members.js';
import { metricsEntrySchema } from '../src/entry/entry-schema.js';
import type { MetricsEntry } from '../src/entry/entry.js';
import { factsOf } from '../src/entry/facts-of.js';
import { entryJsonSchema } from './entry-json-schema.js';
import { fullEntry } from './sample-entry.js';

const least = { run_id: 'r', status: 's', recorded_at: 't' };

// The script `schema` writes the file: the same comparison with leave to update.
test('the shipped JSON Schema of entries is the one that the code stands for', async () => {
  await expect(entryJsonSchema()).toMatchFileSnapshot('../schema/metrics-entry.json');
});

test('the JSON Schema says what members mean', () => {
  const { properties } = JSON.parse(entryJsonSchema()) as {
    properties: Record<string, { description?: string; items?: { properties: object } }>;
  };
  expect(properties['parent_run_id']?.description).toMatch(/started this one/);
  expect(properties['stages']?.items?.properties).toHaveProperty(
    'attempts.description',
    'Attempts begun.',
  );
});

test('the schema, the interface and the order of writing name the same members', () => {
  const parsed: MetricsEntry = metricsEntrySchema().parse(fullEntry);
  expect(parsed).toEqual(fullEntry);
  expect(Object.keys(metricsEntrySchema().shape).sort()).toEqual([...entryMembers.keys].sort());
  expect(Object.keys(fullEntry)).toEqual(entryMembers.keys);
});

test('the schema takes members that it does not know, and three members alone', () => {
  expect(metricsEntrySchema().safeParse({ ...least, later: 1 }).success).toBe(true);
  expect(metricsEntrySchema().safeParse({ ...least, attempt: 0 }).success).toBe(false);
  expect(metricsEntrySchema().safeParse({ ...least, status: ' ' }).success).toBe(false);
});

test('an entry is one line, in one order, whatever the order it is given in', () => {
  const reversed = Object.fromEntries(Object.entries(fullEntry).reverse());
  const line = encodeEntry({
    ...(reversed as unknown as MetricsEntry),
    stages: fullEntry.stages.map((stage) => Object.fromEntries(Object.entries(stage).reverse())),
  } as unknown as MetricsEntry);
  expect(line).toBe(JSON.stringify(fullEntry));
  expect(line).not.toContain('\n');
});

test('members that are not known follow behind the others, also those named like a prototype', () => {
  const given = JSON.parse(
    '{"later":1,"__proto__":{"run_id":2},"run_id":"r","status":"s"}',
  ) as object;
  const line = encodeEntry({ ...given, recorded_at: 't' } as MetricsEntry);
  expect(line).toBe(
    '{"run_id":"r","status":"s","recorded_at":"t","later":1,"__proto__":{"run_id":2}}',
  );
});

test('what JSON has no word for is written as JSON writes it', () => {
  const line = encodeEntry({ ...least, duration_seconds: Number.NaN, gap_seconds: undefined });
  expect(line).toBe('{"run_id":"r","status":"s","duration_seconds":null,"recorded_at":"t"}');
});

test.each([
  ['no run id', { ...least, run_id: undefined }],
  ['a blank run id', { ...least, run_id: ' \t' }],
  ['a number as status', { ...least, status: 1 }],
  ['a blank time', { ...least, recorded_at: '' }],
  ['an array', [least]],
  ['null', null],
  ['a member that cannot be written', { ...least, later: 1n }],
])('an entry with %s is refused', (_name, entry) => {
  expect(() => encodeEntry(entry as unknown as MetricsEntry)).toThrow(
    expect.objectContaining({ code: 'ENTRY_INVALID' }) as Error,
  );
});

test('the facts of a full entry are its members', () => {
  expect(factsOf(fullEntry)).toEqual({
    runId: fullEntry.run_id,
    attempt: 2,
    status: 'succeeded',
    recordedAt: fullEntry.recorded_at,
    pipelineId: 'diagnostics',
    durationSeconds: 70.193,
    controlPlaneStatus: 'passed',
    hasInstanceStats: true,
    hasPrivacyEvents: true,
    epoch: 3,
    groupSize: 4,
    toolCalls: 5,
    tokenTotal: 18_211,
    costUsd: 0.036422,
    latencyMs: 8123.4567,
    tools: [
      { tool: 'cli:command', tokens: 18_000, costUsd: 0.036, latencyMs: 8000.25 },
      { tool: 'agent:review', tokens: 211, costUsd: 0.000422, latencyMs: 123.2067 },
    ],
    stages: [
      { id: 'build', status: 'succeeded', durationSeconds: 12.25, attempts: 1 },
      { id: 'lint', status: 'succeeded', durationSeconds: 4.031, attempts: 2 },
      { id: 'spec-guard', status: 'skipped', durationSeconds: null, attempts: 0 },
    ],
    learningValidationStatus: 'validated',
    learningSnapshotStatus: 'captured',
    learningAlerts: 1,
    reviewRejections: 2,
    reviewLatencyMs: 1500,
    regressionsDetected: 3,
    patternsPromoted: 4,
    patternsDeprecated: 5,
    throughputCandidates: 6,
    entry: fullEntry,
  });
});

const defaults = {
  runId: 'r',
  attempt: 1,
  status: 's',
  recordedAt: 't',
  pipelineId: null,
  durationSeconds: undefined,
  controlPlaneStatus: null,
  hasInstanceStats: false,
  hasPrivacyEvents: false,
  epoch: null,
  groupSize: null,
  toolCalls: 0,
  tokenTotal: 0,
  costUsd: 0,
  latencyMs: 0,
  tools: [],
  stages: [],
  learningValidationStatus: null,
  learningSnapshotStatus: null,
  learningAlerts: 0,
  reviewRejections: 0,
  reviewLatencyMs: null,
  regressionsDetected: 0,
  patternsPromoted: 0,
  patternsDeprecated: 0,
  throughputCandidates: 0,
};

test('three strings are enough for an entry', () => {
  expect(factsOf(least)).toEqual({ ...defaults, entry: least });
});

test('a member that is not usable costs that member alone', () => {
  const entry = {
    ...least,
    attempt: '2',
    pipeline_id: 7,
    duration_seconds: '70',
    control_plane_status: '',
    instance_stats: {},
    privacy_events: [],
    tfgrpo_epoch: '3',
    tool_calls: Number.POSITIVE_INFINITY,
    tool_stats: [null, 1, [], { tool: ' ' }, { tool: 'a', tokens: '9' }, { tokens: 2 }],
    stages: [null, { id: '' }, { id: 'b', attempts: -1, duration_seconds: '1' }],
  };
  expect(factsOf(entry)).toEqual({
    ...defaults,
    durationSeconds: null,
    tools: [{ tool: 'a', tokens: 0, costUsd: 0, latencyMs: 0 }],
    stages: [{ id: 'b', status: '', durationSeconds: null, attempts: 0 }],
    entry,
  });
});

test.each([0, -1, 1.5, 2 ** 53, null])('an attempt of %s is the first one', (attempt) => {
  expect(factsOf({ ...least, attempt })?.attempt).toBe(1);
});

test('what an object inherits is none of its members', () => {
  const heir = Object.create(least) as object;
  expect(factsOf(heir)).toBeUndefined();
  expect(factsOf(JSON.parse(`{"__proto__":${JSON.stringify(least)}}`))).toBeUndefined();
  expect(factsOf(Object.assign(Object.create({ attempt: 3 }) as object, least))?.attempt).toBe(1);
});

test.each([undefined, null, 1, 'x', [least], {}, { ...least, run_id: '\u00a0' }])(
  '%j is no entry',
  (value) => {
    expect(factsOf(value)).toBeUndefined();
  },
);
