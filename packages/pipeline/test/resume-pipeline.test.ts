import { readFile, rm, writeFile } from 'node:fs/promises';

import { tryAcquireLock } from '@codex-orchestrator/core';
import type { RunId } from '@codex-orchestrator/core';
import { readJournal, verifyRun } from '@codex-orchestrator/manifest';
import type { Manifest } from '@codex-orchestrator/manifest';
import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { recoverRun, resumePipeline } from '../src/index.js';
import type { Plan, ResumeOptions, RunObserver, RunOutcome } from '../src/index.js';
import { dead, deadPlan, deadRunId, leaveDeadRun } from './dead-run.js';
import { plainRedactor } from './plain-redactor.js';
import {
  baseOptions,
  command,
  createRunRig,
  journalOf,
  pipeline,
  planFirst,
  subpipeline,
  verdicts,
} from './run-rig.js';

function resumeOptions(
  root: string,
  runId: string,
  more: Partial<ResumeOptions> = {},
): ResumeOptions {
  return {
    ...baseOptions(root),
    runId: runId as RunId,
    actor: 'tester',
    reason: 'again',
    ...more,
  };
}

/** What was asked and what came of it, as the record has it. */
function resumeEvents({ resume_events }: Manifest): (readonly [string, string | undefined])[] {
  return resume_events.map(({ outcome, detail }) => [outcome, detail?.split(':')[0]]);
}

const threeStages = [
  pipeline(
    'p',
    command('a', 'echo a >> ran'),
    command('b', 'echo b >> ran; cat allowed'),
    command('c', 'echo c >> ran'),
  ),
];

test('a failed run goes on where it failed, in the same record', async () => {
  await using rig = await createRunRig();
  const first = await rig.run(threeStages);
  expect(first.status).toBe('failed');
  await rig.write({ allowed: 'yes\n' });

  const outcome = await resumePipeline(
    planFirst(threeStages),
    resumeOptions(rig.root, first.layout.runId),
  );
  expect(outcome).toMatchObject({ status: 'succeeded', statusDetail: null, stop: undefined });
  expect(await rig.read('ran')).toBe('a\nb\nb\nc\n');
  expect(verdicts(outcome)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'succeeded' });
  const { manifest, layout } = outcome;
  expect(layout.runDir).toBe(first.layout.runDir);
  expect(manifest).toMatchObject({
    attempt: 2,
    status_detail: null,
    commands: [{ id: 'a' }, { id: 'b', error_file: null }, { id: 'c' }],
    resume_events: [{ actor: 'tester', reason: 'again', outcome: 'accepted' }],
  });
  // Neither the sentence of the failure nor its file is left to mislead.
  expect(manifest.summary ?? '').not.toContain('failed with exit code');
  expect(manifest.gap_seconds).toBeGreaterThanOrEqual(0);
  expect(manifest.active_seconds).toBeGreaterThan(first.manifest.active_seconds ?? 0);
  expect(await rig.list(layout.relative(layout.runDir))).toEqual(
    expect.arrayContaining(
      [
        'attempts/1/commands/02-b.log',
        'attempts/1/errors/02-b.json',
        'commands/01-a.log',
        'commands/02-b.log',
        'commands/03-c.log',
      ].map((path) => layout.relative(`${layout.runDir}/${path}`)),
    ) as string[],
  );
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
});

test('a dead run is recovered first and then gone on with', async () => {
  await using rig = await createRunRig();
  const layout = await leaveDeadRun(rig);
  await writeFile(layout.stageLogPath(2, 'b'), 'half');
  const outcome = await resumePipeline(deadPlan, resumeOptions(rig.root, deadRunId, dead));
  expect(verdicts(outcome)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'succeeded' });
  expect((await journalOf(outcome)).map(({ type }) => type).slice(5, 9)).toEqual([
    'run.recovered',
    'stage.finished',
    'run.finished',
    'run.resumed',
  ]);
  expect(await readFile(`${layout.runDir}/attempts/1/commands/02-b.log`, 'utf8')).toBe('half');
  expect(outcome.manifest.recoveries).toHaveLength(1);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
});

test('a run that lives is not resumed, and nothing is written into its record', async () => {
  await using rig = await createRunRig();
  const layout = await leaveDeadRun(rig);
  const before = await readFile(layout.journalPath, 'utf8');
  const resume = resumePipeline(deadPlan, resumeOptions(rig.root, deadRunId));
  await expect(resume).rejects.toMatchObject({ code: 'RUN_ALIVE' });
  expect(await readFile(layout.journalPath, 'utf8')).toBe(before);
});

