import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import {
  createManualClock,
  createRig,
  createSeededRandom,
  faultyFileSystem,
} from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { describe, expect, test } from 'vitest';

import { factsOf } from '../src/entry/facts-of.js';
import { compactSegment, measureCompaction } from '../src/history/compact-segment.js';
import { compressSegment } from '../src/history/compress-segment.js';
import { packMember } from '../src/history/packed-member.js';
import { openSegment } from '../src/history/segment-source.js';
import { listSegments } from '../src/history/segments.js';
import type { Segment } from '../src/history/segments.js';
import { SETTLED_AFTER_MS } from '../src/history/settled.js';
import { createMetricsLayout } from '../src/layout.js';
import type { MetricsLayout } from '../src/layout.js';

const NAME = 'metrics-20260101T000000000Z-20260102T000000000Z.ndjson';
const PATH = `runs/t/${NAME}`;

function layoutIn(rig: Rig): MetricsLayout {
  return createMetricsLayout({ taskId: 't', runsDir: rig.path('runs'), outDir: rig.path('out') });
}

/** Files get the real time as that of their last change; this is long after. */
function later() {
  return createManualClock(Date.now() + SETTLED_AFTER_MS + 60_000);
}

function only(rig: Rig): Segment {
  const [segment, ...others] = listSegments(layoutIn(rig));
  expect(others).toEqual([]);
  if (!segment) throw new Error('there is no segment');
  return segment;
}

