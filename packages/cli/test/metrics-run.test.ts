import { chmod, rename } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import { bundleProgram, leaveDeadRun } from './killed-run.js';
import { pipelineOf } from './pipeline-of.js';

let program: ChildProgram;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

type Members = Readonly<Record<string, unknown>>;

async function linesOf(rig: Rig): Promise<string[]> {
  return (await rig.read('.runs/t/metrics.json')).trimEnd().split('\n');
}

async function entriesOf(rig: Rig): Promise<Members[]> {
  return (await linesOf(rig)).map((line) => JSON.parse(line) as Members);
}

async function manifestOf(rig: Rig, entry: Members | undefined): Promise<unknown> {
  return rig.readJson(`${String(entry?.['artifact_path'])}/manifest.json`);
}

async function countedRuns(rig: Rig): Promise<unknown> {
  return ((await rig.readJson('.runs/t/metrics/post-rollout.json')) as Members)['total_runs'];
}

const start = ['start', '--task=t', '--format=json'];

test('a run leaves a complete entry, and aggregates that have counted it', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'echo out' }, { id: 'b' }),
  });
  expect(await call(start, { cwd: rig.root })).toMatchObject({ exitCode: 0, stderr: '' });
  const [entry, ...others] = await entriesOf(rig);
  expect(others).toStrictEqual([]);
  expect(entry).toMatchObject({
    task_id: 't',
    pipeline_id: 'p',
    status: 'succeeded',
    attempt: 1,
    commands_passed: 2,
    control_plane_status: 'passed',
    instance_stats: [{ instance_id: 't-general-01', status: 'succeeded' }],
    privacy_mode: 'enforce',
    privacy_events: [
      { handle_id: 'a', action: 'allow' },
      { handle_id: 'b', action: 'allow' },
    ],
    tool_calls: 2,
    tool_stats: [{ tool: 'echo' }, { tool: 'true' }],
    machine: { os: process.platform },
  });
  expect(entry?.['manifest_writes']).toBeGreaterThan(0);
  expect(entry?.['duration_seconds']).toBeGreaterThan(0);
  expect(await manifestOf(rig, entry)).toMatchObject({ metrics_recorded: true });
  expect(await countedRuns(rig)).toBe(1);
  expect(await rig.readJson('.runs/t/metrics/completeness.json')).toMatchObject({
    missing_counts: { instance_stats: 0, privacy_events: 0, control_plane_status: 0 },
  });
  expect((await call(['verify', 'latest'], { cwd: rig.root })).exitCode).toBe(0);
});

test('a run of ten stages fits into 4 KB', async () => {
  await using rig = await createRig();
  const stages = Array.from({ length: 10 }, (_, index) => ({ id: `check-number-${index}` }));
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
  await call(start, { cwd: rig.root });
  const [line = ''] = await linesOf(rig);
  expect(Buffer.byteLength(line)).toBeLessThan(4096);
});

test('a single command is counted as a run is', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const argv = ['exec', '--task=t', '--', 'sh', '-c', 'exit 3'];
  expect((await call(argv, { cwd: rig.root })).exitCode).toBe(3);
  expect(await entriesOf(rig)).toMatchObject([
    {
      pipeline_id: 'exec',
      status: 'failed',
      control_plane_status: 'passed',
      instance_stats: [{ status: 'failed' }],
      privacy_events: [{ action: 'allow' }],
      tool_stats: [{ tool: 'sh', status: 'failed' }],
    },
  ]);
});

test('the run of a subpipeline is counted too, before that of its parent', async () => {
  await using rig = await createRig();
  const command = { kind: 'command', id: 'a', title: 'A', command: 'true' };
  const child = { kind: 'subpipeline', id: 's', title: 'S', pipeline: 'child' };
  await rig.write({
    'codex.orchestrator.json': {
      defaultPipeline: 'parent',
      pipelines: [
        { id: 'parent', title: 'P', guardrailsRequired: false, stages: [child] },
        { id: 'child', title: 'C', guardrailsRequired: false, stages: [command] },
      ],
    },
  });
  await call(start, { cwd: rig.root });
  const [first, second] = await entriesOf(rig);
  expect(first).toMatchObject({ pipeline_id: 'child', parent_run_id: second?.['run_id'] });
  expect(second).toMatchObject({ pipeline_id: 'parent', child_runs: 1, parent_run_id: null });
  expect(await countedRuns(rig)).toBe(2);
});

