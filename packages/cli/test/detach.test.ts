import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';

import { identifyProcess } from '@codex-orchestrator/core';
import { createRig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { DetachedProcess } from '../src/io.js';
import { call, jsonLines, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';
import { bundleProgram, patiently, quietEnvironment, untilWritten } from './program.js';
import type { Program } from './program.js';

let program: Program;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

const untilGo = { id: 'a', command: 'until [ -e go ]; do sleep 0.05; done; echo done' };

test('a detached run is recorded when its start answers, and goes on without it', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf(untilGo) });
  const answer = await program.ask(rig, ['start', '--detach', '--task=t']);
  const runId = String(answer['run_id']);
  expect(answer).toMatchObject({
    status: 'in_progress',
    exit_code: 0,
    detached: true,
    task_id: 't',
    manifest: `.runs/t/cli/${runId}/manifest.json`,
    next: [
      `codex-orchestrator wait --run ${runId}`,
      `codex-orchestrator attach --run ${runId}`,
      `codex-orchestrator logs --follow --run ${runId}`,
      `codex-orchestrator cancel --run ${runId}`,
    ],
  });
  expect(await rig.readJson(String(answer['manifest']))).toMatchObject({
    run_id: runId,
    owner: { pid: answer['pid'] },
  });
  await rig.write({ go: '' });
  expect(await program.ask(rig, ['wait', runId])).toMatchObject({ status: 'succeeded' });
});

test('it outlives the process group of the shell that started it', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf(untilGo, { id: 'b' }) });
  const line = '"$0" "$1" start --detach --task=t --format=json; echo over > answered; sleep 60';
  const shell = spawn('bash', ['-c', line, process.execPath, program.path], {
    cwd: rig.root,
    env: quietEnvironment,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await untilWritten(rig, 'answered');
  process.kill(-(shell.pid ?? NaN), 'SIGKILL');
  await once(shell, 'close');
  await rig.write({ go: '' });
  const answer = await program.ask(rig, ['wait']);
  expect(answer).toMatchObject({ status: 'succeeded', counts: { succeeded: 2 } });
  expect(await program.ask(rig, ['show'])).toMatchObject({ is_sealed: true });
});

test('a starter that is killed before the answer takes nothing along', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf(untilGo) });
  const { child } = program.start(rig, ['start', '--detach', '--task=t']);
  await vi.waitFor(async () => {
    expect(await rig.list()).toContainEqual(expect.stringContaining('runner.ndjson'));
  }, patiently);
  child.kill('SIGKILL');
  await rig.write({ go: '' });
  expect(await program.ask(rig, ['wait'])).toMatchObject({ status: 'succeeded' });
});

test('no flag is lost on the way', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }, { id: 'b' }) });
  const answer = await program.ask(rig, [
    'start',
    'p',
    '--detach',
    '--task=0101',
    '--keep-going',
    '--max-parallel=3',
    '--deadline=60000',
    '--target=b',
    '--parent-run=outer',
    '--approval-policy=--never asked',
  ]);
  await program.ask(rig, ['wait']);
  expect(await rig.readJson(String(answer['manifest']))).toMatchObject({
    task_id: '0101',
    status: 'succeeded',
    options: { keep_going: true, max_parallel: 3, deadline_ms: 60_000 },
    plan_target_id: 'p:b',
    parent_run_id: 'outer',
    approval_policy: '--never asked',
  });
});

