import { readdirSync } from 'node:fs';
import { mkdir, rename, symlink } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Fault, FaultyCall } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { foldEvents, openRunRecord, readJournal, readManifest } from '../src/index.js';
import type { JournalAnchor, Manifest, Observability, RunEvent, RunRecord } from '../src/index.js';
import { randomRun } from './random-run.js';
import { sampleLayout, sampleStart, stageFinished, stageStarted, succeeded } from './sample-run.js';

function runStages(record: RunRecord, count: number): void {
  for (let index = 1; index <= count; index++) {
    record.append(stageStarted(index));
    record.append(stageFinished(index));
  }
}

test('when the record is open, journal and manifest are on disk', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);

  await using record = await openRunRecord(sampleStart(layout));

  expect(await rig.list()).toEqual(
    [layout.activeMarkerPath, layout.resumeTokenPath, layout.manifestPath, layout.journalPath].map(
      (path) => layout.relative(path),
    ),
  );
  expect(readdirSync(layout.runDir)).toEqual([
    '.resume-token',
    'commands',
    'errors',
    'manifest.json',
    'runner.ndjson',
  ]);
  const { manifest } = await readManifest(layout.manifestPath);
  expect(manifest).toMatchObject({ status: 'in_progress', owner: { pid: process.pid } });
  const { events } = await readJournal(layout.journalPath);
  expect(events.map(({ type, seq }) => [seq, type])).toEqual([[1, 'run.started']]);
  expect(foldEvents(events)).toEqual(record.manifest);
});

test('everything is synced before the folder gets its name, and the name after', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  await mkdir(layout.taskRunsDir, { recursive: true });
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);

  await using record = await openRunRecord(sampleStart(layout), { fs });

  expect(record.stats.fsyncs).toBe(5);
  expect(calls.map(describeCall).filter((line) => /^(write|fsync|rename)/.test(line))).toEqual([
    'write .resume-token',
    'write runner.ndjson',
    'fsync runner.ndjson',
    'fsync <opening>',
    'write <temp>',
    'fsync <temp>',
    'rename <temp> manifest.json',
    'fsync <opening>',
    `rename <opening> ${layout.runId}`,
    'fsync cli',
  ]);
});

test('at the end the journal is durable before the manifest says so', async () => {
  await using rig = await createRig();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const record = await openRunRecord(sampleStart(sampleLayout(rig.root)), { fs });
  const opened = calls.length;

  await record.seal(succeeded);

  const steps = calls.map(describeCall).slice(opened);
  expect(steps.filter((line) => /^(write|fsync|rename)/.test(line))).toEqual([
    'write runner.ndjson',
    'fsync runner.ndjson',
    'write <temp>',
    'fsync <temp>',
    'rename <temp> manifest.json',
    `fsync ${record.layout.runId}`,
  ]);
});

/** Names the file behind a descriptor: descriptors are the lowest free ones, so opens tell. */
function describeCall(call: FaultyCall, at: number, calls: readonly FaultyCall[]): string {
  const open = calls.slice(0, at).findLast(({ operation }) => operation === 'open');
  const subjects = typeof call.args[0] === 'number' ? [open?.args[0]] : call.args;
  const names = subjects.filter((subject) => typeof subject === 'string').map(shortName);
  return [call.operation, ...names].join(' ');
}

function shortName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.replace(/^.*\.atomic-tmp$/, '<temp>').replace(/^.*\.opening$/, '<opening>');
}

test('what a sealed run leaves is what its journal folds to', async () => {
  for (let seed = 1; seed <= 25; seed++) {
    await using rig = await createRig();
    const layout = sampleLayout(rig.root);
    const clock = createManualClock();
    const run = randomRun(seed);
    const record = await openRunRecord(sampleStart(layout, run.stageCount), { clock });
    for (const event of run.events) {
      record.append(event);
      await clock.advance(seed * 17);
    }
    const sealed = await record.seal(run.end);

    const { events, damaged, unknownEvents } = await readJournal(layout.journalPath);
    expect({ damaged, unknownEvents }, `seed ${seed}`).toEqual({ damaged: [], unknownEvents: [] });
    const onDisk = await readManifest(layout.manifestPath);
    expect(onDisk).toMatchObject({ problems: [], unknownFields: [] });
    expect(onDisk.manifest, `seed ${seed}`).toEqual({
      ...foldEvents(events),
      journal: anchorOf(record.stats, events),
      observability: record.stats,
      checksum: expect.any(String) as string,
    });
    expect(sealed).toEqual(foldEvents(events));
  }
});

