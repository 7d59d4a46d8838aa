import { readFile } from 'node:fs/promises';

import { nodeFileSystem } from '@codex-orchestrator/core';
import type { ProcessLiveness, RunId } from '@codex-orchestrator/core';
import {
  listUnsealedRuns,
  readJournal,
  readManifest,
  verifyRun,
} from '@codex-orchestrator/manifest';
import type { RunHistory, RunLayout } from '@codex-orchestrator/manifest';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { recoverRun, resumePipeline } from '../src/index.js';
import type { ResumeOptions } from '../src/index.js';
import { dead, deadPlan, deadRunId, leaveDeadRun } from './dead-run.js';
import { countedIn, fileHistory } from './file-history.js';
import { baseOptions, command, createRunRig, pipeline, planFirst, subpipeline } from './run-rig.js';

const passing = [pipeline('p', command('a', 'true'))];
const failing = [pipeline('p', command('a', 'test -e allowed'))];

const refusing: RunHistory = {
  add: () => Promise.reject(new Error('no room')),
  has: () => Promise.reject(new Error('no room')),
};

function historyIn(rig: Rig): RunHistory {
  return fileHistory(rig.path('history'), nodeFileSystem);
}

function counted(rig: Rig): string[] {
  return countedIn(rig.path('history'), nodeFileSystem);
}

async function stateOf(layout: RunLayout) {
  const { manifest } = await readManifest(layout.manifestPath);
  const { events } = await readJournal(layout.journalPath);
  const { layouts } = await listUnsealedRuns(layout);
  return {
    status: manifest.status,
    isCounted: manifest.metrics_recorded,
    lines: events.filter(({ type }) => type === 'run.recorded').length,
    isMarked: layouts.some(({ runId }) => runId === layout.runId),
  };
}

const done = { isCounted: true, lines: 1, isMarked: false };

function resumeOptions(rig: Rig, runId: string, more: Partial<ResumeOptions> = {}): ResumeOptions {
  return {
    ...baseOptions(rig.root),
    runId: runId as RunId,
    actor: 'tester',
    reason: 'again',
    ...more,
  };
}

test('a run is counted once, and so is each run of a subpipeline', async () => {
  await using rig = await createRunRig();
  const pipelines = [pipeline('p', subpipeline('sub', 'q')), pipeline('q', command('x', 'true'))];
  const outcome = await rig.run(pipelines, { history: historyIn(rig) });
  const [child] = outcome.manifest.child_runs;
  expect(counted(rig)).toEqual([`${child?.run_id ?? ''} 1`, `${outcome.layout.runId} 1`]);
  expect(outcome).toMatchObject({ manifest: { metrics_recorded: true }, problems: [] });
  expect(await stateOf(outcome.layout)).toMatchObject(done);
});

test('a history that fails changes no verdict; recovering makes up for it', async () => {
  await using rig = await createRunRig();
  const { status, layout, problems } = await rig.run(passing, { history: refusing });
  expect(status).toBe('succeeded');
  expect(problems).toMatchObject([{ code: 'HISTORY_FAILED' }]);
  const uncounted = { status: 'succeeded', isCounted: false, lines: 0, isMarked: true };
  expect(await stateOf(layout)).toEqual(uncounted);

  expect(await recoverRun(layout, { history: refusing })).toMatchObject({
    outcome: 'sealed',
    problems: [{ code: 'HISTORY_FAILED' }],
  });
  expect(await stateOf(layout)).toEqual(uncounted);

  const history = historyIn(rig);
  expect(await recoverRun(layout, { history })).toMatchObject({
    outcome: 'sealed',
    manifest: { status: 'succeeded', metrics_recorded: true },
    problems: [],
  });
  await recoverRun(layout, { history });
  expect(await stateOf(layout)).toMatchObject({ status: 'succeeded', ...done });
  expect(counted(rig)).toEqual([`${layout.runId} 1`]);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
});

test('a run that was sealed where nobody counted stays as it is', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(passing);
  const before = await readFile(layout.journalPath, 'utf8');
  const files = await rig.list();
  expect(await recoverRun(layout, { history: historyIn(rig) })).toMatchObject({
    outcome: 'sealed',
    manifest: { metrics_recorded: false },
  });
  expect(await readFile(layout.journalPath, 'utf8')).toBe(before);
  expect(await rig.list()).toEqual(files);
});

