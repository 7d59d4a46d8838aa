import { rm } from 'node:fs/promises';

import { loadConfig, planPipeline } from '@codex-orchestrator/pipeline';
import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { builtinPipelineIds } from '../src/builtin-pipelines/builtin-config.js';
import { call, onlyJson } from './call.js';

interface DescribedPlan {
  readonly pipeline: Readonly<Record<string, unknown>>;
  readonly stages: readonly {
    readonly id: string;
    readonly kind: string;
    readonly command: string;
    readonly needs: readonly string[];
    readonly env: object | null;
  }[];
  readonly order: string;
}

async function planOf(rig: Rig, pipelineId: string, ...flags: string[]): Promise<DescribedPlan> {
  const argv = ['plan', pipelineId, '--format=json', ...flags];
  return onlyJson(await call(argv, { cwd: rig.root })) as unknown as DescribedPlan;
}

/** A repository with everything that can be checked, in two languages. */
async function writeRepository(rig: Rig): Promise<void> {
  const scripts = { build: 'true', lint: 'true', typecheck: 'true', test: 'true' };
  await rig.write({ 'package.json': { scripts }, 'go.mod': 'module x' });
}

test.each([
  [
    'diagnostics',
    'delegation-guard build build-go lint lint-go typecheck test test-go spec-guard',
    ['diagnostics-primary', 'diagnostics-secondary'],
    true,
  ],
  [
    'implementation-gate',
    'delegation-guard spec-guard build build-go lint lint-go typecheck test test-go docs-check docs-freshness diff-budget review evidence-check tasks-sync',
    ['implementation-gate'],
    true,
  ],
  [
    'docs-review',
    'delegation-guard spec-guard docs-check docs-freshness review',
    ['docs-review'],
    true,
  ],
  ['docs-relevance-advisory', 'docs-freshness review', ['docs', 'advisory'], false],
  ['rlm', 'rlm', [], null],
])('without a configuration %s has its stages in order', async (id, stages, tags, guarded) => {
  await using rig = await createRig();
  await writeRepository(rig);
  const plan = await planOf(rig, id);
  expect(plan.stages.map((stage) => stage.id).join(' ')).toBe(stages);
  expect(plan.pipeline).toMatchObject({ source: 'default', tags, guardrailsRequired: guarded });
});

test('what does not depend on each other runs side by side, and the review comes after all that is judged', async () => {
  await using rig = await createRig();
  await writeRepository(rig);
  const { stages, order, pipeline } = await planOf(rig, 'implementation-gate');
  expect(order).toBe('graph');
  const waiting = Object.fromEntries(
    stages.filter(({ needs }) => needs.length > 0).map(({ id, needs }) => [id, needs]),
  );
  const ids = stages.map(({ id }) => id);
  expect(waiting).toStrictEqual({
    test: ['build'],
    'test-go': ['build-go'],
    review: ids.slice(0, ids.indexOf('review')),
  });
  expect(stages.find(({ id }) => id === 'review')?.env).toStrictEqual({
    DIFF_BUDGET_STAGE: '[hidden]',
  });
  expect(pipeline['description']).toContain(
    'build from package.json scripts.build, build-go from go.mod',
  );
});

test('of an advisory pipeline no stage can fail the run', async () => {
  await using rig = await createRig();
  const { stages } = await planOf(rig, 'docs-relevance-advisory');
  expect(stages).toMatchObject([
    { id: 'docs-freshness', kind: 'gate', dryRun: true, allowFailure: true },
    { id: 'review', kind: 'gate', allowFailure: true, env: { SKIP_DIFF_BUDGET: '[hidden]' } },
  ]);
});

test('start without a name and without a configuration plans diagnostics, and says once what is missing', async () => {
  await using rig = await createRig();
  await rig.write({ 'package.json': { scripts: { test: 'true' } } });
  const result = await call(['plan', '--format=json'], { cwd: rig.root });
  expect(result.stderr).toBe('codex-orchestrator: no build or lint command found\n');
  expect(onlyJson(result)).toMatchObject({
    pipeline: { id: 'diagnostics', source: 'default' },
    stages: [{ id: 'delegation-guard' }, { id: 'test', needs: [] }, { id: 'spec-guard' }],
  });
  const without = await call(['plan', 'docs-review'], { cwd: rig.root });
  expect(without).toMatchObject({ exitCode: 0, stderr: '' });
});

test('a damaged package.json stands in the way of what would run its scripts, and of nothing else', async () => {
  await using rig = await createRig();
  await rig.write({ 'package.json': '{' });
  const diagnostics = onlyJson(await call(['plan', '--format=json'], { cwd: rig.root }));
  expect(diagnostics).toMatchObject({ error: { code: 'INVALID_PACKAGE_JSON' }, exit_code: 2 });
  expect((await call(['plan', 'docs-review'], { cwd: rig.root })).exitCode).toBe(0);
  await rig.write({ 'codex.orchestrator.json': { pipelines: [] } });
  const unknown = onlyJson(await call(['plan', 'nothing', '--format=json'], { cwd: rig.root }));
  expect(unknown).toMatchObject({ error: { code: 'PIPELINE_NOT_FOUND' } });
});

