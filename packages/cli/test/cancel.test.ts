import { createRig } from '@codex-orchestrator/testing';
import type { Rig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { call, onlyJson } from './call.js';
import { pipelineOf } from './pipeline-of.js';

/** A record that says that another process is running it. */
async function leaveRunOf(rig: Rig, owner: object | null): Promise<void> {
  await rig.write({ 'codex.orchestrator.json': pipelineOf({ id: 'a' }) });
  const run = onlyJson(await call(['start', '--task=t', '--format=json'], { cwd: rig.root }));
  const folder = String(run['artifact_root']);
  const path = `${folder}/manifest.json`;
  const manifest = (await rig.readJson(path)) as Record<string, unknown>;
  const changed = owner === null ? null : { ...(manifest['owner'] as object), ...owner };
  const heartbeat_at = new Date().toISOString();
  const open = { status: 'in_progress', completed_at: null, heartbeat_at };
  const [first = ''] = (await rig.read(`${folder}/runner.ndjson`)).split('\n');
  await rig.write({
    [path]: { ...manifest, ...open, owner: changed },
    [`${folder}/runner.ndjson`]: `${first}\n`,
  });
}

test.each([
  ['on another host', { pid: process.pid, host: 'elsewhere' }],
  ['in another container', { pid: process.pid, namespace: 'pid:[1] time:[1]' }],
  ['that its record does not name', null],
])('cancel signals no process %s', async (_where, owner) => {
  await using rig = await createRig();
  await leaveRunOf(rig, owner);
  const result = await call(['cancel', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(3);
  expect(onlyJson(result)).toMatchObject({ error: { code: 'RUN_ELSEWHERE' }, exit_code: 3 });
});

test.each([
  ['the pid but not the start of the owner', { pid: process.pid, process_started_at: '1' }],
  ['the pid of the owner before a restart', { pid: process.pid, boot_id: 'before' }],
])('cancel signals no process with %s', async (_what, owner) => {
  await using rig = await createRig();
  await leaveRunOf(rig, owner);
  const result = await call(['cancel', '--format=json'], { cwd: rig.root });
  expect(result.exitCode).toBe(75);
  expect(onlyJson(result)).toMatchObject({ error: { code: 'RUN_INTERRUPTED' }, exit_code: 75 });
});