/** What a manifest says of the journal that it was folded from. */
function anchorOf(stats: Observability, events: readonly RunEvent[]): JournalAnchor {
  const { journal_lines: lines, journal_bytes: bytes } = stats;
  return { lines, bytes, head: events.at(-1)?.chain ?? '' };
}

test('the end of a run is its last sign of life, however long its writing takes', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const manual = createManualClock();
  let ticks = 0;
  const clock = { ...manual, nowMs: () => manual.nowMs() + ticks++ };
  const record = await openRunRecord(sampleStart(layout), { clock });
  await record.seal(succeeded);
  const { manifest } = await readManifest(layout.manifestPath);
  expect(manifest.heartbeat_at).toBe(manifest.completed_at);
});

test('between open and seal a snapshot is what the journal so far folds to', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const clock = createManualClock();
  await using record = await openRunRecord(sampleStart(layout), { clock });

  record.append(stageStarted(1));
  await clock.advance(1000);

  const { manifest } = await readManifest(layout.manifestPath);
  const { events } = await readJournal(layout.journalPath);
  expect(manifest).toEqual({
    ...foldEvents(events),
    heartbeat_at: new Date(clock.nowMs()).toISOString(),
    journal: anchorOf(record.stats, events),
    observability: record.stats,
    checksum: expect.any(String) as string,
  });
  expect(manifest.commands[0]?.status).toBe('running');
});

test('the line of an event is on disk when append returns', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  await using record = await openRunRecord(sampleStart(layout));
  const event = record.append(stageStarted(1));
  const { events } = await readJournal(layout.journalPath);
  expect(events.at(-1)).toEqual(event);
});

test.for([1, 10, 50])('%i stages in one second cost two manifest writes', async (stageCount) => {
  await using rig = await createRig();
  const clock = createManualClock();
  const record = await openRunRecord(sampleStart(sampleLayout(rig.root), stageCount), { clock });
  runStages(record, stageCount);
  await record.seal(succeeded);
  expect(record.stats).toMatchObject({
    manifest_writes: 2,
    journal_lines: 2 + 2 * stageCount,
  });
});

test('the bytes written are linear in the number of stages', async () => {
  const [one = 0, eleven = 0, twentyOne = 0, hundredOne = 0] = await Promise.all(
    [1, 11, 21, 101].map(async (stageCount) => {
      await using rig = await createRig();
      const record = await openRunRecord(sampleStart(sampleLayout(rig.root), stageCount));
      runStages(record, stageCount);
      await record.seal(succeeded);
      return record.stats.manifest_bytes;
    }),
  );
  const perTen = twentyOne - eleven;
  expect(perTen / (eleven - one)).toBeCloseTo(1, 1);
  expect((hundredOne - twentyOne) / perTen).toBeCloseTo(8, 0);
});

test('a long run is written at most once per second', async () => {
  await using rig = await createRig();
  const clock = createManualClock();
  const record = await openRunRecord(sampleStart(sampleLayout(rig.root), 100), { clock });
  for (let index = 1; index <= 100; index++) {
    record.append(stageStarted(index));
    await clock.advance(100);
    record.append(stageFinished(index));
  }
  await record.seal(succeeded);
  expect(record.stats.manifest_writes).toBeLessThanOrEqual(3 + 10);
  expect(record.stats.manifest_writes).toBeGreaterThan(8);
});

test('a run in which nothing happens shows every five seconds that it is alive', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const clock = createManualClock();
  await using record = await openRunRecord(sampleStart(layout), { clock });
  const opened = (await readManifest(layout.manifestPath)).manifest;

  await clock.advance(15_000);

  const { manifest } = await readManifest(layout.manifestPath);
  expect(record.stats.manifest_writes).toBe(1 + 3);
  expect(manifest.updated_at).toBe(opened.updated_at);
  expect(Date.parse(manifest.heartbeat_at ?? '') - Date.parse(opened.heartbeat_at ?? '')).toBe(
    15_000,
  );
});

