import { mkdir } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, jsonLines, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';
import type { Stage } from './pipeline-of.js';

async function writeConfig(rig: Rig, ...stages: readonly Stage[]): Promise<void> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
}

test('a run that succeeds exits 0, and its manifest says the same', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', command: 'echo one' }, { id: 'b', command: 'echo two >&2' });
  const result = await call(['start', '--task', 't', '--format', 'json'], { cwd: rig.root });
  const answer = onlyJson(result);
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(answer).toMatchObject({
    status: 'succeeded',
    task_id: 't',
    pipeline_id: 'p',
    exit_code: 0,
    counts: { total: 2, succeeded: 2, failed: 0, skipped: 0, cancelled: 0 },
    failed_stage: null,
    artifact_root: `.runs/t/cli/${String(answer['run_id'])}`,
    log_path: `.runs/t/cli/${String(answer['run_id'])}/runner.ndjson`,
  });
  expect(await rig.readJson(String(answer['manifest']))).toMatchObject({
    status: 'succeeded',
    task_id: 't',
    tool: { name: 'codex-orchestrator' },
    commands: [{ id: 'a' }, { id: 'b' }],
  });
});

test('the json answer has the members that other tools read, first and in their order', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', command: 'echo why; exit 7' }, { id: 'b' });
  const answer = onlyJson(await call(['start', '--format=json'], { cwd: rig.root }));
  expect(Object.keys(answer)).toMatchInlineSnapshot(`
    [
      "run_id",
      "status",
      "artifact_root",
      "manifest",
      "log_path",
      "task_id",
      "pipeline_id",
      "status_detail",
      "exit_code",
      "duration_ms",
      "counts",
      "failed_stage",
      "root_cause",
      "summary",
      "next",
    ]
  `);
});

test('a run that fails exits 1 and shows the stage, its last lines, its log and where to look', async () => {
  await using rig = await createRig();
  await writeConfig(
    rig,
    { id: 'build' },
    { id: 'lint', command: 'seq 1 30; echo "the reason" >&2; exit 3' },
    { id: 'test' },
  );
  const result = await call(['start', '--task', 't'], { cwd: rig.root });
  const runId = /Run started: (\S+)/.exec(result.stdout)?.[1] ?? '';
  expect(result.exitCode).toBe(1);
  expect(withoutTimes(result.stdout).replaceAll(runId, '<run>')).toMatchInlineSnapshot(`
    "Run started: <run>
    Status: failed (1 of 3 stages succeeded, <time>)
    Manifest: .runs/t/cli/<run>/manifest.json
    Log: .runs/t/cli/<run>/runner.ndjson

    Stage failed: lint (LINT), exited with code 3
      | 12
      | 13
      | 14
      | 15
      | 16
      | 17
      | 18
      | 19
      | 20
      | 21
      | 22
      | 23
      | 24
      | 25
      | 26
      | 27
      | 28
      | 29
      | 30
      | the reason
    Log of the stage: .runs/t/cli/<run>/commands/02-lint.log

    Look further:
      codex-orchestrator logs --run <run> --stage lint
      codex-orchestrator retry --failed --run <run>
      codex-orchestrator show --run <run>
    "
  `);
  expect(withoutTimes(result.stderr).replaceAll(runId, '<run>')).toMatchInlineSnapshot(`
    "Checks · task t · run <run>
    [1/3] build started
    [1/3] build succeeded after <time>
    [2/3] lint started
    [2/3] lint failed after <time>: exited with code 3
    [3/3] test: Not run: 'lint' failed first
    "
  `);
});

test('the commands to look further name the run and the stage, and need no folder', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: "a b's", command: 'echo the evidence; exit 1' });
  const answer = onlyJson(await call(['start', '--format=json', '--task=t'], { cwd: rig.root }));
  const run = String(answer['run_id']);
  expect(answer['next']).toStrictEqual([
    String.raw`codex-orchestrator logs --run ${run} --stage 'a b'\''s'`,
    `codex-orchestrator retry --failed --run ${run}`,
    `codex-orchestrator show --run ${run}`,
  ]);
});