test('a dead run is counted as interrupted by one of those who recover it at once', async () => {
  await using rig = await createRunRig();
  const layout = await leaveDeadRun(rig);
  const statuses: string[] = [];
  const history = historyIn(rig);
  const add: RunHistory['add'] = async (end, cost) => {
    statuses.push(end.status);
    await history.add(end, cost);
  };
  const ports = { ...dead, history: { ...history, add }, endLeftovers: () => Promise.resolve([]) };
  const reports = await Promise.all([1, 2, 3].map(() => recoverRun(layout, ports)));
  expect(reports.filter(({ outcome }) => outcome === 'recovered')).toHaveLength(1);
  expect(statuses).toEqual(['interrupted']);
  expect(counted(rig)).toEqual([`${layout.runId} 1`]);
  expect(await stateOf(layout)).toMatchObject({ status: 'interrupted', ...done });
});

test('of those who make up for a failed counting at once, one counts', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(passing, { history: refusing });
  const history = historyIn(rig);
  await Promise.all([1, 2, 3].map(() => recoverRun(layout, { history })));
  expect(counted(rig)).toEqual([`${layout.runId} 1`]);
  expect(await stateOf(layout)).toMatchObject(done);
});

test('while an owner that lives has its run counted, nobody else counts or resumes it', async () => {
  await using rig = await createRunRig();
  const history = historyIn(rig);
  const seen: unknown[] = [];
  const add: RunHistory['add'] = async (end, cost) => {
    const layout = await layoutIn(rig);
    // It looks the same to all who ask: an end that only the journal tells of, by an owner that lives.
    const before = await readFile(layout.journalPath, 'utf8');
    const alive = { history, liveness: (): ProcessLiveness => 'alive' };
    seen.push((await recoverRun(layout, alive)).outcome);
    const silent = { history, liveness: (): ProcessLiveness => 'unknown' };
    seen.push((await recoverRun(layout, silent)).outcome);
    const resuming = resumePipeline(planFirst(failing), resumeOptions(rig, end.run_id, alive));
    seen.push(await resuming.catch((error: unknown) => (error as { code?: string }).code));
    expect(await readFile(layout.journalPath, 'utf8')).toBe(before);
    await history.add(end, cost);
  };
  const { layout } = await rig.run(failing, { history: { ...history, add } });
  expect(seen).toEqual(['alive', 'alive', 'RUN_ALIVE']);
  expect(counted(rig)).toEqual([`${layout.runId} 1`]);
  expect(await stateOf(layout)).toMatchObject(done);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
});

async function layoutIn({ root }: Rig): Promise<RunLayout> {
  const [layout] = (await listUnsealedRuns({ root })).layouts;
  if (!layout) throw new Error('no run');
  return layout;
}

test('what an owner died over while it had its run counted is completed, counted or not', async () => {
  for (const hasCounted of [false, true]) {
    await using rig = await createRunRig();
    const history = historyIn(rig);
    let isDead = (): void => undefined;
    const death = new Promise<void>((resolve) => (isDead = resolve));
    const add: RunHistory['add'] = async (end, cost) => {
      if (hasCounted) await history.add(end, cost);
      isDead();
      // A process that was killed says nothing more.
      await new Promise(() => undefined);
    };
    void rig.run(passing, { history: { ...history, add } });
    await death;
    const layout = await layoutIn(rig);
    expect(await recoverRun(layout, { ...dead, history })).toMatchObject({ outcome: 'sealed' });
    expect(counted(rig)).toEqual([`${layout.runId} 1`]);
    expect(await stateOf(layout)).toMatchObject({ status: 'succeeded', ...done });
    expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
  }
});

test('before a further attempt begins, the one before it is counted', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(failing, { history: refusing });
  await rig.write({ allowed: '' });
  const history = historyIn(rig);
  const outcome = await resumePipeline(
    planFirst(failing),
    resumeOptions(rig, layout.runId, { history }),
  );
  expect(outcome).toMatchObject({ status: 'succeeded', manifest: { attempt: 2 }, problems: [] });
  expect(counted(rig)).toEqual([`${layout.runId} 1`, `${layout.runId} 2`]);
  expect(await stateOf(layout)).toMatchObject({ ...done, lines: 2 });
});

test('a history that fails keeps nobody from resuming, and is told of', async () => {
  await using rig = await createRunRig();
  await leaveDeadRun(rig);
  const options = { ...dead, history: refusing, endLeftovers: () => Promise.resolve([]) };
  const outcome = await resumePipeline(deadPlan, resumeOptions(rig, deadRunId, options));
  expect(outcome.status).toBe('succeeded');
  expect(outcome.problems.map((problem) => (problem as Error).message)).toEqual([
    `Attempt 1 of the run '${deadRunId}' is not counted: no room`,
    `Attempt 2 of the run '${deadRunId}' is not counted: no room`,
  ]);
});
