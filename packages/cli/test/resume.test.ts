import { createRig } from '@codex-orchestrator/testing';
import type { ChildProgram, Rig } from '@codex-orchestrator/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { call, jsonLines, onlyJson } from './call.js';
import { bundleProgram, leaveDeadRun } from './killed-run.js';
import { pipelineOf } from './pipeline-of.js';

let program: ChildProgram;
beforeAll(async () => {
  program = await bundleProgram();
});
afterAll(() => program[Symbol.asyncDispose]());

/** Succeeds once there is a file `go`. */
const waiting = pipelineOf(
  { id: 'a', command: 'echo a >> ran' },
  { id: 'b', command: 'echo b >> ran; [ -e go ]' },
  { id: 'c', command: 'echo c >> ran' },
);

async function failOnce(rig: Rig): Promise<string> {
  await rig.write({ 'codex.orchestrator.json': waiting });
  const result = await call(['start', '--task=t', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(1);
  return String(onlyJson(result)['run_id']);
}

test('a killed run goes on where it ended, in any task, without a recover before', async () => {
  await using rig = await createRig();
  const { runId, folder } = await leaveDeadRun(program, rig);
  await rig.write({ go: '' });
  const env = { MCP_RUNNER_TASK_ID: 'other' };
  const result = await call(['resume', runId, '--format=json'], { cwd: rig.root, env });
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)).toMatchObject({ run_id: runId, status: 'succeeded', exit_code: 0 });
  expect(await rig.readJson(`${folder}/manifest.json`)).toMatchObject({
    attempt: 2,
    status: 'succeeded',
    resume_events: [{ actor: 'cli', reason: 'manual-resume', outcome: 'accepted' }],
  });
  const journal = await rig.read(`${folder}/runner.ndjson`);
  expect(journal.match(/"type":"stage.started","index":1/g)).toHaveLength(1);
  expect((await call(['verify', runId], { cwd: rig.root })).exitCode).toBe(0);
});

test('resume shows events as start does, and says who wanted it and why', async () => {
  await using rig = await createRig();
  const runId = await failOnce(rig);
  await rig.write({ go: '' });
  const argv = ['--run', runId, '--actor=me', '--reason=again', '--format=ndjson'];
  const result = await call(['resume', ...argv], { cwd: rig.root });
  expect(result.exitCode).toBe(0);
  const events = jsonLines(result);
  expect(events[0]).toMatchObject({ type: 'run.resumed', actor: 'me', reason: 'again' });
  expect(events.at(-1)).toMatchObject({ type: 'verdict', status: 'succeeded' });
  expect(await rig.read('ran')).toBe('a\nb\nb\nc\n');
});

