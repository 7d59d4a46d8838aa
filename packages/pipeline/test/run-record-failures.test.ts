import { ManifestError, openRunRecord } from '@codex-orchestrator/manifest';
import type { NewRunEvent, RunEvent, RunRecord } from '@codex-orchestrator/manifest';
import { expect, test } from 'vitest';

import type { RunPipelineOptions } from '../src/index.js';
import { command, createRunRig, isAlive, pipeline } from './run-rig.js';

type OpenRecord = NonNullable<RunPipelineOptions['openRecord']>;

const full = new ManifestError('JOURNAL_WRITE_FAILED', 'the disk is full');

/** Opens a real record whose journal refuses the events that `refuses` names. */
function openRefusing(refuses: (event: NewRunEvent) => boolean): OpenRecord {
  return async (start, options) => refusing(await openRunRecord(start, options), refuses);
}

function refusing(record: RunRecord, refuses: (event: NewRunEvent) => boolean): RunRecord {
  return {
    get layout() {
      return record.layout;
    },
    get manifest() {
      return record.manifest;
    },
    get problems() {
      return record.problems;
    },
    get stats() {
      return record.stats;
    },
    append(event): RunEvent {
      if (refuses(event)) throw full;
      return record.append(event);
    },
    beginAttempt: (start) => record.beginAttempt(start),
    checkpoint: () => record.checkpoint(),
    seal: (end) => record.seal(end),
    close: () => record.close(),
    [Symbol.asyncDispose]: () => record.close(),
  };
}

test('a run without a record does not start', async () => {
  await using rig = await createRunRig();
  const run = rig.run([pipeline('p', command('a', 'touch ran'))], {
    openRecord: () => Promise.reject(full),
  });
  await expect(run).rejects.toBe(full);
  expect(await rig.list()).toEqual([]);
});

test.each(['stage.started', 'stage.spawned', 'stage.finished', 'stage.skipped'])(
  'a run whose %s cannot be recorded stops with that error and starts nothing more',
  async (type) => {
    await using rig = await createRunRig();
    const run = rig.run([pipeline('p', command('a', 'exit 1'), command('b', 'touch ran'))], {
      openRecord: openRefusing((event) => event.type === type),
    });
    await expect(run).rejects.toBe(full);
    expect(await rig.list()).not.toContain('ran');
  },
);

test('stages that run side by side are ended when the run can no longer be recorded', async () => {
  await using rig = await createRunRig();
  const run = rig.run(
    [
      pipeline(
        'p',
        command('hang', 'sleep 1000 & echo $! > child.pid; touch up; wait', { needs: [] }),
        command('quick', 'until [ -e up ]; do sleep 0.01; done', { timeoutMs: 20_000 }),
      ),
    ],
    { maxParallel: 2, openRecord: openRefusing((event) => event.type === 'stage.finished') },
  );
  await expect(run).rejects.toBe(full);
  expect(isAlive(Number(await rig.read('child.pid')))).toBe(false);
});

test('a cancellation that cannot be recorded still stops everything', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const run = rig.run(
    [pipeline('p', command('hang', 'sleep 1000 & echo $! > child.pid; echo up; wait'))],
    {
      signal: controller.signal,
      openRecord: openRefusing((event) => event.type === 'run.cancelling'),
      observer: {
        onEvent: () => undefined,
        onOutput: () => {
          controller.abort();
        },
      },
    },
  );
  await expect(run).rejects.toBe(full);
  expect(isAlive(Number(await rig.read('child.pid')))).toBe(false);
});

test('a retry that cannot be recorded is not made', async () => {
  await using rig = await createRunRig();
  const run = rig.run(
    [pipeline('p', command('a', 'echo x >> tries; exit 1', { retries: { max: 3, backoffMs: 1 } }))],
    { openRecord: openRefusing((event) => event.type === 'stage.retried') },
  );
  await expect(run).rejects.toBe(full);
  expect(await rig.read('tries')).toBe('x\n');
});

test('an error file that cannot be written does not hide the failure', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('a', 'rmdir "$CODEX_ORCHESTRATOR_RUN_DIR/errors"; exit 5')),
  ]);
  expect(outcome.manifest.commands[0]).toMatchObject({
    status: 'failed',
    exit_code: 5,
    error_file: null,
  });
  expect(outcome.manifest.summary).toContain("Error file of stage 'a' could not be written");
});

test('a log that cannot be written does not change the verdict and is mentioned', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline(
      'p',
      command('a', 'rm -r "$CODEX_ORCHESTRATOR_RUN_DIR/commands"'),
      command('b', 'echo x'),
    ),
  ]);
  expect(outcome.status).toBe('succeeded');
  expect(outcome.manifest.summary).toContain("Log of stage 'b' is incomplete");
});
