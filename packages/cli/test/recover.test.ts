import { mkdir, symlink } from 'node:fs/promises';

import { identifyProcess } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import type { ChildProgram } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { call, jsonLines, onlyJson } from './call.js';
import { bundleProgram, leaveDeadRun } from './killed-run.js';
import { pipelineOf } from './pipeline-of.js';

let program: ChildProgram;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

test('recover seals a killed run, ends what it left running, and then has nothing to do', async () => {
  await using rig = await createRig();
  const { runId, folder } = await leaveDeadRun(program, rig);
  const recovered = await call(['recover', '--task=t', '--format=json'], { cwd: rig.root });
  expect(recovered.exitCode).toBe(0);
  expect(onlyJson(recovered)).toMatchObject({
    recovered: [
      {
        run_id: runId,
        task_id: 't',
        status: 'interrupted',
        last_stage: 'b',
        manifest: `${folder}/manifest.json`,
      },
    ],
    alive: [],
    refused: [],
  });
  expect(identifyProcess(Number(await rig.read('pid')))).toBeUndefined();
  expect(await rig.readJson(`${folder}/manifest.json`)).toMatchObject({
    status: 'interrupted',
    commands: [{ status: 'succeeded' }, { status: 'interrupted' }, { status: 'pending' }],
  });
  const again = await call(['recover', '--task=t'], { cwd: rig.root });
  expect(again).toMatchObject({ exitCode: 0, stdout: 'Nothing to recover\n' });
  expect((await call(['verify', runId], { cwd: rig.root })).exitCode).toBe(0);
});

test('what was known of the run before stays known after it was sealed', async () => {
  await using rig = await createRig();
  await leaveDeadRun(program, rig);
  const look = async (): Promise<unknown> =>
    onlyJson(await call(['status', '--format=json'], { cwd: rig.root }))['interruption'];
  const before = await look();
  await call(['recover', 'latest'], { cwd: rig.root });
  expect(await look()).toStrictEqual(before);
  const { stdout } = await call(['status'], { cwd: rig.root });
  expect(stdout).toMatch(/^Interrupted: since .*, in stage b, last event stage\./m);
});

test('a run that goes on is named and left alone', async () => {
  await using rig = await createRig();
  const command = 'until [ -e go ]; do sleep 0.02; done';
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }) });
  let begun: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  const started = call(['start', '--task=t', '--format=ndjson'], {
    cwd: rig.root,
    onOutput: begun,
  });
  await running;
  for (const argv of [['--task=t'], ['--all'], ['latest']]) {
    const result = await call(['recover', '--format=json', ...argv], { cwd: rig.root });
    expect(result.exitCode).toBe(0);
    expect(onlyJson(result)).toMatchObject({ recovered: [], alive: [{ reason: 'alive' }] });
  }
  await rig.write({ go: '' });
  expect((await started).exitCode).toBe(0);
});

test('a damaged record is refused and named, and hides no other one', async () => {
  await using rig = await createRig();
  const damaged = await leaveDeadRun(program, rig);
  const other = await leaveDeadRun(program, rig, 'u');
  const path = `${damaged.folder}/runner.ndjson`;
  await rig.write({ [path]: (await rig.read(path)).replace('"stage.started"', '"stage.stirred"') });
  const result = await call(['recover', '--all', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(1);
  expect(onlyJson(result)).toMatchObject({
    recovered: [{ run_id: other.runId }],
    refused: [{ run_id: damaged.runId, code: 'JOURNAL_DAMAGED' }],
  });
  const text = await call(['recover', '--run', damaged.runId], { cwd: rig.root });
  expect(text.exitCode).toBe(1);
  expect(text.stdout).toMatch(
    new RegExp(`^Refused: ${damaged.runId}: The journal .* line 2: .*JOURNAL_DAMAGED`),
  );
});

test('start recovers the dead runs of its task beside its own work', async () => {
  await using rig = await createRig();
  const { runId } = await leaveDeadRun(program, rig);
  const elsewhere = await leaveDeadRun(program, rig, 'u');
  await rig.write({ go: '' });
  const result = await call(['start', '--task=t', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)).toMatchObject({ status: 'succeeded' });
  expect(result.stderr).toContain(`recovered ${runId}`);
  const statusOf = async (id: string): Promise<unknown> =>
    onlyJson(await call(['status', id, '--format=json'], { cwd: rig.root }))['recorded_status'];
  expect(await statusOf(runId)).toBe('interrupted');
  expect(await statusOf(elsewhere.runId)).toBe('in_progress');
});

test('a dead run that cannot be recovered is a warning of start and changes no verdict', async () => {
  await using rig = await createRig();
  const { folder } = await leaveDeadRun(program, rig);
  const path = `${folder}/runner.ndjson`;
  await rig.write({ [path]: (await rig.read(path)).replace('"seq":2', '"seq":9'), go: '' });
  const result = await call(['start', '--task=t', '--format=ndjson'], { cwd: rig.root });
  expect(result.exitCode).toBe(0);
  expect(jsonLines(result).at(-1)).toMatchObject({ type: 'verdict', status: 'succeeded' });
  expect(result.stderr).toMatch(/warning: cannot recover .*damaged/);
});

test('what an opening left that was killed is swept', async () => {
  await using rig = await createRig();
  const { folder } = await leaveDeadRun(program, rig);
  await call(['recover', '--task=t'], { cwd: rig.root });
  const journal = await rig.read(`${folder}/runner.ndjson`);
  const draft = '.runs/t/cli/.2026-01-01T00-00-00-000Z-00000000.1-0123456789abcdef.opening';
  await rig.write({ [`${draft}/runner.ndjson`]: journal });
  const result = await call(['recover', '--task=t', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)).toMatchObject({ swept: [draft] });
  expect((await rig.list()).filter((name) => name.includes('.opening'))).toStrictEqual([]);
});

test('what a symlink leads to is neither recovered nor swept, and is named', async () => {
  await using rig = await createRig();
  await using elsewhere = await createRig();
  const { runId, folder } = await leaveDeadRun(program, elsewhere);
  const draft = 'cli/.2026-01-01T00-00-00-000Z-00000000.1-0123456789abcdef.opening';
  const journal = await elsewhere.read(`${folder}/runner.ndjson`);
  await elsewhere.write({ [`.runs/t/${draft}/runner.ndjson`]: journal });
  await mkdir(rig.path('.runs'));
  await symlink(elsewhere.path('.runs/t'), rig.path('.runs/t'));
  const before = await elsewhere.list();
  for (const argv of [['--task=t'], ['--all']]) {
    const result = await call(['recover', '--format=json', ...argv], { cwd: rig.root });
    expect(result.exitCode).toBe(1);
    expect(onlyJson(result)).toMatchObject({ recovered: [], swept: [] });
    expect(result.stdout).toContain('PATH_ESCAPES_ROOT');
  }
  expect(await elsewhere.list()).toStrictEqual(before);
  await call(['recover', '--run', runId], { cwd: elsewhere.root });
});

test.each([
  [['recover', '--all', '--run=x'], 'USAGE'],
  [['recover', '--run=x'], 'RUN_NOT_FOUND'],
  [['recover', '--task=../x'], 'INVALID_ID'],
  [['recover', '--all', '--task=a:b'], 'INVALID_ID'],
])('%j is refused as %s', async (argv, code) => {
  await using rig = await createRig();
  const result = await call([...argv, '--format=json'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({ error: { code }, exit_code: 2 });
  expect(await rig.list()).toStrictEqual([]);
});
