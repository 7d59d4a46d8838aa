import { createRig } from '@codex-orchestrator/testing';
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { checksumText } from '../src/checkpoint/checksum.js';
import { encodeCheckpoint } from '../src/checkpoint/checkpoint.js';
import type { Checkpoint } from '../src/checkpoint/checkpoint.js';
import { decodeCheckpoint, readCheckpoint } from '../src/checkpoint/read-checkpoint.js';
import type { CheckpointReading } from '../src/checkpoint/read-checkpoint.js';
import { createMetricsLayout } from '../src/layout.js';
import type { MetricsLayout } from '../src/layout.js';

function sample(): Checkpoint {
  const file = { bytes: 321, mtime_ms: 1_700_000_000_000.25, inode: 77 };
  const segment = { name: 'metrics.json', live: true, compressed: false };
  return {
    task_id: 'task',
    segments: [{ ...segment, committed: 300, lines: 3, fingerprint: 'ab-8c', ...file }],
    counts: { lines: 3, entries: 2, runs: 2, repeated: 0, replaced: 0, damaged: 1 },
    damaged: [{ segment: 'metrics.json', offset: 100, bytes: 5, reason: 'not-json' }],
    reducers: { totals: { version: 1, state: { runs: 2, 'ü\u2028\ud800': [null, 1.5] } } },
    index: {
      generation: 1,
      id: '0123456789abcdef',
      capacity: 1024,
      used: 2,
      digest: 'fedcba9876543210',
      sequence: 1,
      boot: 'boot',
      inode: 78,
    },
    outputs: { 'summary.json': { digest: '00', ...file } },
    updated_at: '2026-01-01T00:00:00.000Z',
  };
}

function decode(bytes: Uint8Array): CheckpointReading {
  return decodeCheckpoint(Buffer.from(bytes), 'task');
}

function problemOf(reading: CheckpointReading): string {
  return reading.kind === 'unusable' ? reading.problem : reading.kind;
}

/** Such as another program would write it, with a checksum that is right. */
function encodeAnything(text: string): Uint8Array {
  const rest = Buffer.from(text);
  return Buffer.concat([Buffer.from(`{"checksum":"${checksumText(rest)}",`), rest]);
}

function encodeValue(value: object): Uint8Array {
  return encodeAnything(JSON.stringify(value).slice(1));
}

async function layoutIn(root: string): Promise<MetricsLayout> {
  const layout = createMetricsLayout({ taskId: 'task', runsDir: root, outDir: root });
  await mkdir(layout.aggregatesDir, { recursive: true });
  return layout;
}

test('reads what was encoded', async () => {
  await using rig = await createRig();
  const layout = await layoutIn(rig.root);
  expect(readCheckpoint(layout)).toEqual({ kind: 'none' });
  const bytes = encodeCheckpoint(sample());
  await writeFile(layout.checkpointPath, bytes);

  const reading = readCheckpoint(layout);

  expect(reading).toMatchObject({ kind: 'read', bytes: bytes.byteLength });
  const { checkpoint } = reading as Extract<CheckpointReading, { kind: 'read' }>;
  expect(checkpoint).toMatchObject(sample());
  expect(encodeCheckpoint(checkpoint)).toEqual(bytes);
});

test('is JSON of one line, with its checksum and version first', () => {
  const text = Buffer.from(encodeCheckpoint(sample())).toString('utf8');

  expect(text).toMatch(/^\{"checksum":"[0-9a-f]{8}","version":1,"task_id":"task",[^\n]*\}\n$/);
  expect(JSON.parse(text)).toMatchObject(sample());
});

test('notices every cut, every changed byte and everything added', () => {
  const whole = Buffer.from(encodeCheckpoint(sample()));

  for (let at = 0; at < whole.byteLength; at++) {
    const cut = whole.subarray(0, at);
    const zeroed = Buffer.from(whole).fill(0, at);
    const changed = Buffer.from(whole);
    changed.writeUInt8(whole.readUInt8(at) ^ (1 << (at % 8)), at);
    for (const bytes of [cut, changed, zeroed]) expect(problemOf(decode(bytes))).toBe('damaged');
  }
  for (const added of ['\n', ' ', '\0', '{}']) {
    expect(problemOf(decode(Buffer.concat([whole, Buffer.from(added)])))).toBe('damaged');
  }
});

