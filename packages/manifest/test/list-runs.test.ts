import { mkdir, symlink } from 'node:fs/promises';

import { nodeFileSystem, parseTaskId } from '@codex-orchestrator/core';
import { createRig, faultyFileSystem } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { findRun, listRuns, openRunRecord } from '../src/index.js';
import { runIdOf, sampleLayout, sampleStart, succeeded } from './sample-run.js';

function runId(second: number) {
  return runIdOf(`2026-01-06T06-53-${String(second).padStart(2, '0')}-000Z-c285a360`);
}

async function leaveRuns(rig: Rig, task: string, seconds: readonly number[]): Promise<void> {
  for (const second of seconds) {
    const layout = sampleLayout(rig.root, runId(second), task);
    const record = await openRunRecord(sampleStart(layout));
    await record.seal(succeeded);
  }
}

test('runs of all tasks come newest first', async () => {
  await using rig = await createRig();
  await leaveRuns(rig, 'alpha', [10, 30]);
  await leaveRuns(rig, 'beta', [20, 40]);
  const { runs, unreadable } = await listRuns({ root: rig.root });
  expect(runs.map(({ layout }) => [layout.taskId, layout.runId])).toEqual([
    ['beta', runId(40)],
    ['alpha', runId(30)],
    ['beta', runId(20)],
    ['alpha', runId(10)],
  ]);
  expect(unreadable).toEqual([]);
});

test('one task can be asked for', async () => {
  await using rig = await createRig();
  await leaveRuns(rig, 'alpha', [10]);
  await leaveRuns(rig, 'beta', [20]);
  const location = { root: rig.root, taskId: parseTaskId('alpha') };
  expect((await listRuns(location)).runs.map(({ layout }) => layout.taskId)).toEqual(['alpha']);
  expect((await findRun(runId(20), location)).run).toBeUndefined();
});

test('no more manifests are read than asked for', async () => {
  await using rig = await createRig();
  await leaveRuns(rig, 'alpha', [1, 2, 3, 4, 5, 6]);
  const { fs, calls } = faultyFileSystem(nodeFileSystem, () => undefined);
  const { runs } = await listRuns({ root: rig.root }, { limit: 2, fs });
  expect(runs).toHaveLength(2);
  expect(calls.filter(({ operation }) => operation === 'open')).toHaveLength(2);
});

test('a run that cannot be read is named and hides no other', async () => {
  await using rig = await createRig();
  await leaveRuns(rig, 'alpha', [10, 20]);
  const broken = sampleLayout(rig.root, runId(30), 'alpha');
  const empty = sampleLayout(rig.root, runId(40), 'alpha');
  await rig.write({ [broken.relative(broken.manifestPath)]: '{"half' });
  await mkdir(empty.runDir);

  const { runs, unreadable } = await listRuns({ root: rig.root }, { limit: 1 });

  expect(runs.map(({ layout }) => layout.runId)).toEqual([runId(20)]);
  expect(unreadable).toMatchObject([
    {
      runId: runId(40),
      taskId: 'alpha',
      path: empty.runDir,
      error: { code: 'MANIFEST_NOT_FOUND' },
    },
    { runId: runId(30), error: { code: 'MANIFEST_DAMAGED' } },
  ]);
  const latest = await findRun('latest', { root: rig.root });
  expect(latest.run?.layout.runId).toBe(runId(20));
  expect(latest.unreadable).toHaveLength(2);
});

test('what is no run is passed over: locks, pointers, records whose opening was cut short', async () => {
  await using rig = await createRig();
  await leaveRuns(rig, 'alpha', [10]);
  await rig.write({
    '.runs/alpha.lock': '',
    '.runs/alpha/metrics.json': '{}\n',
    '.runs/alpha/cli/notes/manifest.json': '{}\n',
    [`.runs/alpha/cli/.${runId(20)}.1-0123456789abcdef.opening/manifest.json`]: '{}\n',
    '.runs/local-mcp/x/manifest.json': '{}\n',
  });
  const { runs, unreadable } = await listRuns({ root: rig.root });
  expect(runs).toHaveLength(1);
  expect(unreadable).toEqual([]);
});

test('a run folder that leads elsewhere is not followed', async () => {
  await using rig = await createRig();
  await leaveRuns(rig, 'alpha', [10]);
  const outside = sampleLayout(rig.path('outside'), runId(20), 'alpha');
  await mkdir(rig.path('outside'));
  await (await openRunRecord(sampleStart(outside))).seal(succeeded);
  await symlink(outside.runDir, sampleLayout(rig.root, runId(20), 'alpha').runDir);

  const { runs, unreadable } = await listRuns({ root: rig.root });

  expect(runs.map(({ layout }) => layout.runId)).toEqual([runId(10)]);
  expect(unreadable).toMatchObject([{ runId: runId(20), error: { code: 'PATH_ESCAPES_ROOT' } }]);
});

test('a task that cannot be listed is named and hides no other', async () => {
  await using rig = await createRig();
  await leaveRuns(rig, 'alpha', [10]);
  await leaveRuns(rig, 'beta', [20]);
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation, args }) =>
    operation === 'readdir' && String(args[0]).includes('beta')
      ? { kind: 'error', code: 'EACCES' }
      : undefined,
  );
  const { runs, unreadable } = await listRuns({ root: rig.root }, { fs });
  expect(runs.map(({ layout }) => layout.taskId)).toEqual(['alpha']);
  expect(unreadable).toMatchObject([{ taskId: 'beta', runId: undefined }]);
});

test('a run is found in whichever task it lies', async () => {
  await using rig = await createRig();
  await leaveRuns(rig, 'alpha', [10]);
  await leaveRuns(rig, 'beta', [20]);
  const { run } = await findRun(runId(20), { root: rig.root });
  expect(run?.layout.taskId).toBe('beta');
  expect(run?.manifest.run_id).toBe(runId(20));
});

test('a run that is there but cannot be read is told from one that is not there', async () => {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root, runId(10));
  await rig.write({ [layout.relative(layout.manifestPath)]: 'x' });
  expect(await findRun(runId(10), { root: rig.root })).toMatchObject({
    run: undefined,
    unreadable: [{ runId: runId(10) }],
  });
  expect(await findRun(runId(20), { root: rig.root })).toEqual({ run: undefined, unreadable: [] });
});

test('a repository without runs has none; runs that cannot be listed are an error', async () => {
  await using rig = await createRig();
  expect(await listRuns({ root: rig.root })).toEqual({ runs: [], unreadable: [] });
  const { fs } = faultyFileSystem(nodeFileSystem, ({ operation }) =>
    operation === 'readdir' ? { kind: 'error', code: 'EACCES' } : undefined,
  );
  await expect(listRuns({ root: rig.root }, { fs })).rejects.toMatchObject({
    code: 'RUNS_UNREADABLE',
  });
});
