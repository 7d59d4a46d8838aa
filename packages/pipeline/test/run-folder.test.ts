import { mkdir, symlink } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { planCommand, runPipeline } from '../src/index.js';
import { baseOptions, command, createRunRig, pipeline, verdicts } from './run-rig.js';

test('a command runs in the root, wherever this process is', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([pipeline('p', command('where', 'pwd -P'))]);
  expect(outcome.manifest.commands[0]?.summary).toBe(rig.root);
});

test('a relative folder is relative to the root', async () => {
  await using rig = await createRunRig();
  await mkdir(rig.path('packages/one'), { recursive: true });
  const outcome = await rig.run([
    pipeline('p', command('where', 'pwd -P', { cwd: 'packages/one' })),
  ]);
  expect(outcome.manifest.commands[0]?.summary).toBe(rig.path('packages/one'));
});

test('an absolute folder inside of the root is allowed, one outside is not', async () => {
  await using rig = await createRunRig();
  await using outside = await createRig();
  await mkdir(rig.path('inside'));
  const outcome = await rig.run(
    [
      pipeline(
        'p',
        command('in', 'touch ran', { cwd: rig.path('inside') }),
        command('out', 'touch ran', { cwd: outside.root }),
      ),
    ],
    { keepGoing: true },
  );
  expect(verdicts(outcome)['in']).toBe('succeeded');
  expect(outcome.manifest.commands[1]).toMatchObject({
    status: 'failed',
    outcome: 'error',
    exit_code: null,
  });
  expect(await outside.list()).toEqual([]);
});

test('a symlink does not lead a command out of the root, not even one made by an earlier stage', async () => {
  await using rig = await createRunRig();
  await using outside = await createRig();
  await symlink(outside.root, rig.path('before'));
  const outcome = await rig.run(
    [
      pipeline(
        'p',
        command('old', 'touch ran', { cwd: 'before' }),
        command('make', `ln -s '${outside.root}' later`),
        command('new', 'touch ran', { cwd: 'later' }),
      ),
    ],
    { keepGoing: true },
  );
  expect(outcome.statusDetail).toBe('stage:old:error');
  expect(outcome.manifest.commands.map(({ status, outcome: kind }) => [status, kind])).toEqual([
    ['failed', 'error'],
    ['succeeded', 'exited'],
    ['failed', 'error'],
  ]);
  expect(outcome.manifest.commands[0]?.summary).toContain('Execution error: Path "before"');
  expect(await outside.list()).toEqual([]);
});

test('a folder that does not exist is named', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([pipeline('p', command('a', 'true', { cwd: 'missing' }))]);
  expect(outcome.statusDetail).toBe('stage:a:error');
  expect(outcome.manifest.commands[0]?.summary).toContain('missing');
});

test('a single command runs wherever its caller says', async () => {
  await using rig = await createRunRig();
  await using elsewhere = await createRig();
  const plan = planCommand(['pwd', '-P'], { cwd: elsewhere.root });
  const outcome = await runPipeline(plan, baseOptions(rig.root));
  expect(outcome).toMatchObject({
    status: 'succeeded',
    manifest: {
      pipeline_id: 'exec',
      pipeline_title: 'CLI Exec Command',
      guardrails_required: false,
      commands: [{ id: 'exec', title: 'Execute pwd -P', summary: elsewhere.root }],
    },
  });
});
