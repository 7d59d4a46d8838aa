import { openRunRecord, readManifest } from '@codex-orchestrator/manifest';
import { expect, test } from 'vitest';

import type { RunObserver } from '../src/index.js';
import { command, createRunRig, isAlive, pipeline, subpipeline, verdicts } from './run-rig.js';

test('a subpipeline is a run of its own, named in the record of its parent', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', subpipeline('sub', 'q'), command('after', 'true')),
    pipeline(
      'q',
      command('x', 'echo "$CODEX_ORCHESTRATOR_RUN_ID $CODEX_ORCHESTRATOR_PIPELINE_ID"'),
    ),
  ]);
  expect(verdicts(outcome)).toEqual({ sub: 'succeeded', after: 'succeeded' });
  const [child] = outcome.manifest.child_runs;
  expect(child).toMatchObject({ pipeline_id: 'q', status: 'succeeded' });
  expect(outcome.manifest.commands[0]).toMatchObject({
    kind: 'subpipeline',
    outcome: 'child-run',
    exit_code: null,
    log_path: null,
    sub_run_id: child?.run_id,
    summary: "Pipeline 'q' succeeded",
  });
  const { manifest } = await readManifest(rig.path(child?.manifest ?? ''));
  expect(manifest).toMatchObject({
    run_id: child?.run_id,
    parent_run_id: outcome.manifest.run_id,
    pipeline_id: 'q',
    status: 'succeeded',
    commands: [{ summary: `${child?.run_id ?? ''} q` }],
  });
});

test('a failed subpipeline fails its stage and the run', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', subpipeline('sub', 'q'), command('after', 'true')),
    pipeline('q', command('x', 'exit 4')),
  ]);
  expect(outcome).toMatchObject({ status: 'failed', statusDetail: 'subpipeline:q:failed' });
  expect(verdicts(outcome)).toEqual({ sub: 'failed', after: 'skipped (run-failed)' });
  expect(outcome.manifest.commands[0]?.summary).toBe(
    "Pipeline 'q' failed — Stage 'x' failed with exit code 4.",
  );
  expect(outcome.manifest.child_runs).toMatchObject([{ status: 'failed' }]);
});

test('an optional subpipeline may fail', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', subpipeline('sub', 'q', { optional: true }), command('after', 'true')),
    pipeline('q', command('x', 'false')),
  ]);
  expect(outcome.status).toBe('succeeded');
  expect(verdicts(outcome)).toEqual({ sub: 'skipped (allowed-failure)', after: 'succeeded' });
  expect(outcome.manifest.child_runs).toMatchObject([{ status: 'failed' }]);
});

test('a subpipeline that misses its own deadline fails its parent, which has not timed out', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', subpipeline('sub', 'q')),
    { ...pipeline('q', command('x', 'sleep 1000')), deadlineMs: 300 },
  ]);
  expect(outcome).toMatchObject({ status: 'failed', statusDetail: 'subpipeline:q:failed' });
  expect(outcome.manifest.child_runs).toMatchObject([{ status: 'timed_out' }]);
  expect(outcome.manifest.commands[0]?.summary).toContain("Pipeline 'q' timed out");
});

test('a cancelled run cancels its subpipeline and ends its commands', async () => {
  await using rig = await createRunRig();
  const controller = new AbortController();
  const outcome = await rig.run(
    [
      pipeline('p', subpipeline('sub', 'q', { optional: true })),
      pipeline('q', command('x', 'sleep 1000 & echo $! > child.pid; echo started; wait')),
    ],
    {
      signal: controller.signal,
      observer: {
        onEvent: () => undefined,
        forSubpipeline: () => ({
          onEvent: () => undefined,
          onOutput: () => {
            controller.abort('SIGINT');
          },
        }),
      },
    },
  );
  expect(outcome.statusDetail).toBe('cancelled:SIGINT');
  expect(verdicts(outcome)).toEqual({ sub: 'cancelled (run-cancelled)' });
  const [child] = outcome.manifest.child_runs;
  const { manifest } = await readManifest(rig.path(child?.manifest ?? ''));
  expect(manifest).toMatchObject({ status: 'cancelled', status_detail: 'cancelled:SIGINT' });
  expect(isAlive(Number(await rig.read('child.pid')))).toBe(false);
});

test('the deadline of a run is a cancellation to its subpipeline', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    { ...pipeline('p', subpipeline('sub', 'q')), deadlineMs: 400 },
    pipeline('q', command('x', 'sleep 1000')),
  ]);
  expect(outcome.status).toBe('timed_out');
  expect(verdicts(outcome)).toEqual({ sub: 'cancelled (deadline-exceeded)' });
  expect(outcome.manifest.child_runs).toMatchObject([{ status: 'cancelled' }]);
});

test('a subpipeline whose record cannot be opened is an error of its stage', async () => {
  await using rig = await createRunRig();
  let opened = 0;
  const outcome = await rig.run(
    [
      pipeline('p', subpipeline('sub', 'q'), command('after', 'true')),
      pipeline('q', command('x', 'true')),
    ],
    {
      openRecord: (start, options) => {
        opened++;
        return opened === 1 ? openRunRecord(start, options) : Promise.reject(new Error('no room'));
      },
    },
  );
  expect(outcome).toMatchObject({ status: 'failed', statusDetail: 'subpipeline:q:error' });
  expect(outcome.manifest.commands[0]).toMatchObject({
    status: 'failed',
    outcome: 'error',
    reason: 'no room',
    summary: 'Execution error: no room',
  });
});

test('an observer follows a subpipeline through the observer that it names for it', async () => {
  await using rig = await createRunRig();
  const seen: string[] = [];
  const observe = (prefix: string): RunObserver => ({
    onEvent: (event) => void seen.push(`${prefix}${event.type}`),
    forSubpipeline: (stageIndex) => observe(`${prefix}${stageIndex}/`),
  });
  await rig.run([pipeline('p', subpipeline('sub', 'q')), pipeline('q', command('x', 'true'))], {
    observer: observe(''),
  });
  expect(seen).toEqual([
    'run.started',
    'stage.started',
    '1/run.started',
    '1/stage.started',
    '1/stage.spawned',
    '1/stage.finished',
    '1/run.finished',
    'stage.finished',
    'run.finished',
  ]);
});

test('a subpipeline has the parallelism of its own definition', async () => {
  await using rig = await createRunRig();
  const alone = 'mkdir busy && sleep 0.02 && rmdir busy';
  const outcome = await rig.run([
    { ...pipeline('p', subpipeline('sub', 'q', { needs: [] })), maxParallel: 4 },
    {
      ...pipeline(
        'q',
        command('x', alone, { needs: [] }),
        command('y', alone),
        command('z', alone),
      ),
      maxParallel: 1,
    },
  ]);
  expect(outcome.status).toBe('succeeded');
});
