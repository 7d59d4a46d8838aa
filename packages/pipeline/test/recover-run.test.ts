import { appendFile, readFile, writeFile } from 'node:fs/promises';

import { nodeFileSystem, tryAcquireLock } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { listRuns, readJournal, readManifest, verifyRun } from '@codex-orchestrator/manifest';
import type { Manifest, RunLayout } from '@codex-orchestrator/manifest';
import {
  createManualClock,
  createRig,
  faultyFileSystem,
  singleFaults,
} from '@codex-orchestrator/testing';
import type { Fault, FaultyCall, Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { recoverRun } from '../src/index.js';
import type { RecoverOptions } from '../src/index.js';
import { dead, leaveDeadRun } from './dead-run.js';
import { countedIn, fileHistory } from './file-history.js';
import { command, createRunRig, pipeline, subpipeline } from './run-rig.js';

async function manifestOf({ manifestPath }: RunLayout): Promise<Manifest> {
  return (await readManifest(manifestPath)).manifest;
}

async function eventsOf({ journalPath }: RunLayout) {
  return (await readJournal(journalPath)).events;
}

test('a dead run is sealed as interrupted, with what is known of it', async () => {
  await using rig = await createRig();
  const layout = await leaveDeadRun(rig);
  await writeFile(layout.stageLogPath(2, 'b'), 'half a li');
  const report = await recoverRun(layout, dead);
  expect(report).toMatchObject({
    outcome: 'recovered',
    status: { status: 'interrupted', reason: 'owner-dead' },
    repair: { tornBytes: 0, tornPath: null, lostLines: 0 },
    endedGroups: [],
    lastEvent: { type: 'stage.spawned' },
    lastStage: 'b',
  });
  const manifest = await manifestOf(layout);
  expect(manifest).toMatchObject({
    status: 'interrupted',
    status_detail: 'runner-died',
    attempt: 1,
    recoveries: [{ reason: 'owner-dead', last_seen_at: report.status.lastSeenAt }],
    commands: [
      { id: 'a', status: 'succeeded' },
      {
        id: 'b',
        status: 'interrupted',
        outcome: 'interrupted',
        duration_ms: null,
        log_bytes: 9,
        reason: 'runner-died',
      },
      { id: 'c', status: 'pending' },
    ],
  });
  expect(manifest.artifacts).toMatchObject([{ path: 'commands/02-b.log', bytes: 9 }]);
  expect(manifest.summary).toContain(`its last sign of life was at ${report.status.lastSeenAt}`);
  expect(manifest.summary).toContain("Its last event is 'stage.spawned' of stage 'b'");
  expect(manifest.summary).toContain("Stage 'b' was running since");
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
  expect(await rig.list('.runs/task/cli/.active')).toEqual([]);
});

test('a run that lives, has ended or is being recovered stays as it is', async () => {
  await using rig = await createRig();
  const layout = await leaveDeadRun(rig);
  const before = await readFile(layout.journalPath, 'utf8');
  expect(await recoverRun(layout)).toMatchObject({ outcome: 'alive' });
  const lock = await tryAcquireLock(layout.lockPath);
  if (!lock.ok) throw new Error('The lock is not free');
  expect(await recoverRun(layout, dead)).toMatchObject({ outcome: 'busy' });
  await lock.value.release();
  expect(await readFile(layout.journalPath, 'utf8')).toBe(before);

  await recoverRun(layout, dead);
  const after = await readFile(layout.journalPath, 'utf8');
  expect(await recoverRun(layout, dead)).toMatchObject({
    outcome: 'sealed',
    manifest: { status: 'interrupted' },
  });
  expect(await readFile(layout.journalPath, 'utf8')).toBe(after);
});

test('a run that is not there is not recovered, and nothing is made', async () => {
  await using rig = await createRig();
  await using other = await createRig();
  const layout = await leaveDeadRun(other);
  const missing = { ...layout, ...{ manifestPath: rig.path('m'), journalPath: rig.path('j') } };
  await expect(recoverRun(missing)).rejects.toMatchObject({ code: 'MANIFEST_NOT_FOUND' });
  expect(await rig.list()).toEqual([]);
});

test('what the run left running is ended before anything is written', async () => {
  await using rig = await createRig();
  const layout = await leaveDeadRun(rig);
  const before = await readFile(layout.journalPath, 'utf8');
  const endLeftovers: RecoverOptions['endLeftovers'] = async ({ groups, marker }) => {
    expect(await readFile(layout.journalPath, 'utf8')).toBe(before);
    expect(groups).toEqual([{ processGroup: 2_000_000_000, leaderStartedAt: '1' }]);
    expect(marker).toEqual({ name: 'CODEX_ORCHESTRATOR_RUN_DIR', value: layout.runDir });
    return [
      { processGroup: 7, pids: [7], outcome: 'killed' },
      { processGroup: 8, pids: [8], outcome: 'survived' },
    ];
  };
  const report = await recoverRun(layout, { ...dead, endLeftovers });
  const groups = [
    { process_group: 7, outcome: 'killed' },
    { process_group: 8, outcome: 'survived' },
  ];
  expect(report.endedGroups).toEqual(groups);
  expect(report.manifest.recoveries[0]?.ended_groups).toEqual(groups);
  expect(report.manifest.summary).toContain('that could not be ended: 1.');
});

test('a torn line is kept beside the journal and told of', async () => {
  await using rig = await createRig();
  const layout = await leaveDeadRun(rig);
  await appendFile(layout.journalPath, '{"v":1,"seq":6,"ty');
  const report = await recoverRun(layout, dead);
  expect(report.repair).toMatchObject({ tornBytes: 18 });
  expect(await rig.read(report.repair?.tornPath ?? '')).toBe('{"v":1,"seq":6,"ty');
  expect(report.manifest.summary).toContain('An unfinished line of the journal was moved');
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact' });
});

test('a damaged middle is named and left alone; what runs is ended all the same', async () => {
  await using rig = await createRig();
  const layout = await leaveDeadRun(rig);
  const text = await readFile(layout.journalPath, 'utf8');
  await writeFile(layout.journalPath, text.replace('"summary":"a"', '"summary":"b"'));
  const files = await rig.list();
  let ended = 0;
  const recovery = recoverRun(layout, {
    ...dead,
    endLeftovers: () => {
      ended++;
      return Promise.resolve([{ processGroup: 7, pids: [7], outcome: 'killed' }]);
    },
  });
  await expect(recovery).rejects.toMatchObject({
    code: 'JOURNAL_DAMAGED',
    message: expect.stringMatching(/line 3: .*were ended: 1$/) as string,
  });
  expect(ended).toBe(1);
  expect((await rig.list()).filter((path) => !path.includes('.lock'))).toEqual(files);
  expect((await manifestOf(layout)).status).toBe('in_progress');
});

test('a wall clock that was set back makes no negative duration', async () => {
  await using rig = await createRig();
  const layout = await leaveDeadRun(rig);
  const clock = createManualClock(0);
  const { manifest } = await recoverRun(layout, { ...dead, clock });
  expect(manifest.duration_ms).toBeGreaterThanOrEqual(0);
  expect(manifest.active_seconds).toBeGreaterThanOrEqual(0);
});

test('the newest output of a long log is named where it lies', async () => {
  await using rig = await createRig();
  const layout = await leaveDeadRun(rig);
  const log = layout.stageLogPath(2, 'b');
  await writeFile(log, 'start');
  await writeFile(`${log}.tail.previous`, 'later');
  await writeFile(`${log}.tail`, 'newest');
  const { manifest } = await recoverRun(layout, dead);
  expect(manifest.artifacts.map(({ path }) => path)).toEqual([
    'commands/02-b.log',
    'commands/02-b.log.tail',
    'commands/02-b.log.tail.previous',
  ]);
  expect(manifest.commands[1]?.log_bytes).toBe(5);
  expect(manifest.summary).toContain("in 'commands/02-b.log.tail'.");
});

test('temp files of killed writers are gone afterwards', async () => {
  await using rig = await createRig();
  const layout = await leaveDeadRun(rig);
  const temp = (name: string): string => `.${name}.2000000000-0123456789abcdef.atomic-tmp`;
  await rig.write({
    [layout.relative(`${layout.runDir}/${temp('manifest.json')}`)]: 'x',
    [layout.relative(`${layout.errorsDir}/${temp('02-b.json')}`)]: 'x',
    [layout.relative(`${layout.taskRunsDir}/${temp(`.${layout.runId}.lock`)}`)]: 'x',
  });
  await recoverRun(layout, dead);
  expect((await rig.list()).filter((path) => path.includes('atomic-tmp'))).toEqual([]);
});

test('the runs of subpipelines are recovered before the run that ran them', async () => {
  await using rig = await createRunRig();
  const order: string[] = [];
  const controller = new AbortController();
  // The journals of both end in the middle: every later write fails as if the process were gone.
  let died = false;
  const fs = dyingFileSystem(() => died);
  const run = rig.run(
    [pipeline('p', subpipeline('sub', 'q')), pipeline('q', command('x', 'echo up; sleep 1000'))],
    {
      fs,
      signal: controller.signal,
      graceMs: 0,
      observer: {
        onEvent: () => undefined,
        forSubpipeline: () => ({
          onEvent: () => undefined,
          onOutput: () => {
            died = true;
            controller.abort();
          },
        }),
      },
    },
  );
  await expect(run).rejects.toThrow();
  const { runs } = await listRuns({ root: rig.root });
  const [child, parent] = runs;
  if (!child || !parent) throw new Error('no runs');
  const [inner, outer] = parent.manifest.parent_run_id === null ? [child, parent] : [parent, child];
  expect(
    await recoverRun(outer.layout, {
      ...dead,
      endLeftovers: ({ marker }) => {
        order.push(marker?.value ?? '');
        return Promise.resolve([]);
      },
    }),
  ).toMatchObject({ outcome: 'recovered' });
  expect(order).toEqual([outer.layout.runDir, inner.layout.runDir]);
  for (const { layout } of runs) {
    expect(await manifestOf(layout)).toMatchObject({
      status: 'interrupted',
      commands: [{ status: 'interrupted' }],
    });
  }
});

function dyingFileSystem(isDead: () => boolean): FileSystem {
  return faultyFileSystem(nodeFileSystem, ({ operation }) =>
    isDead() && operation !== 'close' ? { kind: 'error', code: 'EIO' } : undefined,
  ).fs;
}

/** Recovers with planned faults, and then once more without. */
async function recoverTwice(plan: (call: FaultyCall, nth: number) => Fault | undefined) {
  const rig = await createRig();
  const layout = await leaveDeadRun(rig);
  await appendFile(layout.journalPath, '{"torn');
  await writeFile(layout.stageLogPath(2, 'b'), 'b');
  let nth = 0;
  const faulty = faultyFileSystem(nodeFileSystem, (call) => plan(call, ++nth));
  const options = { ...dead, endLeftovers: () => Promise.resolve([]) };
  const path = rig.path('history');
  const failing = { fs: faulty.fs, history: fileHistory(path, faulty.fs) };
  await recoverRun(layout, { ...options, ...failing }).catch(() => undefined);
  // A process that died holds no lock any more; this one would go on to live.
  nodeFileSystem.readdir(layout.taskRunsDir).forEach((name) => {
    if (name.startsWith(`.${layout.runId}.lock`))
      nodeFileSystem.unlink(`${layout.taskRunsDir}/${name}`);
  });
  await recoverRun(layout, { ...options, history: fileHistory(path, nodeFileSystem) });
  return { rig, layout, calls: faulty.calls, unclosed: faulty.unclosed() };
}

async function expectRecovered(rig: Rig, layout: RunLayout, name: string): Promise<void> {
  const manifest = await manifestOf(layout);
  expect(manifest, name).toMatchObject({
    status: 'interrupted',
    status_detail: 'runner-died',
    metrics_recorded: true,
    commands: [{ status: 'succeeded' }, { status: 'interrupted' }, { status: 'pending' }],
  });
  const events = await eventsOf(layout);
  expect(
    events.filter(({ type }) => type === 'run.finished'),
    name,
  ).toHaveLength(1);
  expect(
    events.filter(({ type }) => type === 'stage.finished'),
    name,
  ).toHaveLength(2);
  const spawned = events.find(({ type }) => type === 'stage.spawned');
  expect(countedIn(rig.path('history'), nodeFileSystem), name).toEqual([`${layout.runId} 1`]);
  const { recoveries } = manifest;
  // Whoever recovered before gave no sign of life of the run.
  expect(new Set(recoveries.map(({ last_seen_at }) => last_seen_at)).size, name).toBe(1);
  expect(Date.parse(recoveries[0]?.last_seen_at ?? '')).toBeGreaterThanOrEqual(
    Date.parse(spawned?.at ?? ''),
  );
  expect(await verifyRun(layout), name).toMatchObject({ verdict: 'intact', sealed: true });
  expect(await rig.list(layout.relative(layout.activeDir)), name).toEqual([]);
}

test('killed at any system call, a second recovery finishes the job', async () => {
  const { rig: first, calls } = await recoverTwice(() => undefined);
  await first[Symbol.asyncDispose]();
  for (let died = 1; died <= calls.length; died++) {
    const { rig: used, layout } = await recoverTwice((_, nth) =>
      nth >= died ? { kind: 'error', code: 'EIO' } : undefined,
    );
    await using rig = used;
    await expectRecovered(rig, layout, `died at call ${died}: ${calls[died - 1]?.operation ?? ''}`);
  }
}, 120_000);

test('a single fault anywhere costs nothing that a second recovery does not put right', async () => {
  const { rig: first, calls } = await recoverTwice(() => undefined);
  await first[Symbol.asyncDispose]();
  for (const fault of singleFaults(calls)) {
    // To whoever reads, nothing read is the end of the file.
    if (/^read .* moves 0 bytes$/.test(fault.title)) continue;
    const { rig: used, layout, unclosed } = await recoverTwice((call) => fault.plan(call));
    await using rig = used;
    await expectRecovered(rig, layout, fault.title);
    if (fault.operation !== 'open') expect(unclosed, fault.title).toEqual([]);
  }
}, 240_000);
