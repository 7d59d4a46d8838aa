import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { describe, expect, test } from 'vitest';

import { packMember } from '../src/history/packed-member.js';
import { rotateLive } from '../src/history/rotate.js';
import { nextSegmentName, parseSegmentName } from '../src/history/segment-name.js';
import { openSegment } from '../src/history/segment-source.js';
import { listSegments, surveySegments } from '../src/history/segments.js';
import type { Segment } from '../src/history/segments.js';
import { createMetricsLayout } from '../src/layout.js';
import type { MetricsLayout } from '../src/layout.js';

const FIRST = 'metrics-20260101T000000000Z-20260102T000000000Z.ndjson';
const SECOND = 'metrics-20260102T000000000Z-20260103T000000000Z.ndjson';

function layoutIn(rig: Rig): MetricsLayout {
  return createMetricsLayout({ taskId: 't', runsDir: rig.path('runs'), outDir: rig.path('out') });
}

function inTask(files: Readonly<Record<string, string | Uint8Array>>) {
  return Object.fromEntries(Object.entries(files).map(([name, it]) => [`runs/t/${name}`, it]));
}

function only(layout: MetricsLayout): Segment {
  const [segment, ...others] = listSegments(layout);
  expect(others).toEqual([]);
  if (!segment) throw new Error('there is no segment');
  return segment;
}

describe('names of segments', () => {
  test('come after the one before, whatever the clock says', () => {
    const nowMs = Date.UTC(2026, 0, 2);
    const times = { begunMs: Date.UTC(2026, 0, 1), nowMs };
    expect(nextSegmentName(undefined, times)).toBe(FIRST);
    const clocks = [nowMs, nowMs, 0, -5, Number.NaN];
    let previous = FIRST;
    for (const clock of clocks) {
      const next = nextSegmentName(parseSegmentName(previous), { begunMs: 0, nowMs: clock });
      expect(next > previous).toBe(true);
      expect(parseSegmentName(next)?.firstMs).toBe(parseSegmentName(previous)?.lastMs);
      previous = next;
    }
    expect(previous).toContain('-20260102T000000005Z.');
  });

  test('end with the year 9999, and a name that is not there is an error', () => {
    const last = nextSegmentName(undefined, { begunMs: 1e300, nowMs: 1e300 });
    expect(last).toBe('metrics-99991231T235959999Z-99991231T235959999Z.ndjson');
    expect(() => nextSegmentName(parseSegmentName(last), { begunMs: 0, nowMs: 0 })).toThrow(
      RangeError,
    );
  });

  test.each([
    'metrics.json',
    'metrics-.ndjson',
    'metrics-a-b.ndjson',
    `${FIRST}.gz.tmp`,
    `${FIRST}~`,
    `.${FIRST}`,
    'metrics-20260230T000000000Z-20260302T000000000Z.ndjson',
    'metrics-20260102T000000000Z-20260101T000000000Z.ndjson',
    'metrics-20260101T240000000Z-20260103T000000000Z.ndjson',
  ])('"%s" is none', (name) => {
    expect(parseSegmentName(name)).toBeUndefined();
  });
});

describe('listSegments', () => {
  test('gives the closed ones by name, then the live one', async () => {
    await using rig = await createRig();
    await rig.write(
      inTask({
        [SECOND]: 'bb',
        'metrics.json': 'ccc',
        [`${FIRST}.gz`]: gzipSync('a\n'),
        'metrics-a-b.ndjson': 'not ours',
        [`${SECOND}.bak`]: 'not ours',
      }),
    );
    const segments = listSegments(layoutIn(rig));
    expect(segments.map(({ name, live, compressed }) => ({ name, live, compressed }))).toEqual([
      { name: `${FIRST}.gz`, live: false, compressed: true },
      { name: SECOND, live: false, compressed: false },
      { name: 'metrics.json', live: true, compressed: false },
    ]);
    expect(segments.map(({ bytes }) => bytes)).toEqual([gzipSync('a\n').byteLength, 2, 3]);
    expect(segments[1]?.path).toBe(rig.path('runs', 't', SECOND));
  });

  test('gives none where there is no history', async () => {
    await using rig = await createRig();
    expect(listSegments(layoutIn(rig))).toEqual([]);
  });

  test('takes the plain form where compressing was cut short', async () => {
    await using rig = await createRig();
    await rig.write(inTask({ [FIRST]: 'a\n', [`${FIRST}.gz`]: 'half a gzip' }));
    expect(only(layoutIn(rig)).name).toBe(FIRST);
  });

  test.skipIf(process.platform === 'win32')(
    'refuses what only has the name of a segment and follows no symlink',
    async () => {
      await using rig = await createRig();
      await rig.write({ secret: 'secret\n', [`runs/t/${SECOND}.gz`]: gzipSync('a\n') });
      symlinkSync(rig.path('secret'), rig.path('runs/t', FIRST));
      mkdirSync(rig.path('runs/t', SECOND));
      symlinkSync(rig.path('secret'), rig.path('runs/t/metrics.json'));
      const layout = layoutIn(rig);
      expect(surveySegments(layout).refused.map(({ name, reason }) => ({ name, reason }))).toEqual([
        { name: FIRST, reason: 'symlink' },
        { name: SECOND, reason: 'not-a-file' },
        { name: 'metrics.json', reason: 'symlink' },
      ]);
      expect(only(layout).name).toBe(`${SECOND}.gz`);
    },
  );

  test('looks again when the history is rotated during the look', async () => {
    await using rig = await createRig();
    await rig.write(inTask({ 'metrics.json': 'a\n' }));
    const layout = layoutIn(rig);
    const rotating = faultyFileSystem(nodeFileSystem, ({ operation, nth }) => {
      if (operation === 'readdir' && nth === 1) return undefined;
      if (operation === 'lstat' && nth === 2) {
        renameSync(layout.historyPath, rig.path('runs/t', FIRST));
      }
      return undefined;
    });
    const segments = listSegments(layout, { fs: rotating.fs });
    expect(segments.map(({ name }) => name)).toEqual([FIRST]);
  });

  test('says which folder cannot be looked at', async () => {
    await using rig = await createRig();
    const { fs } = faultyFileSystem(nodeFileSystem, () => ({ kind: 'error', code: 'EACCES' }));
    expect(() => listSegments(layoutIn(rig), { fs })).toThrow(
      expect.objectContaining({ code: 'HISTORY_UNREADABLE', path: rig.path('runs', 't') }),
    );
  });
});