const hasProc = process.platform === 'linux';
test.skipIf(!hasProc)(
  'it has a session of its own and nothing of an outer run (needs /proc)',
  async () => {
    await using rig = await createRig();
    await rig.write({ 'codex.orchestrator.json': pipelineOf(untilGo) });
    const outer = {
      CODEX_ORCHESTRATOR_RUN_ID: 'outer',
      CODEX_ORCHESTRATOR_RUN_DIR: '/outer',
      CODEX_ORCHESTRATOR_MANIFEST_PATH: '/outer/manifest.json',
      CODEX_ORCHESTRATOR_RUNS_DIR: 'records',
    };
    const argv = ['start', '--detach', '--task=t', '--format=json'];
    const { stdout } = await program.run(rig, argv, outer);
    const { pid, manifest } = JSON.parse(stdout) as { pid: number; manifest: string };
    expect(manifest).toMatch(/^records\/t\//);
    const environment = (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0');
    expect(environment).toContain('CODEX_ORCHESTRATOR_RUNS_DIR=records');
    expect(environment.join('\n')).not.toContain('outer');
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const [, , group, session, terminal] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    expect([group, session, terminal]).toStrictEqual([String(pid), String(pid), '0']);
    await rig.write({ go: '' });
    await program.run(rig, ['wait'], outer);
    await vi.waitFor(() => {
      expect(identifyProcess(pid)).toBeUndefined();
    }, patiently);
  },
);

test('it outlives the stage that started it, and the runner of that stage', async () => {
  await using rig = await createRig();
  const start = '"$PROGRAM_NODE" "$PROGRAM" start inner --detach --task=inner --format=json';
  const outer = { kind: 'command', id: 'x', title: 'X', command: `${start} > started; sleep 60` };
  const inner = { kind: 'command', title: 'A', ...untilGo };
  const pipeline = { title: 'P', guardrailsRequired: false };
  await rig.write({
    'codex.orchestrator.json': {
      pipelines: [
        { ...pipeline, id: 'outer', stages: [outer] },
        { ...pipeline, id: 'inner', stages: [inner] },
      ],
    },
  });
  const { child, ended } = program.start(rig, ['start', 'outer', '--task=outer'], {
    PROGRAM: program.path,
    PROGRAM_NODE: process.execPath,
  });
  await untilWritten(rig, 'started');
  const { commands } = await program.ask(rig, ['show', '--task=outer']);
  child.kill('SIGKILL');
  await ended;
  const [stage] = commands as [{ process: { pid: number } | null }];
  await vi.waitFor(() => {
    expect(identifyProcess(stage.process?.pid ?? NaN)).toBeUndefined();
  }, patiently);
  await rig.write({ go: '' });
  expect(await program.ask(rig, ['wait', '--task=inner'])).toMatchObject({ status: 'succeeded' });
});

test.each([
  ['a pipeline that is not there', ['nothing'], 'PIPELINE_NOT_FOUND'],
  ['a task that cannot be one', ['--task=..'], 'INVALID_ID'],
  ['a flag that is none', ['--detatch'], 'USAGE'],
])('%s is found before anything is started', async (_what, argv, code) => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const result = await call(['start', '--detach', '--format=json', ...argv], { cwd: rig.root });
  expect(result.exitCode).toBe(2);
  expect(onlyJson(result)).toMatchObject({ error: { code }, exit_code: 2 });
});

test('a record that cannot be opened is the answer of the start', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'touch ran' }),
    '.runs': 'a file where the folder should be',
  });
  const { exitCode, stdout, stderr } = await program.run(rig, ['start', '--detach', '--task=t']);
  expect({ exitCode, stdout }).toStrictEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toContain('Cannot open the record');
  const answer = await program.ask(rig, ['start', '--detach', '--task=t']);
  expect(answer).toMatchObject({ error: { code: 'RECORD_OPEN_FAILED' }, exit_code: 3 });
  expect(await rig.list()).not.toContain('ran');
});

test('a runner that ends without a word is no success', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const result = await call(['start', '--detach', '--task=t', '--format=ndjson'], {
    cwd: rig.root,
    spawnDetached: () => processThat({ stderr: 'out of memory\n', signal: 'SIGABRT' }),
  });
  expect(result.exitCode).toBe(3);
  expect(jsonLines(result)).toMatchObject([
    { type: 'verdict', error: { code: 'RUNNER_FAILED', stderr: 'out of memory\n' }, exit_code: 3 },
  ]);
});

test('a defect of the runner keeps its exit code and its stack', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const error = { code: 'INTERNAL', message: 'Internal error: x', stack: 'at y' };
  const verdict = { type: 'verdict', error, exit_code: 70 };
  const result = await call(['start', '--detach', '--task=t', '--format=json'], {
    cwd: rig.root,
    spawnDetached: () => processThat({ stdout: `${JSON.stringify(verdict)}\n` }),
  });
  expect(result.exitCode).toBe(70);
  expect(onlyJson(result)).toStrictEqual({ error, exit_code: 70 });
});

function processThat(does: { stdout?: string; stderr?: string; signal?: string }): DetachedProcess {
  return {
    pid: 4_194_303,
    stdout: bytesOf(does.stdout),
    stderr: bytesOf(does.stderr),
    ended: Promise.resolve({ exitCode: null, signal: does.signal ?? null }),
    release: () => undefined,
  };
}

async function* bytesOf(text = ''): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  if (text !== '') yield Buffer.from(text);
}