test('a run that was stopped is gone on with, not tried again', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', command: 'exec sleep 60' });
  const { next } = onlyJson(
    await call(['start', '--format=json', '--deadline=100'], { cwd: rig.root }),
  );
  expect(next).toContainEqual(expect.stringMatching(/^codex-orchestrator resume --run \S+$/));
});

test('the root cause is the line that says why, from above the last lines too', async () => {
  await using rig = await createRig();
  await writeConfig(rig, {
    id: 'a',
    command: 'echo "src/a.ts(3,5): error TS2322: why"; seq 1 50; exit 2',
  });
  const answer = onlyJson(await call(['start', '--format=json'], { cwd: rig.root }));
  expect(answer['root_cause']).toBe('src/a.ts(3,5): error TS2322: why');
});

test('ndjson prints the journal as it grows and the verdict last', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a' }, { id: 'b', command: 'exit 1' }, { id: 'c' });
  const result = await call(['start', '--format', 'ndjson', '--task', 't'], { cwd: rig.root });
  const lines = jsonLines(result);
  const verdict = lines.at(-1) ?? {};
  const journal = await rig.read(String(verdict['log_path']));
  expect(`${result.stdout.trimEnd().split('\n').slice(0, -1).join('\n')}\n`).toBe(journal);
  expect(lines.map(({ type }) => type)).toStrictEqual([
    'run.started',
    'stage.started',
    'stage.spawned',
    'stage.finished',
    'stage.started',
    'stage.spawned',
    'stage.finished',
    'stage.skipped',
    'run.finished',
    'run.recorded',
    'verdict',
  ]);
  expect(verdict).toMatchObject({ type: 'verdict', status: 'failed', exit_code: 1 });
  expect(result).toMatchObject({ exitCode: 1, stderr: '' });
});

test('it works from any folder below the root, and stages still run in the root', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', command: 'pwd' });
  await mkdir(rig.path('src/deep'), { recursive: true });
  const answer = onlyJson(await call(['start', '--format=json'], { cwd: rig.path('src/deep') }));
  expect(await rig.read(`${String(answer['artifact_root'])}/commands/01-a.log`)).toBe(
    `${rig.root}\n`,
  );
});

test('a task that nobody chose is named on stderr', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a' });
  const result = await call(['start', '--format=json'], { cwd: rig.root });
  expect(result.stderr).toBe(
    `codex-orchestrator: task ${String(onlyJson(result)['task_id'])}, from the name of the folder (choose one with --task)\n`,
  );
});

test.each(['json', 'ndjson'])('with %s, noise of stages never reaches stdout', async (format) => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', command: 'echo noise; echo noise >&2; exit 1' });
  const result = await call(['start', '--format', format, '--task=t'], { cwd: rig.root });
  const outside = jsonLines({ ...result, stdout: format === 'json' ? '{}' : result.stdout });
  expect(outside.length).toBeGreaterThan(0);
  if (format === 'json') expect(onlyJson(result)).toMatchObject({ status: 'failed' });
});

test('escape sequences in output do not reach the terminal through the answer', async () => {
  await using rig = await createRig();
  await writeConfig(rig, {
    id: 'a',
    command: String.raw`printf '\033[2J\033]0;owned\007bad\n'; exit 1`,
  });
  const text = await call(['start', '--task=t'], { cwd: rig.root, isTTY: true });
  expect(text.stdout).not.toContain('\u001b');
  expect(text.stdout).toContain('  | bad\n');
  expect(text.stderr).not.toContain('\u001b]');
});

test('stages are told that nobody answers, unless a person watches', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', command: 'echo "[$CODEX_NON_INTERACTIVE]"' });
  const logOf = async (...argv: string[]): Promise<string> => {
    const result = await call(['start', '--task=t', ...argv], { cwd: rig.root, isTTY: true });
    const folder = /Manifest: (.*)\/manifest.json/.exec(result.stdout)?.[1] ?? '';
    return rig.read(`${folder}/commands/01-a.log`);
  };
  expect(await logOf()).toBe('[]\n');
  expect(await logOf('--no-interactive')).toBe('[1]\n');
});

