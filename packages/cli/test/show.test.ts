import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';
import type { Stage } from './pipeline-of.js';

async function runStages(rig: Rig, task: string, ...stages: readonly Stage[]): Promise<string> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf(...stages) });
  const argv = ['start', '--format=json', '--task', task];
  return String(onlyJson(await call(argv, { cwd: rig.root }))['run_id']);
}

test('show has the verdict, the history, the stages and the evidence on one screen', async () => {
  await using rig = await createRig();
  const command = 'echo why; [ -e tried ] && exit 4; touch tried; exit 1';
  const runId = await runStages(
    rig,
    't',
    { id: 'a', command: 'echo fine' },
    { id: 'b', command, retries: { max: 1, backoffMs: 0 } },
    { id: 'c' },
  );
  const { exitCode, stdout, stderr } = await call(['show'], { cwd: rig.root });
  expect({ exitCode, stderr }).toStrictEqual({ exitCode: 0, stderr: '' });
  expect(withoutVariables(stdout, runId)).toMatchInlineSnapshot(`
    "Run:       <run> (task t, pipeline p)
    Verdict:   failed (1 of 3 stages succeeded, exit code 1, stage:b:failed)
    Record:    sealed, <journal>
    Time:      <date> to <date> (<time>)
    Attempts:  1
    Owner:     process <pid> on <host>
    Tool: <tool>
    Evidence:  <files>
    Privacy:   enforce: of <n> pieces of output 0 redacted, 0 blocked
    Manifest:  .runs/t/cli/<run>/manifest.json
    Journal:   .runs/t/cli/<run>/runner.ndjson
    Stages:
      1 [succeeded] a, <time>, commands/01-a.log (5 B)
      2 [failed] b, <time>, exited with code 4, 2 attempts, commands/02-b.log (4 B)
      3 [skipped] c, run-failed
    Look further:
      codex-orchestrator logs --run <run> --stage b
      codex-orchestrator retry --failed --run <run>
      codex-orchestrator verify --run <run>
    "
  `);
});

test('as JSON it is the manifest with what follows from it', async () => {
  await using rig = await createRig();
  const runId = await runStages(rig, 't', { id: 'a', command: 'echo 12' }, { id: 'b' });
  const shown = onlyJson(await call(['show', runId, '--format=json'], { cwd: rig.root }));
  const path = `.runs/t/cli/${runId}/manifest.json`;
  expect(shown).toMatchObject({
    ...((await rig.readJson(path)) as object),
    manifest: path,
    status: 'succeeded',
    recorded_status: 'succeeded',
    is_sealed: true,
    exit_code: 0,
    counts: { total: 2, succeeded: 2 },
    stage_logs: [
      { id: 'a', bytes: 3 },
      { id: 'b', bytes: 0 },
    ],
  });
});

test('of a run that nobody runs any more it says so', async () => {
  await using rig = await createRig();
  const runId = await runStages(rig, 't', { id: 'a' });
  const folder = `.runs/t/cli/${runId}`;
  const manifest = (await rig.readJson(`${folder}/manifest.json`)) as Record<string, unknown>;
  const [first = ''] = (await rig.read(`${folder}/runner.ndjson`)).split('\n');
  const owner = { ...(manifest['owner'] as object), pid: 4_194_303, process_started_at: '1' };
  const event = { ...(JSON.parse(first) as Record<string, unknown>), owner, chain: undefined };
  await rig.write({
    [`${folder}/manifest.json`]: { ...manifest, status: 'in_progress', completed_at: null, owner },
    [`${folder}/runner.ndjson`]: `${JSON.stringify(event)}\n`,
  });
  const shown = onlyJson(await call(['show', '--format=json'], { cwd: rig.root }));
  expect(shown).toMatchObject({
    status: 'interrupted',
    recorded_status: 'in_progress',
    is_sealed: false,
    exit_code: 75,
  });
  const { stdout } = await call(['show'], { cwd: rig.root });
  expect(stdout).toContain('Record:    not sealed: it says in_progress');
  expect(stdout).toMatch(/Owner: +process 4194303 on .*, dead\n/);
  const line = await call(['latest'], { cwd: rig.root });
  expect(line.stdout).toBe(`${runId} interrupted ${folder}/manifest.json\n`);
});

test('latest is one line, of a task or of all', async () => {
  await using rig = await createRig();
  expect((await call(['latest'], { cwd: rig.root })).exitCode).toBe(2);
  const first = await runStages(rig, 't', { id: 'a' });
  const second = await runStages(rig, 'u', { id: 'a' });
  expect(await call(['latest'], { cwd: rig.root })).toStrictEqual({
    exitCode: 0,
    stdout: `${second} succeeded .runs/u/cli/${second}/manifest.json\n`,
    stderr: '',
  });
  const argv = ['latest', '--task=t', '--format=json'];
  expect(onlyJson(await call(argv, { cwd: rig.root }))).toStrictEqual({
    run_id: first,
    status: 'succeeded',
    manifest: `.runs/t/cli/${first}/manifest.json`,
    task_id: 't',
  });
});

function withoutVariables(text: string, runId: string): string {
  return text
    .replaceAll(runId, '<run>')
    .replace(/\d+\.\ds/g, '<time>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<date>')
    .replace(/process \d+ on \S+/g, 'process <pid> on <host>')
    .replace(/\d+ journal lines, head [0-9a-f]{64}/g, '<journal>')
    .replace(/\d+ files with digests, [\d.]+ k?B/g, '<files>')
    .replace(/(?<=of )\d+(?= pieces)/g, '<n>')
    .replace(/(?<=Tool: +).*/g, '<tool>');
}
