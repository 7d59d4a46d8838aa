import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { nodeFileSystem, parseTaskId } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { FaultyCall, Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import {
  findRun,
  listRuns,
  listUnsealedRuns,
  openRunRecord,
  reopenRunRecord,
  sweepDrafts,
} from '../src/index.js';
import type { RunLayout, RunRecord } from '../src/index.js';
import { nextAttempt, runIdOf, sampleLayout, sampleStart, succeeded } from './sample-run.js';

function layoutAt(rig: Rig, second: number, task = 'demo'): RunLayout {
  const runId = runIdOf(`2026-01-06T06-53-${String(second).padStart(2, '0')}-000Z-c285a360`);
  return sampleLayout(rig.root, runId, task);
}

function open(layout: RunLayout): Promise<RunRecord> {
  return openRunRecord(sampleStart(layout));
}

async function unsealed(rig: Rig): Promise<string[]> {
  const { layouts } = await listUnsealedRuns({ root: rig.root });
  return layouts.map(({ runId }) => runId);
}

test('runs that nobody has sealed are found, whether they go on or not, and no others', async () => {
  await using rig = await createRig();
  const [sealed, alive, dead] = [layoutAt(rig, 1), layoutAt(rig, 2, 'beta'), layoutAt(rig, 3)];
  await (await open(sealed)).seal(succeeded);
  await using record = await open(alive);
  await (await open(dead)).close();

  expect((await unsealed(rig)).sort()).toEqual([alive.runId, dead.runId]);
  const taskId = parseTaskId('beta');
  const { layouts } = await listUnsealedRuns({ root: rig.root, taskId });
  expect(layouts.map(({ runDir }) => runDir)).toEqual([record.layout.runDir]);
  expect((await listRuns({ root: rig.root })).runs).toHaveLength(3);
});

test('finding them costs as much as there are, however long the history is', async () => {
  await using rig = await createRig();
  const cost = async (): Promise<number> => {
    const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
    await listUnsealedRuns({ root: rig.root }, { fs });
    return calls.length;
  };
  await (await open(layoutAt(rig, 1))).close();
  const before = await cost();
  for (let second = 2; second < 12; second++)
    await (await open(layoutAt(rig, second))).seal(succeeded);
  expect(await cost()).toBe(before);
  expect(before).toBe(3);
});

test('a marker costs three calls per run where its folder is there, one more for its way', async () => {
  await using rig = await createRig();
  await (await open(layoutAt(rig, 1))).seal(succeeded);
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const record = await openRunRecord(sampleStart(layoutAt(rig, 2)), { fs });
  await record.seal(succeeded);
  const about = (call: FaultyCall, at: number): boolean =>
    String(call.args[0]).includes('.active') ||
    (call.operation === 'close' && String(calls[at - 1]?.args[0]).includes('.active'));
  const operations = calls.filter(about).map(({ operation }) => operation);
  expect(operations).toEqual(['realpath', 'open', 'close', 'unlink']);
});

test('a run that is gone on with is unsealed again until its next end', async () => {
  await using rig = await createRig();
  const layout = layoutAt(rig, 1);
  await (await open(layout)).seal({ ...succeeded, status: 'failed' });
  expect(await unsealed(rig)).toEqual([]);
  const { record } = await reopenRunRecord(layout);
  await record.beginAttempt(nextAttempt(record));
  expect(await unsealed(rig)).toEqual([layout.runId]);
  await record.seal(succeeded);
  expect(await unsealed(rig)).toEqual([]);
});

test('an attempt that is not allowed to begin leaves no marker', async () => {
  await using rig = await createRig();
  const layout = layoutAt(rig, 1);
  await (await open(layout)).seal(succeeded);
  const { record } = await reopenRunRecord(layout);
  await expect(record.beginAttempt(nextAttempt(record))).rejects.toMatchObject({
    code: 'EVENT_OUT_OF_ORDER',
  });
  await record.close();
  expect(await unsealed(rig)).toEqual([]);
});

test('markers that cannot be listed are named and hide no others', async () => {
  await using rig = await createRig();
  await (await open(layoutAt(rig, 1, 'alpha'))).close();
  await (await open(layoutAt(rig, 2, 'beta'))).close();
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) =>
    operation === 'readdir' && String(args[0]).includes('alpha')
      ? { kind: 'error', code: 'EACCES' }
      : undefined,
  );
  const { layouts, unreadable } = await listUnsealedRuns({ root: rig.root }, { fs });
  expect(layouts.map(({ taskId }) => taskId)).toEqual(['beta']);
  expect(unreadable).toMatchObject([{ taskId: 'alpha', error: { code: 'EACCES' } }]);
});