test('a run that somebody else takes over is not resumed', async () => {
  await using rig = await createRunRig();
  const layout = await leaveDeadRun(rig);
  const lock = await tryAcquireLock(layout.lockPath);
  if (!lock.ok) throw new Error('The lock is not free');
  const resume = resumePipeline(deadPlan, resumeOptions(rig.root, deadRunId, dead));
  await expect(resume).rejects.toMatchObject({ code: 'RUN_BUSY' });
  await lock.value.release();
});

test('a run that is not there is not resumed, and nothing is made', async () => {
  await using rig = await createRunRig();
  const resume = resumePipeline(deadPlan, resumeOptions(rig.root, deadRunId));
  await expect(resume).rejects.toMatchObject({ code: 'MANIFEST_NOT_FOUND' });
  expect(await rig.list()).toEqual([]);
});

test('refusals are recorded, and change nothing else', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(threeStages);
  const refused = async (plan: Plan, code: string, more: Partial<ResumeOptions>): Promise<void> => {
    const resume = resumePipeline(plan, resumeOptions(rig.root, layout.runId, more));
    await expect(resume).rejects.toMatchObject({ code });
  };
  const drifted = planFirst([pipeline('p', command('a', 'true'), command('d', 'true'))]);
  await refused(planFirst(threeStages), 'RESUME_TOKEN_MISMATCH', { token: '0'.repeat(64) });
  await refused(drifted, 'PLAN_DRIFT', {});
  const report = await recoverRun(layout);
  expect(report.outcome).toBe('sealed');
  expect(report.manifest).toMatchObject({ status: 'failed', attempt: 1 });
  expect(resumeEvents(report.manifest)).toEqual([
    ['blocked', 'RESUME_TOKEN_MISMATCH'],
    ['blocked', 'PLAN_DRIFT'],
  ]);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });

  const token = await readFile(layout.resumeTokenPath, 'utf8');
  await rig.write({ allowed: '' });
  const outcome = await resumePipeline(
    planFirst(threeStages),
    resumeOptions(rig.root, layout.runId, { token }),
  );
  expect(outcome.status).toBe('succeeded');
  await refused(planFirst(threeStages), 'RUN_SUCCEEDED', {});
  const { manifest } = await recoverRun(layout);
  expect(manifest.status).toBe('succeeded');
  expect(resumeEvents(manifest).slice(2)).toEqual([
    ['accepted', 'token checked'],
    ['blocked', 'RUN_SUCCEEDED'],
  ]);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
});

test('drift is named, and taken where that is allowed', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(threeStages);
  const drifted = planFirst([pipeline('p', command('a', 'echo a >> ran'), command('d', 'true'))]);
  const options = resumeOptions(rig.root, layout.runId);
  const drift = ["Stage 'd' was added.", "Stage 'b' was removed.", "Stage 'c' was removed."];
  await expect(resumePipeline(drifted, options)).rejects.toMatchObject({
    code: 'PLAN_DRIFT',
    drift,
  });
  const outcome = await resumePipeline(drifted, { ...options, allowDrift: true });
  expect(verdicts(outcome)).toEqual({ a: 'succeeded', d: 'succeeded' });
  expect(await rig.read('ran')).toBe('a\nb\n');
  const resumed = (await journalOf(outcome)).find((event) => event.type === 'run.resumed');
  expect(resumed).toMatchObject({ attempt: 2, kept: ['a'], reset: [], drift });
});

test('inputs that changed make a stage run again, with what stands on it', async () => {
  await using rig = await createRunRig();
  await rig.write({ src: '1' });
  const plan = [
    pipeline(
      'p',
      command('build', 'echo build >> ran', { inputs: ['src'] }),
      command('test', 'echo test >> ran'),
      command('end', 'cat allowed'),
    ),
  ];
  const { layout } = await rig.run(plan);
  await resumePipeline(planFirst(plan), resumeOptions(rig.root, layout.runId));
  expect(await rig.read('ran')).toBe('build\ntest\n');
  await rig.write({ src: '2', allowed: '' });
  const outcome = await resumePipeline(planFirst(plan), resumeOptions(rig.root, layout.runId));
  expect(await rig.read('ran')).toBe('build\ntest\nbuild\ntest\n');
  expect(outcome).toMatchObject({ status: 'succeeded', manifest: { attempt: 3 } });
  expect(await rig.list(`${layout.relative(layout.runDir)}/attempts`)).toHaveLength(6);
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact', sealed: true });
});