test('a run that succeeded is not resumed, and the record says that somebody wanted it', async () => {
  await using rig = await createRig();
  const runId = await failOnce(rig);
  await rig.write({ go: '' });
  await call(['resume', runId], { cwd: rig.root });
  const result = await call(['resume', runId, '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(1);
  expect(onlyJson(result)).toMatchObject({
    error: { code: 'RUN_SUCCEEDED', run_id: runId, hint: expect.any(String) as string },
    exit_code: 1,
  });
  expect(await rig.readJson(`.runs/t/cli/${runId}/manifest.json`)).toMatchObject({
    status: 'succeeded',
    resume_events: [{ outcome: 'accepted' }, { outcome: 'blocked' }],
  });
});

test('a wrong token is refused, the right one is accepted', async () => {
  await using rig = await createRig();
  const runId = await failOnce(rig);
  await rig.write({ go: '' });
  const resume = (token: string): ReturnType<typeof call> =>
    call(['resume', runId, `--token=${token}`, '--format=json'], { cwd: rig.root });
  const wrong = await resume('0'.repeat(64));
  expect(onlyJson(wrong)).toMatchObject({
    error: { code: 'RESUME_TOKEN_MISMATCH' },
    exit_code: 1,
  });
  const token = (await rig.read(`.runs/t/cli/${runId}/.resume-token`)).trim();
  const right = await resume(token);
  expect(onlyJson(right)).toMatchObject({ status: 'succeeded' });
  expect(right.stdout + right.stderr).not.toContain(token);
});

test('a changed configuration is told sentence by sentence, and taken only on demand', async () => {
  await using rig = await createRig();
  const runId = await failOnce(rig);
  const changed = pipelineOf({ id: 'a', command: 'echo A >> ran' }, { id: 'd' });
  await rig.write({ 'codex.orchestrator.json': changed });
  const refused = await call(['resume', runId, '--format=json'], { cwd: rig.root });
  expect(refused.exitCode).toBe(1);
  const { drift } = onlyJson(refused)['error'] as { drift: string[] };
  expect(onlyJson(refused)).toMatchObject({ error: { code: 'PLAN_DRIFT' } });
  expect(drift.length).toBeGreaterThan(1);
  for (const sentence of drift) expect(refused.stderr).toContain(`\n  ${sentence}\n`);
  expect(refused.stderr).toContain('--allow-drift');
  const taken = await call(['resume', runId, '--allow-drift'], { cwd: rig.root });
  expect(taken.exitCode).toBe(0);
  expect(await rig.read('ran')).toBe('a\nb\nA\n');
});

test('retry runs the latest run of the task again, all of it or what failed', async () => {
  await using rig = await createRig();
  const runId = await failOnce(rig);
  const all = await call(['retry', '--task=t', '--format=json'], { cwd: rig.root });
  expect(onlyJson(all)).toMatchObject({ run_id: runId, status: 'failed', exit_code: 1 });
  expect(await rig.read('ran')).toBe('a\nb\na\nb\n');
  await rig.write({ go: '' });
  const failed = await call(['retry', '--failed', '--task=t', '--format=json'], { cwd: rig.root });
  expect(onlyJson(failed)).toMatchObject({ run_id: runId, status: 'succeeded', exit_code: 0 });
  expect(await rig.read('ran')).toBe('a\nb\na\nb\nb\nc\n');
  expect(await rig.readJson(`.runs/t/cli/${runId}/manifest.json`)).toMatchObject({
    attempt: 3,
    resume_events: [{ reason: 'manual-retry' }, { reason: 'manual-retry' }],
  });
});

test('a run that goes on is not resumed', async () => {
  await using rig = await createRig();
  const command = 'until [ -e go ]; do sleep 0.02; done';
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }) });
  let begun: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  const options = { cwd: rig.root, onOutput: begun };
  const started = call(['start', '--task=t', '--format=ndjson'], options);
  await running;
  const result = await call(['resume', 'latest', '--format=json'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({ error: { code: 'RUN_ALIVE' }, exit_code: 1 });
  expect(result.stderr).toContain('codex-orchestrator wait --run');
  await rig.write({ go: '' });
  expect((await started).exitCode).toBe(0);
});

test('a single command has no plan to go on with; the way to run it again is named', async () => {
  await using rig = await createRig();
  const argv = ['exec', '--task=t', '--format=json', '--', 'sh', '-c', 'exit 3'];
  expect((await call(argv, { cwd: rig.root })).exitCode).toBe(3);
  const result = await call(['resume', 'latest', '--format=json'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({
    error: {
      code: 'RUN_NOT_PLANNED',
      hint: "codex-orchestrator exec --task t -- sh -c 'exit 3'",
    },
    exit_code: 1,
  });
});

test('what a run was started with holds for its further attempts', async () => {
  await using rig = await createRig();
  const stages = [
    { id: 'a', command: 'echo a >> ran; [ -e go ]', needs: [] },
    { id: 'b', command: 'echo b >> ran', needs: [] },
  ];
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
  await call(['start', '--task=t', '--keep-going', '--max-parallel=1'], { cwd: rig.root });
  expect(await rig.read('ran')).toBe('a\nb\n');
  await call(['retry', '--task=t'], { cwd: rig.root });
  expect(await rig.read('ran')).toBe('a\nb\na\nb\n');
});

test.each([
  [['resume'], 'RUN_NOT_FOUND'],
  [['resume', 'x', '--run=y'], 'USAGE'],
  [['resume', '--run=../x'], 'RUN_NOT_FOUND'],
  [['retry', '--task=CON'], 'INVALID_ID'],
  [['retry', '--task=t'], 'RUN_NOT_FOUND'],
])('%j is refused as %s', async (argv, code) => {
  await using rig = await createRig();
  const result = await call([...argv, '--format=json'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({ error: { code }, exit_code: 2 });
  expect(await rig.list()).toStrictEqual([]);
});