test('a folder of markers that leads elsewhere is refused, and nothing is left', async () => {
  await using rig = await createRig();
  const layout = layoutAt(rig, 1);
  await mkdir(rig.path('elsewhere'));
  await mkdir(layout.taskRunsDir, { recursive: true });
  await symlink(rig.path('elsewhere'), layout.activeDir);
  await expect(open(layout)).rejects.toMatchObject({ code: 'PATH_ESCAPES_ROOT' });
  expect(readdirSync(rig.path('elsewhere'))).toEqual([]);
  expect(readdirSync(layout.taskRunsDir)).toEqual(['.active']);
});

test('markers, locks and drafts disturb nobody who looks for runs', async () => {
  await using rig = await createRig();
  const layout = layoutAt(rig, 1);
  await (await open(layout)).close();
  await writeFile(layout.lockPath, '');
  await mkdir(join(layout.taskRunsDir, `.${layout.runId}.1-0123456789abcdef.opening`));
  const { runs, unreadable } = await listRuns({ root: rig.root });
  expect({ runs: runs.length, unreadable }).toEqual({ runs: 1, unreadable: [] });
  const found = await findRun('latest', { root: rig.root });
  expect(found).toMatchObject({ run: { layout: { runId: layout.runId } }, unreadable: [] });
});

/** What a process leaves that dies at a system call of opening. */
async function dieWhileOpening(layout: RunLayout, at: number): Promise<number> {
  let nth = 0;
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () =>
    ++nth >= at ? { kind: 'error', code: 'EIO' } : undefined,
  );
  const opening = openRunRecord(sampleStart(layout), { fs });
  await opening.then((record) => record.close()).catch(() => undefined);
  return calls.length;
}

test('what a killed opening leaves is swept once its owner is dead or an hour has passed', async () => {
  await using rig = await createRig();
  const layout = layoutAt(rig, 1);
  const total = await dieWhileOpening(layout, Infinity);
  await rm(rig.path('.runs'), { recursive: true });
  for (let at = 1; at <= total; at++) {
    await dieWhileOpening(layout, at);
    const there = (): string[] => listed(layout).filter((name) => name !== '.active');
    const before = there();
    expect(await sweepDrafts(layout, { liveness: () => 'alive' })).toEqual(
      before.some((name) => name.endsWith('.opening')) ? [] : expect.any(Array),
    );
    expect(there(), `died at call ${at}`).toEqual(before);

    for (const name of before) await utimes(join(layout.taskRunsDir, name), 1, 1);
    await sweepDrafts(layout, { liveness: () => 'dead' });
    const after = there();
    expect(after, `died at call ${at}`).toEqual(before.filter((name) => name === layout.runId));
    expect(await unsealed(rig)).toEqual(after);
    expect(listed(layout, '.active')).toEqual(after);
    await rm(rig.path('.runs'), { recursive: true, force: true });
  }
});

function listed({ taskRunsDir }: RunLayout, folder = '.'): string[] {
  try {
    return readdirSync(join(taskRunsDir, folder)).sort();
  } catch {
    return [];
  }
}

test('a draft without a journal goes with the process in its name, and not before', async () => {
  await using rig = await createRig();
  const layout = layoutAt(rig, 1);
  const { pid } = spawnSync('true');
  const draft = (owner: number): string =>
    join(layout.taskRunsDir, `.${layout.runId}.${owner}-0123456789abcdef.opening`);
  await mkdir(join(draft(pid), 'commands'), { recursive: true });
  await mkdir(draft(process.ppid));
  expect(await sweepDrafts(layout)).toEqual([draft(pid)]);
  expect(listed(layout)).toEqual([basename(draft(process.ppid))]);
});

test('a draft that no opening made, or that holds more than one makes, stays', async () => {
  await using rig = await createRig();
  const layout = layoutAt(rig, 1);
  const draft = (suffix: string): string =>
    join(layout.taskRunsDir, `.${layout.runId}.${suffix}.opening`);
  await rig.write({
    'elsewhere/manifest.json': '{}',
    [`${layout.relative(draft('1-0123456789abcdef'))}/mine.txt`]: 'x',
    [`${layout.relative(draft('other'))}/manifest.json`]: '{}',
  });
  await symlink(rig.path('elsewhere'), draft('1-0000000000000000'));
  await utimes(draft('1-0123456789abcdef'), 1, 1);
  expect(await sweepDrafts(layout, { liveness: () => 'dead' })).toEqual([]);
  expect(await rig.list()).toHaveLength(4);
});
