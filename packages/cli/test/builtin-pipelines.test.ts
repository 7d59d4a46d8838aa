import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';

test('the pipeline rlm is there without any configuration', async () => {
  await using rig = await createRig();
  const plan = onlyJson(await call(['plan', 'rlm', '--format=json'], { cwd: rig.root }));
  expect(plan).toMatchObject({
    pipeline: { id: 'rlm', title: 'RLM Loop', source: 'default' },
    stages: [{ kind: 'rlm', id: 'rlm', goal: null, agent: null, validators: null }],
  });
  const text = await call(['plan', 'rlm'], { cwd: rig.root });
  expect(text.stdout).toContain('Pipeline: rlm — RLM Loop [default]');
  expect(text.stdout).toContain('1. [rlm] Agent loop (rlm)');
});

test('a configuration without one leaves it as it is, and can name it in a subpipeline', async () => {
  await using rig = await createRig();
  const stages = [{ kind: 'subpipeline', id: 'fix', title: 'Fix', pipeline: 'rlm' }];
  const pipelines = [{ id: 'p', title: 'P', guardrailsRequired: false, stages }];
  await rig.write({ 'codex.orchestrator.json': { defaultPipeline: 'rlm', pipelines } });
  const byDefault = onlyJson(await call(['plan', '--format=json'], { cwd: rig.root }));
  expect(byDefault).toMatchObject({ pipeline: { id: 'rlm', source: 'default' } });
  const nested = onlyJson(await call(['plan', 'p', '--format=json'], { cwd: rig.root }));
  expect(nested).toMatchObject({ stages: [{ pipeline: 'rlm', stages: [{ kind: 'rlm' }] }] });
  const { checks } = onlyJson(await call(['doctor', '--format=json'], { cwd: rig.root }));
  expect(checks).toContainEqual(expect.objectContaining({ id: 'config', status: 'ok' }));
});

test('a pipeline rlm of the repository wins', async () => {
  await using rig = await createRig();
  const stages = [
    {
      kind: 'rlm',
      id: 'fix',
      title: 'Fix it',
      goal: 'make the tests pass',
      agent: 'claude',
      validators: ['npm test', { name: 'lint', command: ['npm', 'run', 'lint'] }],
      maxIterations: 5,
      protect: ['test/**'],
      env: { MODEL: 'x' },
    },
  ];
  const own = [{ id: 'rlm', title: 'Our own', guardrailsRequired: false, stages }];
  await rig.write({ 'codex.orchestrator.json': { pipelines: own } });
  const { stdout } = await call(['plan', 'rlm'], { cwd: rig.root });
  expect(stdout).toMatchInlineSnapshot(`
    "Pipeline: rlm — Our own [user]
    Stages:
      1. [rlm] Fix it (fix)
         goal: make the tests pass
         agent: claude
         validator: npm test
         validator: lint: npm run lint
         maxIterations: 5
         protect: test/**
         env: MODEL
    Target: rlm:fix
    "
  `);
});

test('a typo in its name is answered with it', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': { pipelines: [] } });
  const result = await call(['start', 'rml', '--format=json'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({
    error: { code: 'PIPELINE_NOT_FOUND', hint: 'did you mean "rlm"?' },
  });
});

test('flags of the loop are refused where the pipeline has none', async () => {
  await using rig = await createRig();
  const stages = [{ kind: 'command', id: 'a', title: 'A', command: 'touch ran' }];
  const pipelines = [{ id: 'p', title: 'P', guardrailsRequired: false, stages }];
  await rig.write({ 'codex.orchestrator.json': { pipelines } });
  const argv = ['start', 'p', '--max-iterations=3', '--format=json'];
  const result = await call(argv, { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({
    error: {
      code: 'USAGE',
      message: "`--max-iterations` is for an agent loop, and the pipeline 'p' has none",
      hint: 'codex-orchestrator start rlm --max-iterations …',
    },
    exit_code: 2,
  });
  expect((await rig.list()).filter((path) => path.startsWith('.runs'))).toStrictEqual([]);
});
