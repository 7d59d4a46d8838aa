import { readdir, rm } from 'node:fs/promises';

import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';

async function rigWithRuns(count: number, command = 'echo done'): Promise<Rig> {
  const rig = await createRig();
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'build', command }) });
  for (let run = 0; run < count; run += 1) await call(['start', '--task=t'], { cwd: rig.root });
  return rig;
}

test('a run is written as a page beside the results of its task, and its record stays sealed', async () => {
  await using rig = await rigWithRuns(3);
  const answer = onlyJson(await call(['report', '--task=t', '--format=json'], { cwd: rig.root }));
  const runId = String(answer['run_id']);
  const path = rig.path(`out/t/report/${runId}.html`);
  expect(answer).toMatchObject({ path, verdict: 'intact', status: 'succeeded', earlier_runs: 2 });
  const page = await rig.read(`out/t/report/${runId}.html`);
  expect(Buffer.byteLength(page)).toBe(answer['bytes']);
  expect(page).toContain(runId);
  expect(page).not.toContain('<script');
  expect((await call(['verify', '--all'], { cwd: rig.root })).exitCode).toBe(0);
});

test('the page goes where it is wanted, and replaces what was there as a whole', async () => {
  await using rig = await rigWithRuns(1);
  await rig.write({ 'page.html': 'old' });
  const result = await call(['report', '--html=page.html'], { cwd: rig.root });
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toContain(`Page: ${rig.path('page.html')}`);
  expect(await rig.read('page.html')).toContain('<!doctype html>');
  expect(await rig.list()).not.toContainEqual(expect.stringMatching(/\.tmp/));
});

test('a record that was altered is reported as damaged', async () => {
  await using rig = await rigWithRuns(1);
  const [runId = ''] = await readdir(rig.path('.runs/t/cli')).then((names) =>
    names.filter((name) => /^\d/.test(name)),
  );
  const log = `.runs/t/cli/${runId}/commands/01-build.log`;
  await rig.write({ [log]: `${await rig.read(log)}more` });
  const answer = onlyJson(await call(['report', runId, '--format=json'], { cwd: rig.root }));
  expect(answer).toMatchObject({ verdict: 'damaged' });
  expect(await rig.read(`out/t/report/${runId}.html`)).toContain('01-build.log');
});

test('a run that failed says why on its page', async () => {
  await using rig = await rigWithRuns(1, 'echo "Error: the disk is full"; exit 3');
  const answer = onlyJson(await call(['report', '--format=json'], { cwd: rig.root }));
  const page = await rig.read(`out/t/report/${String(answer['run_id'])}.html`);
  expect(page).toContain('the disk is full');
});

test('without a history there is no trend; without a run there is no page', async () => {
  await using rig = await rigWithRuns(1);
  await rm(rig.path('.runs/t/metrics.json'));
  const answer = onlyJson(await call(['report', '--format=json'], { cwd: rig.root }));
  expect(answer).toMatchObject({ earlier_runs: 0 });
  const missing = await call(['report', '--task=other'], { cwd: rig.root });
  expect(missing.exitCode).toBe(2);
  expect(missing.stderr).toContain('No run');
});
