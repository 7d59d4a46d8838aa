import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { command, createRunRig, journalOf, pipeline, verdicts } from './run-rig.js';

test('a run leaves a sealed record that tells what happened', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('greet', 'echo hello'), command('warn', 'echo careful >&2')),
  ]);
  expect(outcome).toMatchObject({ status: 'succeeded', statusDetail: null, stop: undefined });
  expect(outcome.problems).toEqual([]);
  const manifest = await rig.readJson(outcome.layout.relative(outcome.layout.manifestPath));
  expect(manifest).toMatchObject({
    status: 'succeeded',
    pipeline_id: 'p',
    plan_target_id: 'p:greet',
    commands: [
      { index: 1, id: 'greet', status: 'succeeded', exit_code: 0, summary: 'hello', attempts: 1 },
      { index: 2, id: 'warn', status: 'succeeded', exit_code: 0, summary: 'careful' },
    ],
  });
  // Where the journal ends is said by the file alone.
  expect(manifest).toMatchObject({ ...outcome.manifest, journal: { lines: 8 } });
  expect(await rig.read(outcome.manifest.commands[0]?.log_path ?? '')).toBe('hello\n');
  expect((await journalOf(outcome)).map((event) => event.type)).toEqual([
    'run.started',
    'stage.started',
    'stage.spawned',
    'stage.finished',
    'stage.started',
    'stage.spawned',
    'stage.finished',
    'run.finished',
  ]);
});

test('the record is on disk before the first stage starts', async () => {
  await using rig = await createRunRig();
  const line = 'grep -q in_progress "$CODEX_ORCHESTRATOR_MANIFEST_PATH"';
  expect((await rig.run([pipeline('p', command('look', line))])).status).toBe('succeeded');
});

test('the end of a stage is in the journal before the next stage starts', async () => {
  await using rig = await createRunRig();
  const lookFor = (index: number): string =>
    `grep -q '"type":"stage.finished","index":${index},' "$CODEX_ORCHESTRATOR_RUN_DIR/runner.ndjson"`;
  const outcome = await rig.run([
    pipeline(
      'p',
      command('one', `! ${lookFor(1)}`),
      command('two', `${lookFor(1)} && ! ${lookFor(2)}`),
      command('three', lookFor(2)),
    ),
  ]);
  expect(verdicts(outcome)).toEqual({ one: 'succeeded', two: 'succeeded', three: 'succeeded' });
});

test('a failure ends the run, and what has not started is skipped with a reason', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('a', 'true'), command('b', 'echo no >&2; exit 7'), command('c', 'true')),
  ]);
  expect(outcome).toMatchObject({ status: 'failed', statusDetail: 'stage:b:failed' });
  expect(verdicts(outcome)).toEqual({ a: 'succeeded', b: 'failed', c: 'skipped (run-failed)' });
  expect(outcome.manifest.commands[1]).toMatchObject({
    exit_code: 7,
    outcome: 'exited',
    summary: 'Exited with code 7 — no',
  });
  expect(outcome.manifest.summary).toContain("Stage 'b' failed with exit code 7.");
});

test('a run that keeps going runs what does not depend on the failure', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run(
    [pipeline('p', command('a', 'false'), command('b', 'true'), command('c', 'exit 2'))],
    { keepGoing: true },
  );
  expect(outcome).toMatchObject({ status: 'failed', statusDetail: 'stage:a:failed' });
  expect(verdicts(outcome)).toEqual({ a: 'failed', b: 'succeeded', c: 'failed' });
});

test('an allowed failure lets the run succeed and keeps its own facts', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline(
      'p',
      command('a', 'exit 3', { allowFailure: true, summaryHint: 'all fine' }),
      command('b', 'true'),
    ),
  ]);
  expect(outcome.status).toBe('succeeded');
  expect(verdicts(outcome)).toEqual({ a: 'skipped (allowed-failure)', b: 'succeeded' });
  expect(outcome.manifest.commands[0]).toMatchObject({
    exit_code: 3,
    outcome: 'exited',
    allow_failure: true,
    summary: 'Exited with code 3',
  });
  expect(outcome.manifest.commands[0]?.error_file).toMatch(/errors\/01-a\.json$/);
});

test('an error file says why a command failed and what it printed last', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('fail', 'echo out; echo err >&2; kill -9 $$')),
  ]);
  const [stage] = outcome.manifest.commands;
  const file = (await rig.readJson(stage?.error_file ?? '')) as Record<string, unknown>;
  expect(file).toMatchObject({
    run_id: outcome.manifest.run_id,
    task_id: 'task',
    command_index: 1,
    command_id: 'fail',
    command: 'echo out; echo err >&2; kill -9 $$',
    reason: 'command-failed',
    details: {
      outcome: 'signalled',
      exit_code: 137,
      signal: 'SIGKILL',
      attempts: 1,
      stderr: 'err\n',
      stdout: 'out\n',
    },
  });
});

