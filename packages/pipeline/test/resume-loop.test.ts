import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';

import { createRunId, parseTaskId } from '@codex-orchestrator/core';
import { createRunLayout, readJournal, verifyRun } from '@codex-orchestrator/manifest';
import type { RunEvent, RunLayout } from '@codex-orchestrator/manifest';
import { bundleChildProgram } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { loopHistoryOf, recoverRun, resumePipeline } from '../src/index.js';
import type { LoopHistory, ResumeOptions, RunLoop, RunOutcome } from '../src/index.js';
import { fakeLoop } from './fake-loop.js';
import type { FakeLoop } from './fake-loop.js';
import {
  baseOptions,
  command,
  createRunRig,
  isAlive,
  pipeline,
  planFirst,
  waitUntil,
} from './run-rig.js';
import type { RunRig } from './run-rig.js';

const config = [
  pipeline('p', command('first', 'echo done'), { kind: 'rlm', id: 'loop', goal: 'reach it' }),
];
const failed: FakeLoop['end'] = { status: 'failed', exitCode: 3, verdict: 'max_iterations' };

interface Resuming {
  readonly layout: RunLayout;
  readonly fake?: FakeLoop;
  readonly more?: Partial<ResumeOptions>;
}

/** Resumes a run; returns what its loop was given, too. */
async function resume(rig: RunRig, { layout, fake = {}, more = {} }: Resuming) {
  let history: LoopHistory | undefined;
  const runLoop: RunLoop = fakeLoop({ ...fake, onStart: (stage) => (history = stage.history) });
  const outcome = await resumePipeline(planFirst(config), {
    ...baseOptions(rig.root),
    runId: layout.runId,
    actor: 'test',
    reason: 'again',
    runLoop,
    ...more,
  });
  return { outcome, history };
}

async function eventsOf({ journalPath }: RunLayout): Promise<readonly RunEvent[]> {
  return (await readJournal(journalPath)).events;
}

async function expectIntact(layout: RunLayout): Promise<void> {
  const intact = { verdict: 'intact', sealed: true, findings: [], remarks: [] };
  expect(await verifyRun(layout)).toMatchObject(intact);
}

function pathsOf({ manifest }: Pick<RunOutcome, 'manifest'>): string[] {
  const paths = manifest.artifacts.map(({ path }) => path);
  return paths.filter((path) => path.includes('rlm/')).sort();
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

test('a loop that is killed in mid-iteration goes on with the iterations that are recorded', async () => {
  await using rig = await createRunRig();
  await using looping = await bundleChildProgram(
    new URL('fixtures/looping-run.ts', import.meta.url),
  );
  const runId = createRunId();
  const layout = createRunLayout({ root: rig.root, taskId: parseTaskId('task'), runId });
  const child = spawn(process.execPath, [looping.path, rig.root, runId], { stdio: 'inherit' });
  const agentLog = `${layout.runDir}/rlm/iterations/2/agent.log`;
  // What it printed is in the log some time after it was printed.
  await waitUntil(() => hasContent(rig.path('child.pid')) && hasContent(agentLog));
  child.kill('SIGKILL');
  await once(child, 'close');

  const report = await recoverRun(layout, { graceMs: 1000 });
  expect(report).toMatchObject({ outcome: 'recovered', manifest: { status: 'interrupted' } });
  expect(isAlive(Number(await rig.read('child.pid')))).toBe(false);
  expect(report.manifest.commands[1]).toMatchObject({ kind: 'rlm', status: 'interrupted' });
  const end = (await eventsOf(layout)).findLast(({ type }) => type === 'stage.finished');
  expect(end).toMatchObject({ id: 'loop', outcome: 'interrupted', loop: null });
  expect(pathsOf(report)).toEqual([
    'rlm/iterations/1/agent.log',
    'rlm/iterations/1/prompt.md',
    'rlm/iterations/2/agent.log',
    'rlm/iterations/2/prompt.md',
    'rlm/state.json',
  ]);
  await expectIntact(layout);

  const { outcome, history } = await resume(rig, { layout, fake: { until: 3 } });
  expect(outcome.status).toBe('succeeded');
  expect(history).toEqual({
    settings: { goal: 'reach it', until: 3 },
    iterations: [{ n: 1, exitCode: 0, said: 'turn 1' }],
  });
  const events = await eventsOf(layout);
  const resumed = events.find(({ type }) => type === 'run.resumed');
  expect(resumed).toMatchObject({
    kept: ['first'],
    moved: [
      'commands/02-loop.log',
      'rlm/state.json',
      'rlm/iterations/1/prompt.md',
      'rlm/iterations/2/agent.log',
      'rlm/iterations/2/prompt.md',
    ].map((from) => ({ from, to: `attempts/1/${from}` })),
  });
  const told = events.filter(({ type }) => type.startsWith('loop.'));
  expect(
    told.map((event) => ('n' in event ? event.n : 'continues' in event && event.continues)),
  ).toEqual([false, 1, true, 2, 3]);
  expect(await rig.read(layout.relative(agentLog))).toBe('turn 2\n');
  const half = layout.relative(`${layout.runDir}/attempts/1/rlm/iterations/2/agent.log`);
  expect(await rig.read(half)).toBe('half\n');
  await expectIntact(layout);
});

test('a loop that ended without success goes on with more to do, and again', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(config, { runLoop: fakeLoop({ until: 1, end: failed }) });
  const once = await resume(rig, { layout, fake: { until: 2, end: failed } });
  expect(once.history?.iterations).toHaveLength(1);
  const twice = await resume(rig, { layout, fake: { until: 4 } });
  // What it began with stays what it goes by.
  expect(twice.history?.settings).toEqual({ goal: 'reach it', until: 1 });
  expect(twice.history?.iterations.map(({ n }) => n)).toEqual([1, 2]);
  expect(twice.outcome.manifest.commands[1]).toMatchObject({
    status: 'succeeded',
    loop: { iterations: 4 },
  });
  expect(loopHistoryOf(await eventsOf(layout), 'loop')?.iterations).toHaveLength(4);
  await expectIntact(layout);
});

