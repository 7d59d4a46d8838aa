import { createManualClock, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, jsonLines, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';

test('status shows the latest run, with its stages and the end of what failed', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'a' }, { id: 'b', command: 'echo why; exit 4' }),
  });
  const run = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  const result = await call(['status'], { cwd: rig.root });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  expect(withoutVariables(result.stdout, String(run['run_id']))).toMatchInlineSnapshot(`
    "Run: <run>
    Task: t
    Pipeline: p
    Status: failed (stage:b:failed)
    Started: <date>
    Completed: <date>
    Duration: <time>
    Manifest: .runs/t/cli/<run>/manifest.json
    Commands:
      [succeeded] <time> A — Command completed with code 0
      [failed] <time> B — Exited with code 4 — why
    Last lines of b:
      | why
    Look further:
      codex-orchestrator logs --run <run> --stage b
      codex-orchestrator retry --failed --run <run>
      codex-orchestrator show --run <run>
    "
  `);
});

test('status answers 0 for a run that failed; its exit code is in the answer', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'exit 4' }) });
  const run = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  for (const argv of [
    ['--run', String(run['run_id'])],
    [String(run['run_id'])],
    ['latest'],
    ['--task=t'],
  ]) {
    const result = await call(['status', '--format=json', ...argv], { cwd: rig.root });
    expect(result.exitCode).toBe(0);
    expect(onlyJson(result)).toMatchObject({
      run_id: run['run_id'],
      status: 'failed',
      exit_code: 1,
    });
  }
});

test('a run is found whatever its task, and not under another one', async () => {
  await using rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const run = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  const runId = String(run['run_id']);
  const env = { MCP_RUNNER_TASK_ID: 'other' };
  expect((await call(['status', runId], { cwd: rig.root, env })).exitCode).toBe(0);
  const result = await call(['status', runId, '--task', 'other', '--format=json'], {
    cwd: rig.root,
  });
  expect(onlyJson(result)).toMatchObject({ error: { code: 'RUN_NOT_FOUND' } });
});

