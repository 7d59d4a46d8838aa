import { fileURLToPath } from 'node:url';

import { createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { openRunRecord, parseManifest, readManifest } from '../src/index.js';
import type { Manifest } from '../src/index.js';
import { sampleLayout, sampleStart, stageStarted } from './sample-run.js';

function peerFile(name: string): string {
  return fileURLToPath(new URL(`./fixtures/peer/${name}.json`, import.meta.url));
}

async function ownManifest(): Promise<Record<string, unknown>> {
  await using rig = await createRig();
  const layout = sampleLayout(rig.root);
  const record = await openRunRecord(sampleStart(layout));
  record.append(stageStarted(1));
  await record.seal({ status: 'cancelled', status_detail: 'signal:SIGINT', duration_ms: 1 });
  return (await rig.readJson(layout.relative(layout.manifestPath))) as Record<string, unknown>;
}

function parsed(value: unknown) {
  const result = parseManifest(value);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

test.for([
  ['failed', { status: 'failed', pipeline_id: 'failing' }],
  ['with-child-run', { status: 'succeeded', pipeline_id: 'parent' }],
  ['exec', { status: 'succeeded', pipeline_id: 'exec' }],
] as const)('the peer record "%s" is read without damage', async ([name, facts]) => {
  const { manifest, problems } = await readManifest(peerFile(name));
  expect(problems).toEqual([]);
  expect(manifest).toMatchObject({ ...facts, owner: null, tool: null, attempt: 1 });
});

test('what a peer record says beyond this format is kept and named', async () => {
  const { manifest, unknownFields } = await readManifest(peerFile('failed'));
  expect(unknownFields).toMatchInlineSnapshot(`
    [
      "issue_provider",
      "issue_id",
      "issue_identifier",
      "issue_updated_at",
      "provider_launch_source",
      "provider_control_host_task_id",
      "provider_control_host_run_id",
      "collab_tool_calls",
      "guardrails_required_source",
      "runtime_mode_requested",
      "runtime_mode",
      "runtime_provider",
      "runtime_fallback",
      "cloud_execution",
      "cloud_fallback",
      "learning",
      "tfgrpo",
      "memory",
      "control_plane",
      "scheduler",
      "collab_tool_calls_max_events",
    ]
  `);
  expect(manifest).toHaveProperty('privacy.totals.total_frames', 8);
  expect(manifest.commands.map(({ status, reason }) => [status, reason])).toEqual([
    ['succeeded', null],
    ['skipped', null],
    ['failed', null],
    ['pending', null],
  ]);
});

test('unknown members survive, at every depth', async () => {
  const value = await ownManifest();
  const stages = value['commands'] as object[];
  const newer = {
    ...value,
    version: 2,
    carbon_grams: 3,
    commands: stages.map((stage) => ({ ...stage, cost: { usd: 1 } })),
    tool: { ...(value['tool'] as object), channel: 'beta' },
  };
  const { manifest, unknownFields, problems } = parsed(newer);
  expect(manifest).toEqual(newer);
  expect(unknownFields.toSorted()).toEqual(['carbon_grams', 'commands[].cost', 'tool.channel']);
  expect(problems).toEqual(['version: this record has format 2, known is 1']);
});

test('a damaged field costs itself and is named', async () => {
  const value = await ownManifest();
  const { manifest, problems } = parsed({
    ...value,
    summary: 7,
    attempt: '2',
    owner: { pid: 'x' },
    heartbeat_at: 'yesterday',
  });
  expect(problems.toSorted()).toEqual([
    'attempt: expected number, got "2"',
    'heartbeat_at: expected datetime, got "yesterday"',
    'owner.boot_id: expected string, got nothing',
    'owner.host: expected string, got nothing',
    'owner.namespace: expected string, got nothing',
    'owner.pid: expected number, got "x"',
    'owner.process_started_at: expected string, got nothing',
    'summary: expected string, got 7',
  ]);
  expect(manifest).toEqual({
    ...value,
    summary: null,
    attempt: 1,
    owner: null,
    heartbeat_at: null,
  });
});

test('a damaged stage costs the field, or the stage where it is none', async () => {
  const value = await ownManifest();
  const [first, second] = value['commands'] as Manifest['commands'];
  const { manifest, problems } = parsed({
    ...value,
    commands: [{ ...first, status: 'exploded', exit_code: 1.5 }, 'gone', { ...second, index: 3 }],
  });
  expect(problems).toEqual([
    'commands[0].status: expected "pending" | "running" | "succeeded" | "failed" | "skipped" | "cancelled" | "interrupted", got "exploded"',
    'commands[0].exit_code: expected int, got 1.5',
    'commands[1]: expected object, got "gone"',
  ]);
  expect(manifest.commands).toEqual([
    { ...first, status: 'pending', exit_code: null },
    expect.objectContaining({ index: 2, id: 'stage-2', status: 'pending' }),
    { ...second, index: 3 },
  ]);
});

test('a list of stages that is no list reads as no stages', async () => {
  const { manifest, problems } = parsed({ ...(await ownManifest()), commands: { 0: 'x' } });
  expect(manifest.commands).toEqual([]);
  expect(problems).toEqual(['commands: expected array, got an object']);
});

test('every field may be missing but the four that make a record', async () => {
  const value = await ownManifest();
  for (const field of Object.keys(value)) {
    const result = parseManifest({ ...value, [field]: undefined });
    const essential = ['task_id', 'run_id', 'status', 'started_at'].includes(field);
    expect(result.ok, field).toBe(!essential);
    if (result.ok) expect(result.value.manifest, field).toHaveProperty(field);
  }
});

test.for([
  ['no JSON', '{"run_id": ', 'MANIFEST_DAMAGED'],
  ['another value', '[]', 'MANIFEST_DAMAGED'],
  ['a record without identity', '{"status":"failed"}', 'MANIFEST_DAMAGED'],
] as const)('%s is no manifest', async ([, text, code]) => {
  await using rig = await createRig();
  await rig.write({ 'manifest.json': text });
  await expect(readManifest(rig.path('manifest.json'))).rejects.toMatchObject({ code });
});

test('a missing manifest and an unreadable one are told apart', async () => {
  await using rig = await createRig();
  await expect(readManifest(rig.path('none.json'))).rejects.toMatchObject({
    code: 'MANIFEST_NOT_FOUND',
    path: rig.path('none.json'),
  });
  await expect(readManifest(rig.root)).rejects.toMatchObject({ code: 'MANIFEST_UNREADABLE' });
});