test('a configuration can name them in subpipelines, and its own ones win', async () => {
  await using rig = await createRig();
  await writeRepository(rig);
  const own = { kind: 'command', id: 'mine', title: 'Mine', command: 'true' };
  const inside = (id: string): object => ({ kind: 'subpipeline', id, title: id, pipeline: id });
  await rig.write({
    'codex.orchestrator.json': {
      pipelines: [
        { id: 'all', stages: [inside('diagnostics'), inside('docs-review')] },
        { id: 'docs-review', stages: [own] },
      ],
    },
  });
  const { stages } = await planOf(rig, 'all');
  expect(stages).toMatchObject([
    { pipeline: 'diagnostics', stages: { length: 9 } },
    { pipeline: 'docs-review', stages: [{ id: 'mine' }] },
  ]);
});

test('for a built-in pipeline the other sections of the configuration still hold', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': { gates: { 'diff-bugdet': {} }, pipelines: [] } });
  const { exitCode, stderr } = await call(['plan', 'docs-review'], { cwd: rig.root });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('diff-bugdet');
});

test('names that only the tool of old knew are unknown', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': { pipelines: [] } });
  for (const id of ['implementation-gate-devtools', 'frontend-testing-devtools']) {
    const result = onlyJson(await call(['plan', id, '--format=json'], { cwd: rig.root }));
    expect(result).toMatchObject({ error: { code: 'PIPELINE_NOT_FOUND' } });
  }
});

test('what init writes is planned as what is built in, but for its source', async () => {
  await using rig = await createRig();
  await writeRepository(rig);
  const before = await Promise.all(builtinPipelineIds.map((id) => planOf(rig, id)));
  const argv = ['init', `--pipelines=${builtinPipelineIds.join(',')}`];
  expect((await call(argv, { cwd: rig.root })).exitCode).toBe(0);
  const after = await Promise.all(builtinPipelineIds.map((id) => planOf(rig, id)));
  expect(after).toStrictEqual(
    before.map((plan) => ({ ...plan, pipeline: { ...plan.pipeline, source: 'user' } })),
  );
  const catalog = loadConfig(rig.root);
  if (catalog === undefined) throw new Error('Expected a configuration');
  expect([...catalog.problems, ...catalog.warnings]).toStrictEqual([]);
  for (const id of builtinPipelineIds) {
    expect(planPipeline(catalog, id)).toMatchObject({ ok: true, value: { warnings: [] } });
  }
});

test('init writes the pipelines for each part of the work, and the limits that are edited most', async () => {
  await using rig = await createRig();
  await writeRepository(rig);
  await call(['init'], { cwd: rig.root });
  const config = (await rig.readJson('codex.orchestrator.json')) as Record<string, unknown>;
  expect(Object.keys(config)).toStrictEqual(['defaultPipeline', 'gates', 'pipelines']);
  expect(config).toMatchObject({
    defaultPipeline: 'diagnostics',
    gates: { 'diff-budget': { maxFiles: 25, maxLines: 800 } },
    pipelines: [{ id: 'diagnostics' }, { id: 'docs-review' }, { id: 'implementation-gate' }],
  });
});

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

test('a run of a built-in pipeline goes on while the repository has the same commands', async () => {
  await using rig = await createRig();
  await rig.write({ Makefile: 'build:\n\t@true\ntest:\n\t@test -e fixed\n' });
  const cwd = rig.root;
  const failed = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd }));
  expect(failed).toMatchObject({ status: 'failed', failed_stage: { id: 'test' } });
  const resume = ['resume', `--run=${String(failed['run_id'])}`, '--format=json'];
  await rig.write({ fixed: '', 'go.mod': 'module x' });
  const refused = onlyJson(await call(resume, { cwd }));
  expect(refused).toMatchObject({ error: { code: 'PLAN_DRIFT' } });
  await rm(rig.path('go.mod'));
  expect(onlyJson(await call(resume, { cwd }))).toMatchObject({ status: 'succeeded' });
});

test('diagnostics that would run nothing are refused, and what checks documents alone is not', async () => {
  await using rig = await createRig();
  const result = await call(['start', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(2);
  expect(onlyJson(result)).toMatchObject({
    error: { code: 'CONFIG_NOT_FOUND', message: expect.stringContaining('no build') as unknown },
  });
  expect(await rig.list()).toStrictEqual([]);
  expect((await call(['plan', 'implementation-gate'], { cwd: rig.root })).exitCode).toBe(0);
});
