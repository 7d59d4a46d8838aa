import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import type { CallResult } from './call.js';
import { pipelineOf } from './pipeline-of.js';
import type { Stage } from './pipeline-of.js';

const stamps = 'instruction-stamps';
const gateStage = { kind: 'gate', id: 'stamps', gate: stamps, command: undefined };

async function start(
  rig: Rig,
  stages: readonly Stage[],
  sections: object = {},
): Promise<CallResult> {
  await rig.write({ 'codex.orchestrator.json': { ...pipelineOf(...stages), ...sections } });
  return call(['start', '--task=t', '--format=json'], { cwd: rig.root });
}

/** One stage of the run as its manifest has it, and the folder of the run. */
async function recordOf(
  rig: Rig,
  index = 0,
): Promise<{ readonly stage: Record<string, unknown>; readonly folder: string }> {
  const path = (await rig.list('.runs')).find((name) => name.endsWith('/manifest.json')) ?? '';
  const { commands } = (await rig.readJson(path)) as {
    readonly commands: readonly Record<string, unknown>[];
  };
  return { stage: commands[index] ?? {}, folder: path.replace(/\/manifest\.json$/, '') };
}

test('a gate that fails ends the run, and what it found is evidence of the run', async () => {
  await using rig = await createRig();
  await rig.write({ 'AGENTS.md': 'Be careful.\n' });
  const result = await start(rig, [gateStage, { id: 'after' }]);
  expect(result.exitCode).toBe(1);
  const { stage, folder } = await recordOf(rig);
  expect(stage).toMatchObject({
    status: 'failed',
    outcome: 'gate-ended',
    exit_code: 1,
    summary: expect.stringMatching(
      /^Gate instruction-stamps: failed with 1 finding: AGENTS\.md/,
    ) as unknown,
    gate: { name: stamps, outcome: 'failed', dry_run: false, findings: 1, override: null },
  });
  const found = (await rig.list(folder)).find((name) => name.endsWith('.findings.json')) ?? '';
  const text = await rig.read(found);
  expect(JSON.parse(text)).toMatchObject({
    gate: stamps,
    exit_code: 1,
    findings: [{ rule: 'stamp-missing', file: 'AGENTS.md' }],
  });
  expect((await call(['verify'], { cwd: rig.root })).exitCode).toBe(0);
  await rig.write({ [found]: text.replace('stamp-missing', 'stamp-wrong') });
  expect((await call(['verify'], { cwd: rig.root })).exitCode).toBe(1);
});

test('a dry run of a gate lets the run go on and keeps what was found', async () => {
  await using rig = await createRig();
  await rig.write({ 'AGENTS.md': 'Be careful.\n' });
  const result = await start(rig, [{ ...gateStage, dryRun: true }, { id: 'after' }]);
  expect(result.exitCode).toBe(0);
  expect((await recordOf(rig)).stage).toMatchObject({
    status: 'succeeded',
    gate: { outcome: 'failed', dry_run: true, findings: 1 },
  });
});

test('a gate without a verdict fails its stage with 2, whatever it was to do with one', async () => {
  await using rig = await createRig();
  await rig.write({ 'tasks/index.json': '{ torn' });
  const stage = { ...gateStage, gate: 'tasks-sync', dryRun: true };
  expect((await start(rig, [stage])).exitCode).toBe(1);
  const record = (await recordOf(rig)).stage;
  expect(record).toMatchObject({ status: 'failed', exit_code: 2 });
  expect(record['gate'] ?? null).toBeNull();
});

test('what a stage does to the configuration does not set up the gates of its run', async () => {
  await using rig = await createRig();
  const file = 'docs/needed.md';
  const weaken = { id: 'weaken', command: `printf '{"pipelines":[]}' > codex.orchestrator.json` };
  const gates = { [stamps]: { files: [file] } };
  expect((await start(rig, [weaken, gateStage], { gates })).exitCode).toBe(1);
  expect((await recordOf(rig, 1)).stage).toMatchObject({ gate: { outcome: 'failed' } });
});

test('gates that are set up wrongly keep a run with a gate from beginning', async () => {
  await using rig = await createRig();
  const gates = { [stamps]: { files: 'AGENTS.md' } };
  const result = await start(rig, [gateStage], { gates });
  expect(result.exitCode).toBe(2);
  expect(onlyJson(result)).toMatchObject({ error: { code: 'INVALID_CONFIG' } });
  expect((await rig.list('.')).filter((name) => name.startsWith('.runs'))).toStrictEqual([]);
});

test('secrets in what a gate quotes are in neither log nor evidence', async () => {
  await using rig = await createRig();
  const secret = 'correct-horse-battery-staple';
  await rig.write({
    'codex.orchestrator.json': {
      ...pipelineOf(gateStage),
      gates: { [stamps]: { files: [`${secret}.md`] } },
    },
  });
  const env = { DEPLOY_TOKEN: secret };
  await call(['start', '--task=t'], { cwd: rig.root, env });
  const { folder } = await recordOf(rig);
  const left = (await rig.list(folder)).filter((name) => name.includes('commands/'));
  expect(left.length).toBeGreaterThan(1);
  for (const name of left) expect(await rig.read(name)).not.toContain(secret);
});
