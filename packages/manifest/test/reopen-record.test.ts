import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { nodeFileSystem } from '@codex-orchestrator/core';
import { createManualClock, createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  checkResumeToken,
  effectiveStatus,
  openRunRecord,
  readJournal,
  readManifest,
  reopenRunRecord,
  verifyRun,
} from '../src/index.js';
import { continueRun, leaveDeadRun, logName } from './dead-run.js';
import {
  nextAttempt,
  sampleLayout,
  sampleStart,
  stageFinished,
  stageStarted,
  succeeded,
} from './sample-run.js';

const ports = { fs: nodeFileSystem };

function pathsOf(rig: Rig) {
  const layout = sampleLayout(rig.root);
  return { layout, inRun: (name: string) => join(layout.runDir, name) };
}

test('a run whose runner died is sealed as interrupted and gone on with to its end', async () => {
  await using rig = await createRig();
  const { layout, inRun } = pathsOf(rig);
  const clock = createManualClock();
  await leaveDeadRun(layout, { ...ports, clock });
  await continueRun(layout, { ...ports, clock });

  const { manifest } = await readManifest(layout.manifestPath);
  expect(manifest).toMatchObject({
    status: 'succeeded',
    attempt: 2,
    active_seconds: 0.047,
    gap_seconds: 1,
    duration_ms: 1047,
    recoveries: [
      {
        reason: 'owner-dead',
        torn_bytes: 25,
        torn_path: layout.relative(inRun('runner.ndjson.torn-1')),
      },
    ],
    resume_events: [{ actor: 'tester', outcome: 'accepted' }],
    commands: [
      { status: 'succeeded', attempts: 1 },
      { status: 'succeeded', attempts: 1 },
    ],
  });
  expect(readFileSync(inRun('runner.ndjson.torn-1'), 'utf8')).toBe('{"v":1,"seq":5,"at":"2026');
  expect(readFileSync(inRun(`attempts/1/${logName(2)}`), 'utf8')).toBe('one\n');
  expect(readFileSync(inRun(logName(2)), 'utf8')).toBe('attempt 2\n');
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true, remarks: [] });
});

test('opening again and closing leaves the run as it was, but for its torn tail', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const clock = createManualClock();
  await leaveDeadRun(layout, { ...ports, clock });
  const before = readFileSync(layout.journalPath, 'utf8');
  const manifest = readFileSync(layout.manifestPath, 'utf8');
  const { record, repair } = await reopenRunRecord(layout, { clock });
  expect(repair).toMatchObject({ tornBytes: 25, lostLines: 0 });
  await clock.advance(60_000);
  await record.close();
  expect(readFileSync(layout.journalPath, 'utf8')).toBe(before.slice(0, -25));
  expect(readFileSync(layout.manifestPath, 'utf8')).toBe(manifest);
  expect((await reopenRunRecord(layout, { clock })).repair.tornBytes).toBe(0);
});

test('a sealed run takes a refused resume behind its end, and says so', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const first = await openRunRecord(sampleStart(layout));
  const sealed = await first.seal(succeeded);
  const { record } = await reopenRunRecord(layout);
  const refusal = { actor: 'ci', reason: 'again', code: 'RUN_SUCCEEDED', detail: 'it is done' };
  record.append({ type: 'run.resume_refused', ...refusal });
  expect(() => record.append(stageStarted(1))).toThrow(
    expect.objectContaining({ code: 'EVENT_OUT_OF_ORDER' }),
  );
  await record.checkpoint();
  await record.close();
  const { manifest } = await readManifest(layout.manifestPath);
  expect(manifest).toMatchObject({
    status: 'succeeded',
    completed_at: sealed.completed_at,
    heartbeat_at: sealed.heartbeat_at,
    resume_events: [{ outcome: 'blocked', detail: 'RUN_SUCCEEDED: it is done' }],
  });
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', remarks: [] });
});

test('while an attempt goes on its owner shows that it is alive', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const clock = createManualClock();
  const first = await openRunRecord(sampleStart(layout), { clock });
  await first.seal({ ...succeeded, status: 'failed' });
  const { record } = await reopenRunRecord(layout, { clock });
  const begun = await record.beginAttempt(nextAttempt(record));
  await clock.advance(15_000);
  const { manifest } = await readManifest(layout.manifestPath);
  expect(effectiveStatus(manifest)).toMatchObject({ status: 'in_progress', reason: 'owner-alive' });
  expect(Date.parse(manifest.heartbeat_at ?? '') - Date.parse(begun.at)).toBe(15_000);
  await record.close();
  expect(clock.pendingTimers).toBe(0);
});

