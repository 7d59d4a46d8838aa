import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import type { RunOutcome } from '../src/index.js';
import { describeAbort, RunStop } from '../src/run-stop.js';
import type { RunRig } from './run-rig.js';
import {
  command,
  createRunRig,
  isAlive,
  journalOf,
  pipeline,
  verdicts,
  waitUntil,
} from './run-rig.js';

/** Starts a process of its own, says so and waits for ever. */
const hang = 'sleep 1000 & echo $! > child.pid; echo started; wait';

/** Runs a pipeline and aborts it once a stage has said something. */
async function cancelOnceStarted(rig: RunRig, reason: unknown): Promise<RunOutcome> {
  const controller = new AbortController();
  return rig.run([pipeline('p', command('hang', hang), command('next', 'true'))], {
    signal: controller.signal,
    observer: {
      onEvent: () => undefined,
      onOutput: () => {
        controller.abort(reason);
      },
    },
  });
}

async function expectChildIsGone(rig: RunRig): Promise<void> {
  const pid = Number(await rig.read('child.pid'));
  expect(pid).toBeGreaterThan(1);
  expect(isAlive(pid)).toBe(false);
}

test('a cancelled run stops its command with all its children and says so', async () => {
  await using rig = await createRunRig();
  const outcome = await cancelOnceStarted(rig, 'SIGINT');
  await expectChildIsGone(rig);
  expect(outcome).toMatchObject({
    status: 'cancelled',
    statusDetail: 'cancelled:SIGINT',
    stop: { kind: 'run-cancelled', signal: 'SIGINT', reason: 'received SIGINT' },
  });
  expect(verdicts(outcome)).toEqual({
    hang: 'cancelled (run-cancelled)',
    next: 'skipped (run-cancelled)',
  });
  expect(outcome.manifest.commands[0]).toMatchObject({ outcome: 'cancelled', exit_code: 130 });
  expect(outcome.manifest.summary).toContain('Run stopped: received SIGINT.');
});

test('the journal tells that a run is being cancelled before it tells what came of it', async () => {
  await using rig = await createRunRig();
  const outcome = await cancelOnceStarted(rig, new Error('the caller left'));
  const events = await journalOf(outcome);
  expect(events.map((event) => event.type)).toEqual([
    'run.started',
    'stage.started',
    'stage.spawned',
    'run.cancelling',
    'stage.skipped',
    'stage.finished',
    'run.finished',
  ]);
  expect(events[3]).toMatchObject({ signal: null, reason: 'the caller left' });
});

test('a run that is cancelled before it starts has a record in which nothing has run', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run(
    [pipeline('p', command('a', 'touch ran'), command('b', 'touch ran'))],
    {
      signal: AbortSignal.abort('SIGHUP'),
    },
  );
  expect(outcome.statusDetail).toBe('cancelled:SIGHUP');
  expect(verdicts(outcome)).toEqual({ a: 'skipped (run-cancelled)', b: 'skipped (run-cancelled)' });
  expect(await rig.list()).not.toContain('ran');
});

test.each([
  ['run.started', 'skipped (run-cancelled)'],
  ['stage.started', 'cancelled (run-cancelled)'],
  ['stage.finished', 'succeeded'],
])('an observer may cancel the run while it is told of %s', async (type, verdict) => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const outcome = await rig.run([pipeline('p', command('a', 'true'), command('b', 'touch ran'))], {
    signal: controller.signal,
    observer: {
      onEvent: (event) => {
        if (event.type === type) controller.abort('SIGINT');
      },
    },
  });
  expect(outcome.statusDetail).toBe('cancelled:SIGINT');
  expect(verdicts(outcome)).toEqual({ a: verdict, b: 'skipped (run-cancelled)' });
  expect(await rig.list()).not.toContain('ran');
});

test('a cancelled run is cancelled, even if a stage had failed before', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const outcome = await rig.run([pipeline('p', command('a', 'false'), command('b', hang))], {
    keepGoing: true,
    signal: controller.signal,
    observer: {
      onEvent: () => undefined,
      onOutput: () => {
        controller.abort();
      },
    },
  });
  expect(outcome.status).toBe('cancelled');
  expect(verdicts(outcome)).toEqual({ a: 'failed', b: 'cancelled (run-cancelled)' });
});

test('a signal that comes when the run is over changes nothing', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const outcome = await rig.run([pipeline('p', command('a', 'true'))], {
    signal: controller.signal,
  });
  controller.abort('SIGINT');
  expect(outcome.status).toBe('succeeded');
  expect((await journalOf(outcome)).at(-1)?.type).toBe('run.finished');
});