test('failures that were allowed are retried where that is asked for, or everything is', async () => {
  await using rig = await createRunRig();
  const plan = [
    pipeline(
      'p',
      command('lint', 'echo lint >> ran; cat allowed', { allowFailure: true }),
      command('test', 'echo test >> ran'),
      command('end', 'exit 1'),
    ),
  ];
  const { layout } = await rig.run(plan);
  const options = resumeOptions(rig.root, layout.runId);
  await resumePipeline(planFirst(plan), options);
  expect(await rig.read('ran')).toBe('lint\ntest\n');
  await rig.write({ allowed: '' });
  const retried = await resumePipeline(planFirst(plan), { ...options, mode: 'retry-failed' });
  expect(await rig.read('ran')).toBe('lint\ntest\nlint\n');
  expect(verdicts(retried)).toEqual({ lint: 'succeeded', test: 'succeeded', end: 'failed' });
  await resumePipeline(planFirst(plan), { ...options, mode: 'retry-all' });
  expect(await rig.read('ran')).toBe('lint\ntest\nlint\nlint\ntest\n');
});

test('a run in which nothing is left to do succeeds at once', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const first = await rig.run([pipeline('p', command('a', 'echo a >> ran'))], {
    signal: controller.signal,
    observer: {
      onEvent: ({ type }) => {
        if (type === 'stage.finished') controller.abort('SIGTERM');
      },
    },
  });
  expect(first.status).toBe('cancelled');
  const outcome = await resumePipeline(
    planFirst([pipeline('p', command('a', 'echo a >> ran'))]),
    resumeOptions(rig.root, first.layout.runId),
  );
  expect(outcome.status).toBe('succeeded');
  expect(await rig.read('ran')).toBe('a\n');
});

test('a subpipeline that did not pass runs again as a run of its own', async () => {
  await using rig = await createRunRig();
  const plan = [
    pipeline('p', subpipeline('sub', 'q')),
    pipeline('q', command('x', 'echo x >> ran; cat allowed')),
  ];
  const first = await rig.run(plan);
  await rig.write({ allowed: '' });
  const outcome = await resumePipeline(
    planFirst(plan),
    resumeOptions(rig.root, first.layout.runId),
  );
  expect(outcome.status).toBe('succeeded');
  expect(outcome.manifest.child_runs.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
});

test('a further attempt redacts and observes as the first one did', async () => {
  await using rig = await createRunRig();
  const plan = [pipeline('p', command('a', 'echo hunter2; cat allowed'))];
  const redactor = plainRedactor('hunter2');
  const { layout } = await rig.run(plan, { redactor });
  await rig.write({ allowed: '' });
  const seen: string[] = [];
  const observer: RunObserver = {
    onEvent: ({ type }) => seen.push(type),
    onOutput: (_stage, _stream, bytes) => seen.push(bytes.toString()),
  };
  await resumePipeline(
    planFirst(plan),
    resumeOptions(rig.root, layout.runId, { redactor, observer, reason: 'hunter2 leaked' }),
  );
  expect(seen).toEqual([
    'run.resumed',
    'stage.started',
    'stage.spawned',
    '[REDACTED]\n',
    'stage.finished',
    'run.finished',
  ]);
  for (const path of await rig.list('.runs')) expect(await rig.read(path)).not.toContain('hunter2');
});

test('a wall clock that was set back makes no negative gap', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(threeStages);
  await rig.write({ allowed: '' });
  const clock = { ...createManualClock(0), schedule: () => () => undefined };
  const outcome: RunOutcome = await resumePipeline(
    planFirst(threeStages),
    resumeOptions(rig.root, layout.runId, { clock }),
  );
  expect(outcome.manifest.gap_seconds).toBe(0);
  expect(outcome.manifest.duration_ms).toBeGreaterThanOrEqual(0);
});

test('a journal that is damaged in its middle is not gone on with', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(threeStages);
  const text = await readFile(layout.journalPath, 'utf8');
  await writeFile(layout.journalPath, text.replace('"status":"succeeded"', '"status":"cancelled"'));
  const resume = resumePipeline(planFirst(threeStages), resumeOptions(rig.root, layout.runId));
  await expect(resume).rejects.toMatchObject({ code: 'JOURNAL_DAMAGED' });
  expect((await readJournal(layout.journalPath)).damaged).toHaveLength(1);
});

test('a manifest that is lost is made again from the journal', async () => {
  await using rig = await createRunRig();
  const { layout } = await rig.run(threeStages);
  await rm(layout.manifestPath);
  await rig.write({ allowed: '' });
  const outcome = await resumePipeline(
    planFirst(threeStages),
    resumeOptions(rig.root, layout.runId),
  );
  expect(outcome.status).toBe('succeeded');
  expect(await verifyRun(layout)).toMatchObject({ verdict: 'intact' });
});