test.each(['retry-all', 'retry-failed'] as const)('%s begins a loop anew', async (mode) => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(config, { runLoop: fakeLoop({ end: failed }) });
  const { outcome, history } = await resume(rig, { layout, more: { mode } });
  expect(history).toBeUndefined();
  expect(pathsOf(outcome)).toEqual(
    ['attempts/1/', ''].flatMap((folder) => [
      `${folder}rlm/iterations/1/agent.log`,
      `${folder}rlm/iterations/1/prompt.md`,
      `${folder}rlm/iterations/2/agent.log`,
      `${folder}rlm/iterations/2/prompt.md`,
      `${folder}rlm/state.json`,
    ]),
  );
  const trace = loopHistoryOf(await eventsOf(layout), 'loop');
  expect(trace?.iterations.map(({ n }) => n)).toEqual([1, 2]);
  await expectIntact(layout);
});

test('a loop whose files a new beginning has moved away has no history, even if it did not begin', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(config, { runLoop: fakeLoop({ end: failed }) });
  const silent: RunLoop = () => Promise.reject(new Error('not today'));
  await resume(rig, { layout, more: { mode: 'retry-all', runLoop: silent } });
  expect(loopHistoryOf(await eventsOf(layout), 'loop')).toBeUndefined();
  const { outcome, history } = await resume(rig, { layout });
  expect(history).toBeUndefined();
  expect(outcome.status).toBe('succeeded');
  await expectIntact(layout);
});

test('a loop that has succeeded is kept with all its files', async () => {
  await using rig = await createRunRig();
  const stages = [pipeline('p', { kind: 'rlm', id: 'loop' }, command('b', 'test -e b'))];
  const { layout } = await rig.run(stages, { runLoop: fakeLoop() });
  await rig.write({ b: '' });
  const outcome = await resumePipeline(planFirst(stages), {
    ...baseOptions(rig.root),
    runId: layout.runId,
    actor: 'test',
    reason: 'again',
  });
  expect(outcome.status).toBe('succeeded');
  expect(outcome.manifest.commands[0]).toMatchObject({ loop: { iterations: 2 } });
  expect(pathsOf(outcome)).toHaveLength(5);
  expect(pathsOf(outcome).filter((path) => path.startsWith('attempts/'))).toEqual([]);
  await expectIntact(layout);
});

test('a loop that had succeeded and runs again for another reason begins anew', async () => {
  await using rig = await createRunRig();
  const stages = (line: string) => [
    pipeline('p', command('a', line), { kind: 'rlm', id: 'loop' }, command('b', 'false')),
  ];
  const { layout } = await rig.run(stages('true'), { runLoop: fakeLoop() });
  let history: LoopHistory | undefined;
  const outcome = await resumePipeline(planFirst(stages('echo changed')), {
    ...baseOptions(rig.root),
    runId: layout.runId,
    actor: 'test',
    reason: 'again',
    allowDrift: true,
    runLoop: fakeLoop({ onStart: (stage) => (history = stage.history) }),
  });
  expect(history).toBeUndefined();
  expect(pathsOf(outcome)).toHaveLength(10);
  await expectIntact(layout);
});