test.each([
  ['another version', { version: 2 }, 'other-version'],
  ['no version', { version: undefined }, 'other-version'],
  ['a version that is text', { version: '1' }, 'other-version'],
  ['another task', { task_id: 'other' }, 'other-task'],
  ['no segments', { segments: undefined }, 'malformed'],
  ['segments that are no list', { segments: {} }, 'malformed'],
  ['a segment that is null', { segments: [null] }, 'malformed'],
  ['a negative count', { counts: { ...sample().counts, lines: -1 } }, 'malformed'],
  ['a fractional count', { counts: { ...sample().counts, runs: 0.5 } }, 'malformed'],
  ['reducers in a list', { reducers: [] }, 'malformed'],
  ['a reducer without a state', { reducers: { totals: { version: 1 } } }, 'malformed'],
  [
    'a capacity that is no power of two',
    { index: { ...sample().index, capacity: 1025 } },
    'malformed',
  ],
  ['a capacity too small', { index: { ...sample().index, capacity: 512 } }, 'malformed'],
  ['a capacity too large', { index: { ...sample().index, capacity: 2 ** 32 } }, 'malformed'],
  ['an id of other digits', { index: { ...sample().index, id: 'g'.repeat(16) } }, 'malformed'],
  ['a digest that is too short', { index: { ...sample().index, digest: 'ab' } }, 'malformed'],
  ['a huge generation', { index: { ...sample().index, generation: 2 ** 31 } }, 'malformed'],
  ['an output that is text', { outputs: { 'summary.json': 'x' } }, 'malformed'],
  ['no time', { updated_at: null }, 'malformed'],
])('does not use one with %s', (_, change, problem) => {
  expect(problemOf(decode(encodeValue({ version: 1, ...sample(), ...change })))).toBe(problem);
});

test('needs each member of each part, and names the one it misses', () => {
  const whole = JSON.parse(JSON.stringify({ version: 1, ...sample() })) as Record<string, unknown>;
  const parts = {
    '': whole,
    'segments[0].': (whole['segments'] as object[])[0],
    'counts.': whole['counts'],
    'damaged[0].': (whole['damaged'] as object[])[0],
    'index.': whole['index'],
    'outputs["summary.json"].': (whole['outputs'] as Record<string, unknown>)['summary.json'],
  };
  for (const [path, part] of Object.entries(parts)) {
    const members = part as Record<string, unknown>;
    for (const [key, value] of Object.entries(members)) {
      if (key === 'version' || key === 'task_id') continue;
      members[key] = undefined;
      expect(decode(encodeValue(whole))).toMatchObject({
        problem: 'malformed',
        detail: `its "${path}${key}" is unusable`,
      });
      members[key] = value;
    }
  }
  expect(decode(encodeValue(whole)).kind).toBe('read');
});

test.each([
  ['nothing', ''],
  ['no JSON', 'x'],
  ['a list', '"a":1}]'],
  ['an infinite number', `"version":1e999}`],
  ['lists a hundred thousand deep', `"version":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
  ['lists that do not end', `"version":${'['.repeat(1e6)}`],
])('never throws at %s', (_, text) => {
  expect(decode(encodeAnything(text)).kind).toBe('unusable');
  expect(problemOf(decode(Buffer.from(text)))).toBe('damaged');
});

test('takes a deep state of a reducer as it is', () => {
  const text = JSON.stringify({ version: 1, ...sample() }).slice(1);
  const deep = text.replace('"state":{', `"state":{"deep":${'['.repeat(1e4)}${']'.repeat(1e4)},`);

  expect(decode(encodeAnything(deep)).kind).toBe('read');
});

test('keeps reducers with the names that objects have', () => {
  const state = { version: 3, state: 'mine' };
  const reducers = Object.fromEntries([
    ['__proto__', state],
    ['constructor', state],
  ]);
  const reading = decode(encodeCheckpoint({ ...sample(), reducers }));

  if (reading.kind !== 'read') throw new Error('it is usable');
  const found = reading.checkpoint.reducers;
  expect(Object.entries(found)).toEqual(Object.entries(reducers));
  expect('toString' in found).toBe(false);
  expect('hasOwnProperty' in reading.checkpoint.outputs).toBe(false);
});

test('is unusable where it cannot be read', async () => {
  await using rig = await createRig();
  const layout = await layoutIn(rig.root);
  await mkdir(layout.checkpointPath);

  expect(readCheckpoint(layout)).toMatchObject({ kind: 'unusable', problem: 'unreadable' });
});

test('cannot be written with a state that has no JSON form', () => {
  const endless: unknown[] = [];
  endless.push(endless);
  const reducers = { endless: { version: 1, state: endless as never } };

  expect(() => encodeCheckpoint({ ...sample(), reducers })).toThrow(TypeError);
});
