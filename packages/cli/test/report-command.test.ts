import { readdir, rm, symlink } from 'node:fs/promises';

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

test('a run with an agent loop shows its iterations and findings, but follows no link to them', async () => {
  await using rig = await createRig();
  const agent = 'cat > /dev/null; echo step >> work; echo "summary: one <b>step</b> more"';
  await call(['rlm', 'two steps', '--task=t', '--validator=test "$(wc -l < work)" -eq 2'], {
    cwd: rig.root,
    env: { RLM_AGENT_COMMAND: agent },
  });
  const report = async (): Promise<string> => {
    const answer = onlyJson(await call(['report', '--format=json'], { cwd: rig.root }));
    return rig.read(`out/t/report/${String(answer['run_id'])}.html`);
  };
  const bare = await report();
  expect(bare.split('one &lt;b&gt;step&lt;/b&gt; more')).toHaveLength(3);
  expect(bare).toContain('validator-2.log');
  const [runId = ''] = await readdir(rig.path('.runs/t/cli')).then((names) =>
    names.filter((name) => /^\d/.test(name)),
  );
  const path = `.runs/t/cli/${runId}/rlm/findings.json`;
  const hotspot = { title: 'total is slow', hotspot: { file: 'a.js' }, evidence: [] };
  const findings = JSON.stringify({ findings: [hotspot] });
  await rig.write({ [path]: findings, 'elsewhere.json': findings });
  expect(await report()).toContain('total is slow');
  await rm(rig.path(path));
  await symlink(rig.path('elsewhere.json'), rig.path(path));
  expect(await report()).not.toContain('total is slow');
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