describe('rotateLive', () => {
  const NOW = Date.UTC(2026, 0, 2);

  test('gives the live segment a name after all others and ends half a line', async () => {
    await using rig = await createRig();
    await rig.write(inTask({ [`${SECOND}.gz`]: gzipSync('a\n'), 'metrics.json': 'b\nhalf' }));
    const layout = layoutIn(rig);
    const clock = createManualClock(NOW);
    const closed = rotateLive(layout, { clock });
    const name = 'metrics-20260103T000000000Z-20260103T000000001Z.ndjson';
    expect(closed).toMatchObject({ name, live: false, compressed: false, bytes: 7 });
    expect(await rig.read(`runs/t/${name}`)).toBe('b\nhalf\n');
    expect(listSegments(layout).at(-1)).toEqual(closed);
    expect(rotateLive(layout, { clock })).toBeUndefined();
  });

  test('does nothing where nothing was appended', async () => {
    await using rig = await createRig();
    expect(rotateLive(layoutIn(rig))).toBeUndefined();
    await rig.write(inTask({ 'metrics.json': '' }));
    expect(rotateLive(layoutIn(rig))).toBeUndefined();
    expect(await rig.list()).toEqual(['runs/t/metrics.json']);
  });

  test('replaces nothing that has the name already', async () => {
    await using rig = await createRig();
    await rig.write(inTask({ [FIRST]: 'a\n', 'metrics.json': 'b\n' }));
    mkdirSync(rig.path('runs/t', SECOND));
    const clock = createManualClock(Date.UTC(2026, 0, 3));
    const closed = rotateLive(layoutIn(rig), { clock });
    expect(closed?.name).toBe('metrics-20260103T000000000Z-20260103T000000001Z.ndjson');
    expect(await rig.read(`runs/t/${FIRST}`)).toBe('a\n');
  });

  test('leaves the history whole after a fault at any call', async () => {
    const operations = ['lstat', 'readdir', 'open', 'fstat', 'read', 'write', 'rename', 'close'];
    for (const operation of operations) {
      for (let nth = 1; ; nth++) {
        await using rig = await createRig();
        await rig.write(inTask({ [FIRST]: 'a\n', 'metrics.json': 'b\nhalf' }));
        const faulty = faultyFileSystem(nodeFileSystem, (call) =>
          call.operation === operation && call.nth === nth
            ? { kind: 'error', code: 'EIO' }
            : undefined,
        );
        const layout = layoutIn(rig);
        try {
          rotateLive(layout, { fs: faulty.fs });
        } catch (error) {
          expect(error).toMatchObject({ name: 'MetricsError' });
        }
        if (faulty.count(operation) < nth) break;
        expect(faulty.unclosed()).toEqual([]);
        const segments = listSegments(layout);
        const texts = await Promise.all(segments.map(({ name }) => rig.read(`runs/t/${name}`)));
        expect(texts.join('')).toMatch(/^a\nb\nhalf\n?$/);
      }
    }
  });
});