test('who recovers a run gives no sign of life of it', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const clock = createManualClock();
  await leaveDeadRun(layout, { ...ports, clock });
  const died = (await readManifest(layout.manifestPath)).manifest.updated_at;
  await clock.advance(3_600_000);
  const { record } = await reopenRunRecord(layout, { clock });
  const by = record.manifest.owner;
  if (!by) throw new Error('no owner');
  const damage = { torn_bytes: 0, torn_path: null, lost_lines: 0, ended_groups: [] };
  record.append({ type: 'run.recovered', by, reason: 'owner-dead', last_seen_at: died, ...damage });
  await clock.advance(2000);
  const during = (await readManifest(layout.manifestPath)).manifest;
  expect([during.status_detail, during.heartbeat_at]).toEqual(['recovering', died]);
  record.append(stageFinished(2, { status: 'interrupted', outcome: 'interrupted' }));
  const sealed = await record.seal({ ...succeeded, status: 'interrupted' });
  expect(sealed).toMatchObject({ heartbeat_at: died, status: 'interrupted' });
  expect(sealed.completed_at).not.toBe(died);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact' });
});

test('a wall clock that is set back makes no duration and no gap negative', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const clock = createManualClock();
  const first = await openRunRecord(sampleStart(layout, 1), { clock });
  first.append(stageStarted(1));
  clock.jumpWall(-86_400_000);
  first.append(stageFinished(1, { status: 'failed' }));
  await first.seal({ status: 'failed', status_detail: null, duration_ms: -5 });
  const { record } = await reopenRunRecord(layout, { clock });
  clock.jumpWall(-86_400_000);
  await record.beginAttempt(nextAttempt(record, { gap_ms: -86_400_000 }));
  await record.seal({ ...succeeded, duration_ms: Number.NaN });
  const { manifest, problems } = await readManifest(layout.manifestPath);
  expect(problems).toEqual([]);
  expect(manifest).toMatchObject({ active_seconds: 0, gap_seconds: 0, duration_ms: 0 });
  expect((await readJournal(layout.journalPath)).damaged).toEqual([]);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact' });
});

test('a snapshot that knows more than the journal makes the loss known', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const record = await openRunRecord(sampleStart(layout), { snapshotIntervalMs: 0 });
  record.append(stageStarted(1));
  await record.checkpoint();
  await record.close();
  const journal = readFileSync(layout.journalPath, 'utf8');
  writeFileSync(layout.journalPath, journal.slice(0, journal.indexOf('\n') + 1));
  const reopened = await reopenRunRecord(layout);
  expect(reopened.repair).toEqual({ tornBytes: 0, tornPath: null, lostLines: 1 });
  await reopened.record.close();
});

test('moves that a crash has left undone are made, and files of the new attempt stay', async () => {
  await using rig = await createRig();
  const { layout, inRun } = pathsOf(rig);
  const first = await openRunRecord(sampleStart(layout, 1));
  await rig.write({ [layout.relative(inRun('commands/a.log'))]: 'old' });
  await first.seal({ ...succeeded, status: 'failed' });
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) =>
    operation === 'rename' && String(args[1]).includes('attempts')
      ? { kind: 'error', code: 'EIO' }
      : undefined,
  );
  const moved = [
    { from: 'commands/a.log', to: 'attempts/1/commands/a.log' },
    { from: 'errors/a.json', to: 'attempts/1/errors/a.json' },
  ];
  const second = await reopenRunRecord(layout, { fs });
  await expect(
    second.record.beginAttempt(nextAttempt(second.record, { moved })),
  ).rejects.toMatchObject({ code: 'EIO' });
  await second.record.close();
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact' });

  const third = await reopenRunRecord(layout);
  expect(readFileSync(inRun('attempts/1/commands/a.log'), 'utf8')).toBe('old');
  third.record.append(stageStarted(1));
  await rig.write({
    [layout.relative(inRun('commands/a.log'))]: 'new',
    [layout.relative(inRun('errors/a.json'))]: '{}',
  });
  await third.record.close();
  await (await reopenRunRecord(layout)).record.close();
  expect(readFileSync(inRun('commands/a.log'), 'utf8')).toBe('new');
  expect(readFileSync(inRun('errors/a.json'), 'utf8')).toBe('{}');
});