test('a command that ignores SIGTERM is killed after the grace period', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const outcome = await rig.run(
    [
      pipeline(
        'p',
        command('stubborn', "trap '' TERM; echo started; while :; do sleep 0.05; done"),
      ),
    ],
    {
      graceMs: 100,
      signal: controller.signal,
      observer: {
        onEvent: () => undefined,
        onOutput: () => {
          controller.abort();
        },
      },
    },
  );
  expect(verdicts(outcome)).toEqual({ stubborn: 'cancelled (run-cancelled)' });
});

test('a run that exceeds its deadline has timed out, whatever was running', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    { ...pipeline('p', command('hang', hang), command('next', 'true')), deadlineMs: 700 },
  ]);
  await expectChildIsGone(rig);
  expect(outcome).toMatchObject({
    status: 'timed_out',
    statusDetail: 'deadline-exceeded',
    stop: { kind: 'deadline-exceeded', signal: null },
  });
  expect(verdicts(outcome)).toEqual({
    hang: 'cancelled (deadline-exceeded)',
    next: 'skipped (deadline-exceeded)',
  });
});

test('a deadline that is met leaves no timer behind', async () => {
  await using rig = await createRunRig();
  const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const outcome = await rig.run([
    { ...pipeline('p', command('a', 'true')), deadlineMs: 1_000_000 },
  ]);
  expect(outcome.status).toBe('succeeded');
  const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  expect(after).toBeLessThanOrEqual(before);
});

test('a stage that exceeds its own time limit fails, and the run with it', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('slow', hang, { timeoutMs: 500 }), command('next', 'true')),
  ]);
  await expectChildIsGone(rig);
  expect(outcome).toMatchObject({ status: 'failed', statusDetail: 'stage:slow:failed' });
  expect(outcome.manifest.commands[0]).toMatchObject({
    status: 'failed',
    outcome: 'timed-out',
    exit_code: 124,
    summary: 'Timed out after 500 ms — started',
  });
});

test('a stage that goes silent for too long fails', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([pipeline('p', command('quiet', hang, { silenceTimeoutMs: 300 }))]);
  expect(outcome.manifest.commands[0]).toMatchObject({
    status: 'failed',
    outcome: 'silent',
    exit_code: 124,
    summary: 'Stopped after 300 ms without output — started',
  });
});

test('a stage without a time limit of its own has that of the run', async () => {
  await using rig = await createRunRig();
  const stages = [command('a', hang), command('b', 'sleep 0.5', { timeoutMs: 60_000 })];
  const outcome = await rig.run([pipeline('p', ...stages)], {
    stageTimeoutMs: 200,
    keepGoing: true,
  });
  expect(verdicts(outcome)).toEqual({ a: 'failed', b: 'succeeded' });
});

test('an allowed failure does not excuse a cancelled stage', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const outcome = await rig.run([pipeline('p', command('a', hang, { allowFailure: true }))], {
    signal: controller.signal,
    observer: {
      onEvent: () => undefined,
      onOutput: () => {
        controller.abort();
      },
    },
  });
  expect(outcome.status).toBe('cancelled');
  expect(verdicts(outcome)).toEqual({ a: 'cancelled (run-cancelled)' });
});

test('all stages that run side by side are stopped', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const stages = ['a', 'b', 'c'].map((id) =>
    command(id, `sleep 1000 & echo $! > ${id}.pid; wait`, { needs: [] }),
  );
  const running = rig.run([pipeline('p', ...stages)], {
    maxParallel: 3,
    signal: controller.signal,
  });
  const pids = () => ['a', 'b', 'c'].map((id) => readPid(rig.path(`${id}.pid`)));
  await waitUntil(() => pids().every((pid) => pid > 0));
  controller.abort('SIGTERM');
  expect((await running).status).toBe('cancelled');
  expect(pids().filter(isAlive)).toEqual([]);
});

test.each([
  ['SIGTERM', 'received SIGTERM', 'SIGTERM'],
  ['no time', 'no time', null],
  [new Error('gone'), 'gone', null],
  [undefined, 'aborted', null],
  [new RunStop('run-cancelled', 'received SIGINT', 'SIGINT'), 'received SIGINT', 'SIGINT'],
  [new RunStop('deadline-exceeded', 'x'), 'the deadline of the parent run passed', null],
])('the abort reason %s cancels the run', (reason, message, signal) => {
  expect(describeAbort(reason)).toMatchObject({ kind: 'run-cancelled', message, signal });
});

function readPid(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return 0;
  }
}