async function content(path: string): Promise<string> {
  const bytes = await readFile(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

function facts(text: string) {
  return text
    .split('\n')
    .map((line) => {
      try {
        return factsOf(JSON.parse(line.trim()));
      } catch {
        return undefined;
      }
    })
    .filter((each) => each !== undefined)
    .map((each) => ({ ...each, entry: undefined }));
}

function ordinaryEntry(random: ReturnType<typeof createSeededRandom>, index: number) {
  const some = <T>(value: T): T | undefined => (random.next() < 0.5 ? value : undefined);
  return {
    run_id: `run-${index}`,
    attempt: some(random.integer(1, 3)),
    task_id: 't',
    pipeline_id: some('build'),
    status: random.next() < 0.5 ? 'succeeded' : 'failed',
    started_at: '2026-01-01T00:00:00.000Z',
    duration_seconds: some(random.next() < 0.3 ? null : random.next() * 100),
    recorded_at: '2026-01-01T00:00:00.000Z',
    control_plane_status: some('passed'),
    instance_stats: some([{ instance_id: 'i', attempts: 1 }]),
    privacy_events: some(Array.from({ length: 5 }, () => ({ handle_id: 'h', action: 'allow' }))),
    tfgrpo_epoch: some(random.integer(1, 4)),
    tfgrpo_group_size: some(0),
    tool_calls: some(random.integer(0, 9)),
    token_total: some('12'),
    cost_usd: some(random.next() / 1e6),
    latency_ms: some(-0),
    tool_stats: some([null, { tool: ' ' }, { tool: 'cli', tokens: 3, cost_usd: 1e-7 }, 'x']),
    stages: some([
      { id: 'a', status: 'succeeded', duration_seconds: 1.5, attempts: 2 },
      { id: 'b' },
    ]),
    learning_validation_status: some('validated'),
    learning_snapshot_status: some('snapshot_failed'),
    learning_alerts: some(1),
    learning_review_rejections: some(2),
    learning_review_latency_ms: some(3.25),
    learning_regressions_detected: some(4),
    learning_pattern_promoted: some(5),
    learning_pattern_deprecated: some(6),
    learning_throughput_candidates: some(7),
    machine: { id: 'm', cpus: 2 },
  };
}

function ordinaryText(entries: number): string {
  const random = createSeededRandom(entries);
  return Array.from(
    { length: entries },
    (_, index) => `${JSON.stringify(ordinaryEntry(random, index))}\n`,
  ).join('');
}

describe('compressSegment', () => {
  test('leaves the compressed form, which any gzip program unpacks to the same', async () => {
    await using rig = await createRig();
    const text = `${ordinaryText(3000)}half a line`;
    await rig.write({ [PATH]: text });
    const report = await compressSegment(layoutIn(rig), only(rig), { clock: later() });
    const packed = only(rig);
    expect(report).toEqual({
      outcome: 'compressed',
      bytesBefore: text.length,
      bytesAfter: packed.bytes,
    });
    expect(packed).toMatchObject({ name: `${NAME}.gz`, compressed: true });
    expect(packed.bytes).toBeLessThan(text.length / 5);
    expect((await content(packed.path)) === text).toBe(true);
    using source = openSegment(packed);
    expect(source.readLine(text.length - 11).toString()).toBe('half a line');
  });

  test('leaves what is live, compressed already, empty or was changed within the last minute', async () => {
    await using rig = await createRig();
    await rig.write({
      'runs/t/metrics.json': 'a\n',
      [PATH]: 'a\n',
      [`${PATH.replace('2026', '2025')}.gz`]: packMember(Buffer.from('a\n')),
      [PATH.replace('2026', '2024')]: '',
    });
    const before = await rig.list();
    const clock = later();
    const layout = layoutIn(rig);
    const reasons = [];
    for (const segment of listSegments(layout)) {
      const now = segment.name === NAME ? createManualClock(Date.now() + 59_000) : clock;
      reasons.push(await compressSegment(layout, segment, { clock: now }));
    }
    expect(reasons).toEqual(
      ['not-worth-it', 'compressed', 'recent', 'live'].map((reason) => ({
        outcome: 'left',
        reason,
      })),
    );
    expect(await rig.list()).toEqual(before);
  });
});

describe('compactSegment', () => {
  test.each([
    { form: 'plain', suffix: '' },
    { form: 'compressed', suffix: '.gz' },
  ])('leaves what aggregates ask for, to the last bit: $form', async ({ suffix }) => {
    await using rig = await createRig();
    const bad = ['{"run_id":"x"}', 'text', '', '  ', '[1]'];
    const text = `\uFEFF${ordinaryText(400)}${bad.join('\n')}\n${ordinaryText(1).trimEnd()}`;
    const bytes = suffix ? packMember(Buffer.from(text)) : Buffer.from(text);
    await rig.write({ [PATH + suffix]: bytes });
    const before = only(rig);
    const measured = await measureCompaction(before);
    expect(only(rig)).toEqual(before);
    const report = await compactSegment(layoutIn(rig), before, { clock: later() });
    const after = only(rig);
    expect(after.name).toBe(before.name);
    expect(report).toEqual({ outcome: 'compacted', bytesBefore: before.bytes, ...measured });
    expect(measured).toEqual({ bytesAfter: after.bytes, entries: 401, dropped: 3 });
    expect(facts(await content(after.path))).toEqual(facts(text));
    const again = await compactSegment(layoutIn(rig), after, { clock: later() });
    expect(again).toEqual({ outcome: 'left', reason: 'not-worth-it' });
  });

  test('a compressed segment without any entry becomes an empty one', async () => {
    await using rig = await createRig();
    await rig.write({ [`${PATH}.gz`]: packMember(Buffer.from('bad\n'.repeat(100))) });
    await compactSegment(layoutIn(rig), only(rig), { clock: later() });
    using source = openSegment(only(rig));
    expect(source.read(Buffer.alloc(1), 0)).toBe(0);
  });

  test('an entry that is as small as it can be costs nothing', async () => {
    await using rig = await createRig();
    await rig.write({ [PATH]: '{"run_id":"a","status":"b","recorded_at":"c"}\n' });
    const report = await compactSegment(layoutIn(rig), only(rig), { clock: later() });
    expect(report).toEqual({ outcome: 'left', reason: 'not-worth-it' });
  });
});

describe.each([
  { name: 'compressSegment', replace: compressSegment },
  { name: 'compactSegment', replace: compactSegment },
])('$name', ({ replace }) => {
  const TEXT = `${ordinaryText(20)}{"run_id":"cut`;

  test('moves a line that came until the very moment of the change to the live segment', async () => {
    await using rig = await createRig();
    await rig.write({ [PATH]: TEXT });
    const writer = openSync(rig.path(PATH), 'a');
    const late = '\n{"run_id":"late","status":"a","recorded_at":"b"}\n';
    const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) => {
      if (operation === 'rename') writeSync(writer, late);
      return undefined;
    });
    const options = { clock: later(), fs: faulty.fs };
    expect((await replace(layoutIn(rig), only(rig), options)).outcome).not.toBe('left');
    closeSync(writer);
    expect(await rig.read('runs/t/metrics.json')).toBe(`${late}\n`);
  });

  test('leaves a segment that grows meanwhile', async () => {
    await using rig = await createRig();
    await rig.write({ [PATH]: TEXT });
    const faulty = faultyFileSystem(nodeFileSystem, ({ operation }) => {
      if (operation === 'fsync') appendFileSync(rig.path(PATH), '\nlate\n');
      return undefined;
    });
    const report = await replace(layoutIn(rig), only(rig), { clock: later(), fs: faulty.fs });
    expect(report).toEqual({ outcome: 'left', reason: 'recent' });
    expect(await rig.read(PATH)).toBe(`${TEXT}\nlate\n`);
    expect(await rig.list()).toEqual([PATH]);
  });

  test('removes what an earlier try left', async () => {
    await using rig = await createRig();
    await rig.write({ [PATH]: TEXT, [`${PATH}.tmp`]: 'left', [`${PATH}.gz.tmp`]: 'left' });
    await replace(layoutIn(rig), only(rig), { clock: later() });
    expect((await rig.list()).filter((name) => name.endsWith('.tmp'))).toHaveLength(1);
    expect(listSegments(layoutIn(rig))).toHaveLength(1);
  });

  test('a fault at any call leaves the old or the new, each whole', async () => {
    const clean = await replaceWith(undefined);
    const operations = [...new Set(clean.map(({ operation }) => operation))];
    expect(operations).toEqual(expect.arrayContaining(['open', 'write', 'fsync', 'rename']));
    for (const operation of operations) {
      const calls = clean.filter((call) => call.operation === operation).length;
      for (let nth = 1; nth <= calls; nth++) {
        for (const after of [false, true]) await replaceWith({ operation, nth, after });
      }
    }
  });

  async function replaceWith(
    fault: { operation: string; nth: number; after: boolean } | undefined,
  ) {
    await using rig = await createRig();
    await rig.write({ [PATH]: TEXT });
    const faulty = faultyFileSystem<FileSystem>(nodeFileSystem, ({ operation, nth }) =>
      operation === fault?.operation && nth === fault.nth
        ? { kind: 'error', code: 'EIO', after: fault.after }
        : undefined,
    );
    const segment = only(rig);
    try {
      await replace(layoutIn(rig), segment, { clock: later(), fs: faulty.fs });
    } catch (error) {
      expect(error).toMatchObject({ name: 'MetricsError' });
    }
    expect(faulty.unclosed()).toEqual([]);
    expect(facts(await content(only(rig).path))).toEqual(facts(TEXT));
    await replace(layoutIn(rig), only(rig), { clock: later() });
    expect(facts(await content(only(rig).path))).toEqual(facts(TEXT));
    expect((await rig.list()).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    return faulty.calls;
  }
});