test('a move that leads out of the folder of the run is refused', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const first = await openRunRecord(sampleStart(layout, 1));
  await first.seal({ ...succeeded, status: 'failed' });
  await rig.write({ mine: 'x' });
  for (const [from, to] of [
    ['../../../../mine', 'attempts/1/mine'],
    ['commands', '../../../../taken'],
    ['.', 'attempts/1/all'],
  ] as const) {
    const { record } = await reopenRunRecord(layout);
    const attempt = nextAttempt(record, { moved: [{ from, to }] });
    await expect(record.beginAttempt(attempt)).rejects.toMatchObject({ code: 'PATH_ESCAPES_ROOT' });
    await record.close();
    await expect(reopenRunRecord(layout)).rejects.toMatchObject({ code: 'PATH_ESCAPES_ROOT' });
    const journal = readFileSync(layout.journalPath, 'utf8').split('\n');
    writeFileSync(layout.journalPath, `${journal.slice(0, 2).join('\n')}\n`);
  }
  expect(readdirSync(rig.root).sort()).toEqual(['.runs', 'mine']);
});

test('a damaged line in the middle is named, and nothing is changed', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const clock = createManualClock();
  await leaveDeadRun(layout, { ...ports, clock });
  const journal = readFileSync(layout.journalPath, 'utf8').replace(
    '"type":"stage.started"',
    '"type":"stage.skipped"',
  );
  writeFileSync(layout.journalPath, journal);
  const before = readdirSync(layout.runDir);
  await expect(reopenRunRecord(layout)).rejects.toMatchObject({
    code: 'JOURNAL_DAMAGED',
    message: expect.stringContaining('Line 2 of') as string,
    path: layout.journalPath,
  });
  expect(readFileSync(layout.journalPath, 'utf8')).toBe(journal);
  expect(readdirSync(layout.runDir)).toEqual(before);
});

test('without a manifest, or with a damaged one, the journal is enough', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const clock = createManualClock();
  await leaveDeadRun(layout, { ...ports, clock });
  writeFileSync(layout.manifestPath, '{"half');
  await continueRun(layout, { ...ports, clock });
  expect((await readManifest(layout.manifestPath)).manifest.status).toBe('succeeded');
});

test('a run without a journal, and one that leads elsewhere, are not opened', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  await expect(reopenRunRecord(layout)).rejects.toMatchObject({ code: 'JOURNAL_UNREADABLE' });
  const clock = createManualClock();
  await leaveDeadRun(layout, { ...ports, clock });
  const outside = sampleLayout(rig.path('repo'));
  await mkdir(outside.taskRunsDir, { recursive: true });
  await symlink(layout.runDir, outside.runDir);
  await expect(reopenRunRecord(outside)).rejects.toMatchObject({ code: 'PATH_ESCAPES_ROOT' });
});

test('what a failed write has left is cut off before the next line', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  let failing = false;
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) => {
    if (!failing) return undefined;
    if (operation === 'write') return { kind: 'short', bytes: 20 };
    return operation === 'ftruncate' ? { kind: 'error', code: 'EIO' } : undefined;
  });
  const record = await openRunRecord(sampleStart(layout), { fs });
  failing = true;
  expect(() => record.append(stageStarted(1))).toThrow(
    expect.objectContaining({ code: 'JOURNAL_WRITE_FAILED' }),
  );
  failing = false;
  expect((await readJournal(layout.journalPath)).tornTail).toMatchObject({ byteLength: 20 });
  record.append(stageStarted(1));
  await record.seal(succeeded);
  expect(await readJournal(layout.journalPath)).toMatchObject({
    abandoned: [],
    damaged: [],
    lines: 3,
  });
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact' });
});

test('the token lies in a file of its owner alone, and nowhere else', async () => {
  await using rig = await createRig();
  const { layout } = pathsOf(rig);
  const record = await openRunRecord(sampleStart(layout));
  await record.seal(succeeded);
  const token = await readFile(layout.resumeTokenPath, 'utf8');
  expect(token).toMatch(/^[0-9a-f]{64}\n$/);
  if (process.platform !== 'win32')
    expect(statSync(layout.resumeTokenPath).mode & 0o777).toBe(0o600);
  for (const path of [layout.manifestPath, layout.journalPath]) {
    expect(await readFile(path, 'utf8')).not.toContain(token.trim());
  }
  expect(checkResumeToken(layout.resumeTokenPath, token.trim())).toBe(true);
  const wrong = token.trim().replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const given of ['', wrong, token.slice(0, 63), `${token.trim()}0`]) {
    expect(checkResumeToken(layout.resumeTokenPath, given)).toBe(false);
  }
  await appendFile(layout.resumeTokenPath, 'x');
  expect(checkResumeToken(layout.resumeTokenPath, token)).toBe(false);
  await rename(layout.resumeTokenPath, `${layout.resumeTokenPath}.gone`);
  expect(checkResumeToken(layout.resumeTokenPath, '')).toBe(false);
});