test('a run whose owner is gone is interrupted, and watching it ends', async () => {
  await using rig = await createRig();
  const runId = await leaveUnownedRun(rig);
  const result = await call(['status', '--watch', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(0);
  expect(onlyJson(result)).toMatchObject({
    run_id: runId,
    status: 'interrupted',
    recorded_status: 'in_progress',
    status_reason: 'owner-dead',
    exit_code: 75,
    interruption: { last_event: { type: 'run.started' }, last_stage: null },
    next: [`codex-orchestrator recover --run ${runId}`, expect.any(String), expect.any(String)],
  });
});

test('what is known of an interrupted run is said in words, with the way out', async () => {
  await using rig = await createRig();
  const runId = await leaveUnownedRun(rig);
  const shown = await call(['status'], { cwd: rig.root });
  expect(shown.stdout).toMatch(/^Interrupted: since .*, last event run\.started at /m);
  expect(shown.stdout).toContain(`  codex-orchestrator recover --run ${runId}\n`);
  const listed = await call(['runs'], { cwd: rig.root });
  expect(listed.stdout).toMatch(new RegExp(`^Interrupted: ${runId} since `, 'm'));
  expect(listed.stdout).toContain('  codex-orchestrator recover\n');
  expect(onlyJson(await call(['runs', '--format=json'], { cwd: rig.root }))).toMatchObject({
    runs: [{ run_id: runId, status: 'interrupted', recorded_status: 'in_progress' }],
  });
});

test('an end that only the journal knows of is the end', async () => {
  await using rig = await createRig();
  const runId = await leaveUnownedRun(rig, { keepJournal: true });
  const status = await call(['status', '--format=json'], { cwd: rig.root });
  expect(onlyJson(status)).toMatchObject({
    run_id: runId,
    status: 'succeeded',
    recorded_status: 'in_progress',
    interruption: null,
    next: [`codex-orchestrator recover --run ${runId}`, expect.any(String)],
  });
});

test('watching a run shows each look and ends with the run', async () => {
  await using rig = await createRig();
  const clock = createManualClock(Date.now());
  const command = 'until [ -e go ]; do sleep 0.02; done';
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a', command }) });
  let begun: () => void = () => undefined;
  const running = new Promise<void>((resolve) => (begun = resolve));
  const started = call(['start', '--task=t', '--format=ndjson'], {
    cwd: rig.root,
    onOutput: begun,
  });
  await running;
  const watched = await call(['status', '--watch', '--interval=3', '--format=ndjson'], {
    cwd: rig.root,
    clock,
    onOutput: (text) => {
      if (text.includes('"type":"status"')) void finish();
    },
  });
  async function finish(): Promise<void> {
    await rig.write({ go: '' });
    await started;
    await clock.advance(3_000);
  }
  expect(watched.exitCode).toBe(0);
  expect(jsonLines(watched)).toMatchObject([
    { type: 'status', status: 'in_progress', exit_code: null },
    { type: 'verdict', status: 'succeeded', exit_code: 0 },
  ]);
});

test('a signal ends the watching and leaves the run alone', async () => {
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
  const watched = await call(['status', '--watch', '--format=ndjson'], {
    cwd: rig.root,
    onOutput: (_text, send) => {
      setImmediate(send, 'SIGINT');
    },
  });
  expect(watched.exitCode).toBe(130);
  await rig.write({ go: '' });
  expect((await started).exitCode).toBe(0);
});

test('runs lists the newest first, filters by task and status, and shows what cannot be read', async () => {
  await using rig = await createRig();
  await rig.write({
    'codex.orchestrator.json': pipelineOf({ id: 'a', command: 'exit "$CODE"' }),
    '.runs/t/cli/2026-01-01T00-00-00-000Z-00000000/manifest.json': '{ torn',
  });
  const start = async (task: string, CODE: string): Promise<unknown> =>
    onlyJson(
      await call(['start', '--format=json', '--task', task], { cwd: rig.root, env: { CODE } }),
    )['run_id'];
  const [first, second, third] = [
    await start('t', '0'),
    await start('t', '1'),
    await start('u', '0'),
  ];
  const list = async (...argv: string[]): Promise<unknown[]> => {
    const { runs } = onlyJson(await call(['runs', '--format=json', ...argv], { cwd: rig.root }));
    return (runs as { run_id: string }[]).map(({ run_id: runId }) => runId);
  };
  expect(await list()).toStrictEqual([third, second, first]);
  expect(await list('--limit', '1')).toStrictEqual([third]);
  expect(await list('--task', 't')).toStrictEqual([second, first]);
  expect(await list('--status', 'succeeded', '--limit', '5')).toStrictEqual([third, first]);
  const text = await call(['runs'], { cwd: rig.root });
  expect(text.stdout).toContain('Unreadable: ');
  const lines = jsonLines(await call(['runs', '--format=ndjson'], { cwd: rig.root }));
  expect(lines.map(({ type }) => type)).toStrictEqual(['run', 'run', 'run', 'verdict']);
});

test('no runs are no error', async () => {
  await using rig = await createRig();
  expect(await call(['runs'], { cwd: rig.root })).toMatchObject({
    exitCode: 0,
    stdout: 'No runs\n',
  });
});

/** A record as a killed process leaves it: in progress, owned by a process that does not exist. */
async function leaveUnownedRun(
  rig: Awaited<ReturnType<typeof createRig>>,
  { keepJournal = false } = {},
): Promise<string> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const run = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  const folder = String(run['artifact_root']);
  const manifest = (await rig.readJson(`${folder}/manifest.json`)) as Record<string, unknown>;
  const [first = ''] = (await rig.read(`${folder}/runner.ndjson`)).split('\n');
  const started = JSON.parse(first) as Record<string, unknown>;
  const owner = { ...(manifest['owner'] as object), pid: 4_194_303, process_started_at: '1' };
  await rig.write({
    [`${folder}/manifest.json`]: { ...manifest, status: 'in_progress', completed_at: null, owner },
    ...(keepJournal
      ? {}
      : { [`${folder}/runner.ndjson`]: `${JSON.stringify({ ...started, owner })}\n` }),
  });
  return String(run['run_id']);
}

function withoutVariables(text: string, runId: string): string {
  return text
    .replaceAll(runId, '<run>')
    .replace(/\d+\.\ds/g, '<time>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<date>');
}