test('the record says what it cost, its own bytes included', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const sizes: number[] = [];
  const record = await openRunRecord(sampleStart(layout), { snapshotIntervalMs: 0 });
  const note = async (): Promise<Manifest> => {
    sizes.push(Buffer.byteLength(await rig.read(layout.relative(layout.manifestPath))));
    return (await readManifest(layout.manifestPath)).manifest;
  };
  const total = (): number => sizes.reduce((sum, size) => sum + size, 0);

  expect((await note()).observability).toMatchObject({
    manifest_writes: 1,
    manifest_bytes: total(),
    journal_lines: 1,
    fsyncs: 4,
  });
  await record.seal(succeeded);
  const sealed = await note();
  expect(sealed.observability).toEqual(record.stats);
  expect(sealed.observability).toMatchObject({ manifest_writes: 2, manifest_bytes: total() });
  const journal = await rig.read(layout.relative(layout.journalPath));
  expect(sealed.observability?.journal_bytes).toBe(Buffer.byteLength(journal));
});

test('no timer of a record keeps its process alive', async () => {
  await using rig = await createRig();
  const manual = createManualClock();
  const scheduled: unknown[] = [];
  const clock = {
    ...manual,
    schedule(delayMs: number, run: () => void, options?: { readonly keepAlive?: boolean }) {
      scheduled.push(options?.keepAlive);
      return manual.schedule(delayMs, run);
    },
  };
  const record = await openRunRecord(sampleStart(sampleLayout(rig.root)), { clock });
  record.append(stageStarted(1));
  await manual.advance(6000);
  expect(scheduled.length).toBeGreaterThan(2);
  expect(scheduled.every((keepAlive) => keepAlive === false)).toBe(true);
  await record.seal(succeeded);
  expect(manual.pendingTimers).toBe(0);
});

test('after the end nothing is written', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const clock = createManualClock();
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const record = await openRunRecord(sampleStart(layout), { clock, fs });
  record.append(stageStarted(1));
  await record.seal(succeeded);
  const callsAtSeal = calls.length;

  await clock.advance(60_000);
  await record.close();

  expect(() => record.append(stageFinished(1))).toThrow(
    expect.objectContaining({ code: 'RECORD_SEALED' }),
  );
  await expect(record.seal(succeeded)).rejects.toMatchObject({ code: 'RECORD_SEALED' });
  expect(calls.length).toBe(callsAtSeal);
});

test('closing without an end leaves the last state, still in progress', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  {
    await using record = await openRunRecord(sampleStart(layout));
    record.append(stageStarted(1));
  }
  const { manifest } = await readManifest(layout.manifestPath);
  expect(manifest.status).toBe('in_progress');
  expect(manifest.commands[0]?.status).toBe('running');
});

test('an event that cannot follow is refused and leaves no line', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  await using record = await openRunRecord(sampleStart(layout));
  expect(() => record.append(stageFinished(1))).toThrow(
    expect.objectContaining({ code: 'EVENT_OUT_OF_ORDER' }),
  );
  expect((await readJournal(layout.journalPath)).events).toHaveLength(1);
});

test('a second record for the same run is refused and the first stays', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  await using first = await openRunRecord(sampleStart(layout));
  const before = await rig.list();
  await expect(openRunRecord(sampleStart(layout))).rejects.toMatchObject({ code: 'RUN_EXISTS' });
  expect(await rig.list()).toEqual(before);
  expect(readdirSync(layout.taskRunsDir)).toEqual(['.active', first.layout.runId]);
});

test('a folder of the same name is refused even when it is empty', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  await mkdir(layout.runDir, { recursive: true });
  await expect(openRunRecord(sampleStart(layout))).rejects.toMatchObject({ code: 'RUN_EXISTS' });
  expect(readdirSync(layout.taskRunsDir)).toEqual([layout.runId]);
});

test('of two records opened at the same moment for one run, one is made and one is refused', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const outcomes = await Promise.allSettled([1, 2].map(() => openRunRecord(sampleStart(layout))));

  const made = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toMatchObject([{ reason: { code: 'RUN_EXISTS' } }]);
  expect(readdirSync(layout.taskRunsDir)).toEqual(['.active', layout.runId]);
  expect(readdirSync(layout.activeDir)).toEqual([layout.runId]);
  for (const { value } of made) await value.seal(succeeded);
  expect((await readManifest(layout.manifestPath)).manifest.status).toBe('succeeded');
});

test('a root that does not exist is not made', async () => {
  await using rig = await createRig();
  const opening = openRunRecord(sampleStart(sampleLayout(rig.path('missing'))));
  await expect(opening).rejects.toMatchObject({ code: 'RECORD_OPEN_FAILED' });
  expect(readdirSync(rig.root)).toEqual([]);
});