describe('openSegment', () => {
  const TEXT = Array.from({ length: 20_000 }, (_, i) => `line ${i} ${'x'.repeat(i % 97)}\n`).join(
    '',
  );

  function readAll(segment: Segment, viewBytes: number): string {
    using source = openSegment(segment);
    const pieces: Buffer[] = [];
    for (let position = 0; ;) {
      const view = Buffer.alloc(viewBytes);
      const count = source.read(view, position);
      if (count === 0) return Buffer.concat(pieces).toString();
      pieces.push(view.subarray(0, count));
      position += count;
    }
  }

  test.each([
    { form: 'plain', name: FIRST, bytes: Buffer.from(TEXT) },
    { form: 'compressed', name: `${FIRST}.gz`, bytes: gzipSync(TEXT) },
    {
      form: 'compressed by ours',
      name: `${FIRST}.gz`,
      bytes: Buffer.concat([
        packMember(Buffer.from(TEXT.slice(0, 300_000))),
        packMember(Buffer.alloc(0)),
        packMember(Buffer.from(TEXT.slice(300_000))),
      ]),
    },
    {
      form: 'compressed in two members',
      name: `${FIRST}.gz`,
      bytes: Buffer.concat([gzipSync(TEXT.slice(0, 5000)), gzipSync(TEXT.slice(5000))]),
    },
  ])('reads the content, forwards and backwards: $form', async ({ name, bytes }) => {
    await using rig = await createRig();
    await rig.write(inTask({ [name]: bytes }));
    const segment = only(layoutIn(rig));
    expect(readAll(segment, 70_000) === TEXT).toBe(true);
    using source = openSegment(segment);
    for (const start of [TEXT.lastIndexOf('line 19999'), 0, TEXT.indexOf('line 777 ')]) {
      const line = source.readLine(start);
      expect(line.toString()).toBe(TEXT.slice(start, TEXT.indexOf('\n', start)));
    }
    expect(source.readLine(TEXT.length).byteLength).toBe(0);
    expect(source.readLine(TEXT.length + 9).byteLength).toBe(0);
  });

  test('a line may be long, but not endless', async () => {
    await using rig = await createRig();
    const long = 'x'.repeat(100_000);
    await rig.write(inTask({ [FIRST]: `${long}\n${'y'.repeat(17 * 2 ** 20)}` }));
    using source = openSegment(only(layoutIn(rig)));
    expect(source.readLine(0).toString() === long).toBe(true);
    expect(() => source.readLine(100_001)).toThrow(
      expect.objectContaining({ code: 'HISTORY_UNREADABLE' }),
    );
  });

  test('stays readable when the file is rotated, and says when another has its name', async () => {
    await using rig = await createRig();
    await rig.write(inTask({ 'metrics.json': 'a\n' }));
    const layout = layoutIn(rig);
    const live = only(layout);
    using source = openSegment(live);
    rotateLive(layout);
    await rig.write(inTask({ 'metrics.json': 'b\n' }));
    expect(source.readLine(0).toString()).toBe('a');
    expect(() => openSegment(live)).toThrow(
      expect.objectContaining({ code: 'HISTORY_UNREADABLE' }),
    );
  });

  const ours = Buffer.concat([packMember(Buffer.from('one\n')), packMember(Buffer.from(TEXT))]);
  const theirs = gzipSync(TEXT);
  test.each([
    { what: 'cut', bytes: ours.subarray(0, -9) },
    { what: 'cut, of another program', bytes: theirs.subarray(0, -9) },
    {
      what: 'damaged',
      bytes: Buffer.concat([ours.subarray(0, -8), Buffer.alloc(4), ours.subarray(-4)]),
    },
    {
      what: 'damaged, of another program',
      bytes: Buffer.concat([theirs.subarray(0, -6), Buffer.alloc(6)]),
    },
    { what: 'no gzip', bytes: Buffer.from('plain text\n') },
  ])('a compressed segment that is $what is unreadable, at every try', async ({ bytes }) => {
    await using rig = await createRig();
    await rig.write(inTask({ [`${FIRST}.gz`]: bytes }));
    const segment = only(layoutIn(rig));
    for (let tries = 0; tries < 2; tries++) {
      expect(() => {
        using source = openSegment(segment);
        source.readLine(5000);
      }).toThrow(expect.objectContaining({ code: 'HISTORY_UNREADABLE', path: segment.path }));
    }
  });

  test('an empty file is no gzip, and what is closed cannot be read', async () => {
    await using rig = await createRig();
    await rig.write(inTask({ [`${FIRST}.gz`]: '', [SECOND]: 'a\n' }));
    const [empty, plain] = listSegments(layoutIn(rig)) as [Segment, Segment];
    expect(() => openSegment(empty)).toThrow(
      expect.objectContaining({ code: 'HISTORY_UNREADABLE' }),
    );
    const source = openSegment(plain);
    source[Symbol.dispose]();
    source[Symbol.dispose]();
    expect(() => source.read(Buffer.alloc(1), 0)).toThrow(
      expect.objectContaining({ code: 'HISTORY_UNREADABLE' }),
    );
  });
});