test('a command that cannot be started is an error of its stage', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', { kind: 'command', id: 'a', command: ['no-such-program-anywhere'] }),
  ]);
  expect(outcome.statusDetail).toBe('stage:a:error');
  expect(outcome.manifest.commands[0]).toMatchObject({ outcome: 'spawn-failed', exit_code: 127 });
  const file = (await rig.readJson(outcome.manifest.commands[0]?.error_file ?? '')) as object;
  expect(file).toMatchObject({ reason: 'command-execution-error', details: { errno: 'ENOENT' } });
});

test('an argument list reaches the program without a shell', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', { kind: 'command', id: 'a', command: ['printf', '%s|', '$HOME', "a 'b'", '*'] }),
  ]);
  expect(outcome.manifest.commands[0]).toMatchObject({
    summary: "$HOME|a 'b'|*|",
    command: `printf '%s|' '$HOME' 'a '\\''b'\\''' '*'`,
  });
});

test('commands are started with the variables of the run, the stage having the last word', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run(
    [pipeline('p', command('show', 'env', { env: { OWN: 'x', CODEX_ORCHESTRATOR_OUT_DIR: '' } }))],
    {
      environment: { PATH: process.env['PATH'], INHERITED: 'yes' },
      packageRoot: '/tool',
      binPath: '/tool/bin.js',
      nonInteractive: true,
    },
  );
  const log = await rig.read(outcome.manifest.commands[0]?.log_path ?? '');
  const { layout, manifest } = outcome;
  expect(log.split('\n')).toEqual(
    expect.arrayContaining([
      'INHERITED=yes',
      'OWN=x',
      'CODEX_ORCHESTRATOR_TASK_ID=task',
      `CODEX_ORCHESTRATOR_RUN_ID=${manifest.run_id}`,
      'CODEX_ORCHESTRATOR_PIPELINE_ID=p',
      `CODEX_ORCHESTRATOR_MANIFEST_PATH=${layout.manifestPath}`,
      `CODEX_ORCHESTRATOR_RUN_DIR=${layout.runDir}`,
      `CODEX_ORCHESTRATOR_RUNS_DIR=${rig.path('.runs')}`,
      'CODEX_ORCHESTRATOR_OUT_DIR=',
      `CODEX_ORCHESTRATOR_ROOT=${rig.root}`,
      'CODEX_ORCHESTRATOR_PACKAGE_ROOT=/tool',
      'CODEX_ORCHESTRATOR_BIN=/tool/bin.js',
      'CODEX_NON_INTERACTIVE=1',
      'CODEX_INTERACTIVE=0',
    ]),
  );
});

test('what a stage leaves running is ended and mentioned', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('daemon', 'sleep 1000 >/dev/null 2>&1 & echo started')),
  ]);
  expect(outcome.status).toBe('succeeded');
  expect(outcome.manifest.summary).toContain(
    "Stage 'daemon' left processes behind, which were ended.",
  );
});

test('fifty stages cost three writes of the manifest, and one more for each second', async () => {
  await using rig = await createRunRig();
  const stages = Array.from({ length: 50 }, (_, index) => command(`s${index}`, ':'));
  const outcome = await rig.run([pipeline('p', ...stages)]);
  const manifest = JSON.parse(await readFile(outcome.layout.manifestPath, 'utf8')) as {
    observability: { manifest_writes: number; journal_lines: number };
    duration_ms: number;
  };
  expect(manifest.observability.journal_lines).toBe(152);
  expect(manifest.observability.manifest_writes).toBeLessThanOrEqual(
    3 + Math.ceil(manifest.duration_ms / 1000),
  );
});

test('the record of a run takes what the caller knows about it', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([pipeline('p', command('a', 'true'))], {
    taskSlug: 'slug',
    approvalPolicy: 'never',
    recordedOptions: { keep_going: false },
    parentRunId: '2026-01-06T06-53-37-814Z-c285a360',
    runsDir: 'kept/runs',
  });
  expect(outcome.manifest).toMatchObject({
    task_slug: 'slug',
    approval_policy: 'never',
    options: { keep_going: false },
    parent_run_id: '2026-01-06T06-53-37-814Z-c285a360',
  });
  expect(outcome.layout.runDir.startsWith(rig.path('kept/runs/task/cli/'))).toBe(true);
});

test('a parallelism that is none is refused before anything is recorded', async () => {
  await using rig = await createRunRig();
  const run = rig.run([pipeline('p', command('a', 'true'))], { maxParallel: 0 });
  await expect(run).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  expect(await rig.list()).toEqual([]);
});