test('what an agent says that it used is counted, and no secret is written down', async () => {
  await using rig = await createRig();
  const secret = 'v3ry-Pr1vate-value-0815';
  await rig.write({
    'bin/codex': [
      '#!/bin/sh',
      'echo "starting $SERVICE_TOKEN" >&2',
      'echo \'{"type":"item.completed","item":{"type":"command_execution"}}\'',
      'echo \'{"type":"turn.completed","usage":{"input_tokens":90,"output_tokens":10}}\'',
    ].join('\n'),
    'codex.orchestrator.json': pipelineOf({ id: 'fix', command: 'codex exec --json "fix it"' }),
  });
  await chmod(rig.path('bin/codex'), 0o755);
  const path = `${rig.path('bin')}:${process.env['PATH'] ?? ''}`;
  const env = { PATH: path, SERVICE_TOKEN: secret, TFGRPO_GROUP_ID: `group ${secret}` };
  await call(start, { cwd: rig.root, env });
  expect(await rig.read('.runs/t/metrics.json')).not.toContain(secret);
  expect(await entriesOf(rig)).toMatchObject([
    {
      tfgrpo_group_id: 'group [REDACTED]',
      token_total: 100,
      tool_calls: 2,
      tool_stats: [{ tool: 'codex', tokens: 100, attempts: 1 }],
      privacy_event_count: 2,
      privacy_events: [{ action: 'redact', stage_id: 'fix', count: 1 }, { action: 'allow' }],
    },
  ]);
});

test('a comparison group is counted; one that is none is a warning', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const env = { TFGRPO_EPOCH: '2', TFGRPO_GROUP_SIZE: 'four', TFGRPO_GROUP_ID: 'g' };
  const { exitCode, stderr } = await call(start, { cwd: rig.root, env });
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/^codex-orchestrator: warning: .*TFGRPO_GROUP_SIZE.*"four".*\n$/);
  const [entry] = await entriesOf(rig);
  expect(entry).toMatchObject({
    tfgrpo_epoch: 2,
    tfgrpo_group_size: null,
    tfgrpo_group_id: 'g',
  });
  expect(await manifestOf(rig, entry)).toMatchObject({
    options: { tfgrpo_epoch: 2, tfgrpo_group_id: 'g' },
  });
  expect(await rig.readJson('.runs/t/metrics/per-epoch.json')).toMatchObject({
    epochs: [{ epoch: 2, runs: 1, tools: [{ tool: 'true', runs: 1 }] }],
  });
});

test('what is wrong with the variables of metrics is an error before anything runs', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const env = { CODEX_METRICS_MAX_BYTES: '1k' };
  const { exitCode, stderr } = await call(['start', '--task=t'], { cwd: rig.root, env });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('CODEX_METRICS_MAX_BYTES');
  expect(await rig.list()).toStrictEqual(['codex.orchestrator.json']);
});

test('limits of the environment rotate the history and cut privacy events', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }, { id: 'b' }) });
  const env = { CODEX_METRICS_MAX_LINES: '2', CODEX_METRICS_PRIVACY_EVENTS_MAX: '1' };
  for (let runs = 0; runs < 3; runs++) await call(start, { cwd: rig.root, env });
  const files = await rig.list('.runs/t');
  const [segment = ''] = files.filter((path) => /\/metrics-[^/]+\.ndjson$/.test(path));
  expect((await rig.read(segment)).trimEnd().split('\n')).toHaveLength(2);
  expect(await entriesOf(rig)).toMatchObject([
    { privacy_event_count: 2, privacy_events_truncated: true, privacy_events: [{}] },
  ]);
  expect(await countedRuns(rig)).toBe(3);
});