test('a task folder that leads elsewhere is refused', async () => {
  await using rig = await createRig();
  await mkdir(rig.path('repo/.runs'), { recursive: true });
  await mkdir(rig.path('elsewhere'));
  await symlink(rig.path('elsewhere'), rig.path('repo/.runs/demo'));
  const opening = openRunRecord(sampleStart(sampleLayout(rig.path('repo'))));
  await expect(opening).rejects.toMatchObject({ code: 'PATH_ESCAPES_ROOT' });
  expect(readdirSync(rig.path('elsewhere'))).toEqual([]);
});

/** A disk on which manifests cannot be written while `full` is set. */
function fillableDisk(): { readonly fs: FileSystem; full: boolean } {
  const disk = { full: false };
  let nextWriteFails = false;
  const plan = (call: FaultyCall): Fault | undefined => {
    if (call.operation === 'open') nextWriteFails = String(call.args[0]).endsWith('.atomic-tmp');
    if (call.operation === 'close') nextWriteFails = false;
    if (call.operation !== 'write' || !nextWriteFails || !disk.full) return undefined;
    return { kind: 'error', code: 'ENOSPC' };
  };
  return Object.assign(disk, { fs: faultyFileSystem(nodeFileSystem, plan).fs });
}

test('a full disk costs snapshots, not facts, and shows among the problems', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const clock = createManualClock();
  const disk = fillableDisk();
  const record = await openRunRecord(sampleStart(layout), { clock, fs: disk.fs });
  disk.full = true;

  record.append(stageStarted(1));
  await clock.advance(20_000);
  record.append(stageFinished(1));

  expect(record.problems.map(({ code }) => code)).toEqual(['MANIFEST_WRITE_FAILED']);
  expect((await readManifest(layout.manifestPath)).manifest.commands[0]?.status).toBe('pending');

  disk.full = false;
  await record.seal(succeeded);
  expect((await readManifest(layout.manifestPath)).manifest.status).toBe('succeeded');
  expect(readdirSync(layout.runDir)).not.toContainEqual(expect.stringContaining('tmp'));
});

test('a problem that comes back every second is kept once', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const clock = createManualClock();
  await using record = await openRunRecord(sampleStart(layout), { clock });
  // Errors of the system then name a temp file, another one each time.
  await rename(layout.runDir, rig.path('moved-away'));

  await clock.advance(60_000);

  expect(record.problems.map(({ code }) => code)).toEqual(['MANIFEST_WRITE_FAILED']);
});

test('a disk that is full at the end is an error, and the journal tells the truth', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const disk = fillableDisk();
  const record = await openRunRecord(sampleStart(layout), { fs: disk.fs });
  disk.full = true;
  runStages(record, 2);

  await expect(record.seal(succeeded)).rejects.toMatchObject({
    code: 'MANIFEST_WRITE_FAILED',
    path: layout.manifestPath,
  });

  const { events } = await readJournal(layout.journalPath);
  expect(foldEvents(events)).toMatchObject({ status: 'succeeded' });
  expect((await readManifest(layout.manifestPath)).manifest.status).toBe('in_progress');
  expect(readdirSync(layout.runDir)).not.toContainEqual(expect.stringContaining('tmp'));
});

test('a fact that cannot be written is not recorded and can be stated again', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  let full = false;
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    full && operation === 'write' ? { kind: 'short', bytes: 7 } : undefined,
  );
  await using record = await openRunRecord(sampleStart(layout), { fs });
  full = true;
  expect(() => record.append(stageStarted(1))).toThrow(
    expect.objectContaining({ code: 'JOURNAL_WRITE_FAILED', path: layout.journalPath }),
  );
  expect(record.manifest.commands[0]?.status).toBe('pending');
  await expect(record.seal(succeeded)).rejects.toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
  full = false;

  expect(record.append(stageStarted(1)).seq).toBe(2);
  await record.seal(succeeded);

  const { events, damaged, tornTail } = await readJournal(layout.journalPath);
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect({ damaged, tornTail }).toEqual({ damaged: [], tornTail: undefined });
});

test('a listener hears every event once it is recorded, and cannot break the record', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const heard: string[] = [];
  const onEvent = (event: RunEvent): void => {
    heard.push(event.type);
    throw new Error('listener');
  };
  const record = await openRunRecord(sampleStart(layout), { onEvent });
  record.append(stageStarted(1));
  record.append(stageFinished(1));
  await record.seal(succeeded);

  expect(heard).toEqual(['run.started', 'stage.started', 'stage.finished', 'run.finished']);
  expect(record.problems.map(({ code }) => code)).toEqual(heard.map(() => 'LISTENER_FAILED'));
  expect((await readManifest(layout.manifestPath)).manifest.status).toBe('succeeded');
});