test('flags reach the engine and the record', async () => {
  await using rig = await createRig();
  await writeConfig(
    rig,
    { id: 'a', command: 'exit 1' },
    { id: 'b', needs: [] },
    { id: 'c', needs: ['a'] },
  );
  const flags = ['--keep-going', '--max-parallel=1', '--deadline', '60000', '--target', 'b'];
  const record = [
    '--approval-policy',
    'never',
    '--parent-run',
    '2026-01-06T06-53-37-814Z-c285a360',
  ];
  const answer = onlyJson(
    await call(['start', '--format=json', '--task=t', ...flags, ...record], { cwd: rig.root }),
  );
  expect(await rig.readJson(String(answer['manifest']))).toMatchObject({
    options: { keep_going: true, max_parallel: 1, deadline_ms: 60000 },
    plan_target_id: 'p:b',
    approval_policy: 'never',
    parent_run_id: '2026-01-06T06-53-37-814Z-c285a360',
    commands: [{ status: 'failed' }, { status: 'succeeded' }, { status: 'skipped' }],
  });
});

test('a run that exceeds its deadline exits 124 and names the stage that was stopped', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', command: 'exec sleep 60' }, { id: 'b' });
  const result = await call(['start', '--deadline', '200', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(124);
  expect(onlyJson(result)).toMatchObject({
    status: 'timed_out',
    exit_code: 124,
    failed_stage: { id: 'a', status: 'cancelled' },
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s cancels the run: exit code %d, a sealed record', async (signal, exitCode) => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', command: 'exec sleep 60' }, { id: 'b' });
  const result = await call(['start', '--task=t', '--format=ndjson'], {
    cwd: rig.root,
    onOutput: (text, send) => {
      if (text.includes('stage.started')) send(signal);
    },
  });
  expect(result.exitCode).toBe(exitCode);
  expect(jsonLines(result).at(-1)).toMatchObject({
    status: 'cancelled',
    status_detail: `cancelled:${signal}`,
    exit_code: exitCode,
    failed_stage: { id: 'a', status: 'cancelled' },
  });
});

test('a pipeline that does not exist is refused with the nearest name', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': {
      pipelines: [{ id: 'diagnostics', stages: [{ kind: 'command', id: 'a', command: 'true' }] }],
    },
  });
  const result = await call(['start', 'diagnostic', '--format=json'], { cwd: rig.root });
  expect(onlyJson(result)).toMatchObject({
    error: { code: 'PIPELINE_NOT_FOUND', hint: 'did you mean "diagnostics"?' },
    exit_code: 2,
  });
  expect(await rig.list()).toStrictEqual(['codex.orchestrator.json']);
});

test('a configuration that cannot be planned names every problem with its place', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', needs: ['zz'] }, { id: 'a', timeoutMs: -1 });
  const result = await call(['start', '--format=json'], { cwd: rig.root });
  const { error } = onlyJson(result) as { error: { code: string; problems: object[] } };
  expect(error.code).toBe('PLAN_REFUSED');
  expect(error.problems.length).toBeGreaterThan(0);
  expect(result.stderr).toMatch(/codex\.orchestrator\.json:\d+:\d+: pipelines\[0\]\.stages\[\d\]/);
});

test('a record that cannot be kept is exit code 3, and no stage runs', async () => {
  await using rig = await createRig();
  await writeConfig(rig, { id: 'a', command: 'touch ran' });
  await rig.write({ '.runs': 'a file where the folder should be' });
  const result = await call(['start', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(3);
  expect(onlyJson(result)).toMatchObject({ error: { code: 'RECORD_OPEN_FAILED' }, exit_code: 3 });
  expect(await rig.list()).not.toContain('ran');
});

function withoutTimes(text: string): string {
  return text.replace(/\d+\.\ds/g, '<time>');
}