test('a killed run is counted when it is recovered, once, and again when it is resumed', async () => {
  await using rig = await createRig();
  await leaveDeadRun(program, rig, 't', { TFGRPO_EPOCH: '5' });
  expect((await rig.list('.runs/t')).filter((path) => path.includes('metrics'))).toStrictEqual([]);
  expect((await call(['recover', '--task=t'], { cwd: rig.root })).exitCode).toBe(0);
  await call(['recover', '--task=t', '--all'], { cwd: rig.root });
  const [recovered, ...others] = await entriesOf(rig);
  expect(others).toStrictEqual([]);
  expect(recovered).toMatchObject({
    status: 'interrupted',
    attempt: 1,
    tfgrpo_epoch: 5,
    control_plane_status: 'passed',
    instance_stats: [{ status: 'interrupted', recovery_events: 1 }],
  });
  expect(await manifestOf(rig, recovered)).toMatchObject({ metrics_recorded: true });
  expect(await countedRuns(rig)).toBe(1);
  await rig.write({ go: '' });
  expect((await call(['resume', '--task=t'], { cwd: rig.root })).exitCode).toBe(0);
  expect((await entriesOf(rig))[1]).toMatchObject({
    run_id: recovered?.['run_id'],
    status: 'succeeded',
    attempt: 2,
    tfgrpo_epoch: 5,
    instance_stats: [{ attempts: 2, recovery_events: 1 }],
  });
  expect(await rig.readJson('.runs/t/metrics/post-rollout.json')).toMatchObject({
    total_runs: 1,
    succeeded_runs: 1,
  });
});

test('a run that goes by finds a dead one, and counts both', async () => {
  await using rig = await createRig();
  await leaveDeadRun(program, rig);
  await rig.write({ go: '' });
  expect((await call(start, { cwd: rig.root })).exitCode).toBe(0);
  const statuses = (await entriesOf(rig)).map(({ status }) => String(status));
  expect(statuses.sort()).toStrictEqual(['interrupted', 'succeeded']);
  expect(await countedRuns(rig)).toBe(2);
});

test('a history that cannot be written is a warning, and the run is counted later', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'a' }),
    '.runs/t/metrics.json/in-the-way': '',
  });
  const result = await call(start, { cwd: rig.root });
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)).toMatchObject({ status: 'succeeded' });
  expect(result.stderr).toMatch(/^codex-orchestrator: warning: .*metrics/m);
  await rename(rig.path('.runs/t/metrics.json'), rig.path('elsewhere'));
  expect((await call(['recover', '--task=t'], { cwd: rig.root })).exitCode).toBe(0);
  const [entry, ...others] = await entriesOf(rig);
  expect(others).toStrictEqual([]);
  expect(entry).toMatchObject({ status: 'succeeded', attempt: 1 });
  expect(await manifestOf(rig, entry)).toMatchObject({ metrics_recorded: true });
  expect(await countedRuns(rig)).toBe(1);
});

test('aggregates that cannot be written are a warning, and the verdict stays', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'a' }),
    '.runs/t/metrics': 'in the way',
  });
  const { exitCode, stderr } = await call(start, { cwd: rig.root });
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(
    /^codex-orchestrator: warning: the metrics of task 't' are not up to date: /,
  );
  expect(await entriesOf(rig)).toHaveLength(1);
});

test('a line of the history that is no entry is named once', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'a' }),
    '.runs/t/metrics.json': '{"run_id":"x"}\n',
    '.runs/t/metrics.pending/x.jsonl': 'no entry\n',
  });
  const { exitCode, stderr } = await call(start, { cwd: rig.root });
  expect(exitCode).toBe(0);
  expect(stderr).toContain('.runs/t/metrics.json at byte 0 (not-an-entry)');
  expect(stderr).toContain('.runs/t/metrics.pending/x.jsonl.rejected holds lines');
  expect((await call(start, { cwd: rig.root })).stderr).toBe('');
});
