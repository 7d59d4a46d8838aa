import type { CommandResult } from '@codex-orchestrator/exec';
import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { runPipeline } from '../src/index.js';
import {
  baseOptions,
  command,
  createRunRig,
  journalOf,
  pipeline,
  planFirst,
  verdicts,
} from './run-rig.js';

/** Prints the number of the attempt and fails with it, but for the third. */
const thirdTime = 'echo x >> tries; n=$(wc -l < tries); echo "try $n"; [ "$n" -ge 3 ] || exit "$n"';

test('a failed attempt is repeated until one succeeds', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('flaky', thirdTime, { retries: { max: 4, backoffMs: 1 } })),
  ]);
  expect(outcome.status).toBe('succeeded');
  expect(outcome.manifest.commands[0]).toMatchObject({
    attempts: 3,
    exit_code: 0,
    error_file: null,
  });
  const retried = (await journalOf(outcome)).filter((event) => event.type === 'stage.retried');
  expect(retried).toMatchObject([
    { attempt: 1, exit_code: 1, outcome: 'exited', delay_ms: 1, reason: 'Exited with code 1' },
    { attempt: 2, exit_code: 2, outcome: 'exited', delay_ms: 2 },
  ]);
});

test('the log of every attempt is kept', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('flaky', thirdTime, { retries: { max: 4, backoffMs: 1 } })),
  ]);
  const folder = outcome.layout.relative(outcome.layout.commandsDir);
  expect(await rig.list(folder)).toEqual(
    ['01-flaky.attempt-1.log', '01-flaky.attempt-2.log', '01-flaky.log'].map(
      (name) => `${folder}/${name}`,
    ),
  );
  expect(await rig.read(`${folder}/01-flaky.attempt-2.log`)).toBe('try 2\n');
  expect(await rig.read(`${folder}/01-flaky.log`)).toBe('try 3\n');
});

test('attempts that are used up are a failure with the last attempt’s facts', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('flaky', thirdTime, { retries: { max: 1, backoffMs: 1 } })),
  ]);
  expect(outcome.manifest.commands[0]).toMatchObject({
    status: 'failed',
    attempts: 2,
    exit_code: 2,
  });
  expect(await rig.readJson(outcome.manifest.commands[0]?.error_file ?? '')).toMatchObject({
    details: { attempts: 2, stdout: 'try 2\n' },
  });
});

test('only the listed exit codes are worth another attempt', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline(
      'p',
      command('flaky', thirdTime, { retries: { max: 9, backoffMs: 1, exitCodes: [1] } }),
    ),
  ]);
  expect(outcome.manifest.commands[0]).toMatchObject({
    status: 'failed',
    attempts: 2,
    exit_code: 2,
  });
});

test('a timeout is repeated where its exit code is listed', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline(
      'p',
      command('slow', '[ -e again ] || { touch again; exec sleep 1000; }', {
        timeoutMs: 300,
        retries: { max: 1, backoffMs: 1, exitCodes: [124] },
      }),
    ),
  ]);
  expect(verdicts(outcome)).toEqual({ slow: 'succeeded' });
});

test('the wait before an attempt is measured by the clock and grows by the factor', async () => {
  await using rig = await createRunRig();
  const clock = createManualClock();
  const startedAtMs: number[] = [];
  const failing: CommandResult = {
    outcome: { kind: 'exited', exitCode: 1 },
    startedAtMs: 0,
    durationMs: 0,
    stdout: { text: '', totalBytes: 0, truncated: false },
    stderr: { text: '', totalBytes: 0, truncated: false },
    drained: true,
    leftovers: false,
    groupEnd: 'by-itself',
    problems: [],
  };
  const plan = planFirst([
    pipeline('p', command('a', 'true', { retries: { max: 2, backoffMs: 60_000, factor: 3 } })),
  ]);
  const running = runPipeline(plan, {
    ...baseOptions(rig.root),
    clock,
    runCommand: () => {
      startedAtMs.push(clock.monotonicMs());
      return Promise.resolve(failing);
    },
  });
  const ended = running.then(() => true);
  const turn = (): Promise<boolean> =>
    new Promise((resolve) =>
      setImmediate(() => {
        resolve(false);
      }),
    );
  while (!(await Promise.race([ended, turn()]))) await clock.advance(1000);
  const [first = 0, ...later] = startedAtMs;
  expect(later.map((startMs) => Math.round((startMs - first) / 1000))).toEqual([60, 240]);
  expect((await running).manifest.commands[0]).toMatchObject({ status: 'failed', attempts: 3 });
});

test('a run that is cancelled while it waits for an attempt makes no further one', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const outcome = await rig.run(
    [
      pipeline(
        'p',
        command('a', 'echo x >> tries; exit 1', { retries: { max: 5, backoffMs: 600_000 } }),
      ),
    ],
    {
      signal: controller.signal,
      observer: {
        onEvent(event) {
          if (event.type === 'stage.retried')
            setImmediate(() => {
              controller.abort('SIGTERM');
            });
        },
      },
    },
  );
  expect(outcome).toMatchObject({ status: 'cancelled', statusDetail: 'cancelled:SIGTERM' });
  expect(verdicts(outcome)).toEqual({ a: 'cancelled (run-cancelled)' });
  expect(await rig.read('tries')).toBe('x\n');
});
