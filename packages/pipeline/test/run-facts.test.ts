import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { systemClock } from '@codex-orchestrator/core';
import type { Artifact, RunEvent } from '@codex-orchestrator/manifest';
import { expect, test } from 'vitest';

import type { RunOutcome } from '../src/index.js';
import { command, createRunRig, journalOf, pipeline } from './run-rig.js';

/** What the file that an artifact names holds now. */
async function onDisk({ layout }: RunOutcome, { path }: Artifact): Promise<Artifact> {
  const bytes = await readFile(`${layout.runDir}/${path}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, bytes: bytes.byteLength, sha256 };
}

async function eventsOf<Type extends RunEvent['type']>(
  outcome: RunOutcome,
  type: Type,
): Promise<Extract<RunEvent, { type: Type }>[]> {
  const events = await journalOf(outcome);
  return events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
}

test('the journal names the process of every attempt while it runs', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline(
      'p',
      // The command itself finds its process in the journal before it ends.
      command(
        'a',
        'echo $$ >> pids; until grep -q "\\"pid\\":$$" "$CODEX_ORCHESTRATOR_RUN_DIR/runner.ndjson"; do sleep 0.01; done; exit 1',
        { retries: { max: 1, backoffMs: 0 }, timeoutMs: 20_000 },
      ),
    ),
  ]);
  const pids = (await rig.read('pids')).trim().split('\n').map(Number);
  const spawned = await eventsOf(outcome, 'stage.spawned');
  expect(spawned.map(({ attempt, pid, process_group }) => [attempt, pid, process_group])).toEqual(
    pids.map((pid, at) => [at + 1, pid, pid]),
  );
  if (process.platform === 'linux') {
    expect(spawned[0]?.process_started_at).toMatch(/^\d+$/);
  }
  expect(outcome.manifest.commands[0]?.process?.pid).toBe(pids[1]);
});

test('a command that cannot be started has no process', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([pipeline('p', command('a', '', { command: ['/no/such/thing'] }))]);
  expect(outcome.status).toBe('failed');
  expect(await eventsOf(outcome, 'stage.spawned')).toEqual([]);
});

test('the ends of stages name their files with what was written into them', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('a', 'echo out; exit 3', { retries: { max: 1, backoffMs: 0 } })),
  ]);
  const [retried] = await eventsOf(outcome, 'stage.retried');
  const [finished] = await eventsOf(outcome, 'stage.finished');
  expect(retried?.artifacts?.map(({ path }) => path)).toEqual(['commands/01-a.attempt-1.log']);
  expect(finished?.artifacts?.map(({ path }) => path)).toEqual([
    'commands/01-a.log',
    'errors/01-a.json',
  ]);
  for (const artifact of [...(retried?.artifacts ?? []), ...(finished?.artifacts ?? [])]) {
    expect(await onDisk(outcome, artifact)).toEqual(artifact);
  }
});

test('a log that its own command wrote into does not have the recorded digest', async () => {
  await using rig = await createRunRig();
  const outcome = await rig.run([
    pipeline('p', command('a', 'echo forged > "$CODEX_ORCHESTRATOR_RUN_DIR/commands/01-a.log"')),
  ]);
  const [finished] = await eventsOf(outcome, 'stage.finished');
  const log = finished?.artifacts?.[0];
  if (!log) throw new Error('no log');
  expect((await onDisk(outcome, log)).sha256).not.toBe(log.sha256);
});

test('stages are recorded with the digest of their definition and of their inputs', async () => {
  await using rig = await createRunRig();
  await rig.write({ 'src/x': '1' });
  const stages = [command('a', 'true', { inputs: ['src/**'] }), command('b', 'true')];
  const first = (await rig.run([pipeline('p', ...stages)])).manifest.commands;
  const second = (await rig.run([pipeline('p', ...stages)])).manifest.commands;
  await rig.write({ 'src/x': '2' });
  const third = (await rig.run([pipeline('p', ...stages)])).manifest.commands;
  expect(first.map(({ definition_hash }) => definition_hash)).toEqual(
    third.map(({ definition_hash }) => definition_hash),
  );
  expect(first[0]?.definition_hash).toMatch(/^[0-9a-f]{64}$/);
  expect(first[0]?.inputs_hash).toMatch(/^[0-9a-f]{64}$/);
  expect(second[0]?.inputs_hash).toBe(first[0]?.inputs_hash);
  expect(third[0]?.inputs_hash).not.toBe(first[0]?.inputs_hash);
  expect(first[1]?.inputs_hash).toBeNull();
});

test('a wall clock that is set back again and again makes no negative duration', async () => {
  await using rig = await createRunRig();
  let nowMs = Date.UTC(2026, 0, 6);
  const clock = { ...systemClock, nowMs: () => (nowMs -= 60_000) };
  const { manifest } = await rig.run(
    [pipeline('p', command('a', 'exit 1', { retries: { max: 1, backoffMs: 0 } }))],
    { clock },
  );
  expect(manifest.duration_ms).toBeGreaterThan(0);
  expect(manifest.active_seconds).toBeGreaterThan(0);
  expect(manifest.commands[0]?.duration_ms).toBeGreaterThan(0);
});
