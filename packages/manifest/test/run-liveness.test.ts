import { createManualClock, createRig } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import { effectiveStatus, foldEvents, openRunRecord } from '../src/index.js';
import type { Manifest } from '../src/index.js';
import { startedEvent } from '../src/started-event.js';
import { sampleLayout, sampleStart } from './sample-run.js';

const startMs = Date.UTC(2026, 0, 6, 6, 53, 38);

function runningSince(change: Partial<Manifest> = {}): Manifest {
  const at = new Date(startMs).toISOString();
  const manifest = foldEvents([startedEvent(sampleStart(sampleLayout('/repo')), at)]);
  if (!manifest) throw new Error('no record');
  return { ...manifest, ...change };
}

function statusOf(manifest: Manifest, liveness: 'alive' | 'dead' | 'unknown', ageSeconds = 0) {
  const clock = createManualClock(startMs + ageSeconds * 1000);
  return effectiveStatus(manifest, { liveness: () => liveness, clock });
}

test('a run with a living owner goes on, however old its heartbeat', () => {
  expect(statusOf(runningSince(), 'alive', 3600)).toMatchObject({
    status: 'in_progress',
    reason: 'owner-alive',
  });
});

test('a run with a dead owner is interrupted, however young its heartbeat', () => {
  expect(statusOf(runningSince(), 'dead')).toEqual({
    status: 'interrupted',
    reason: 'owner-dead',
    lastSeenAt: '2026-01-06T06:53:38.000Z',
  });
});

test('where the owner cannot be asked, its heartbeat decides', () => {
  expect(statusOf(runningSince(), 'unknown', 30)).toMatchObject({
    status: 'in_progress',
    reason: 'heartbeat-fresh',
  });
  expect(statusOf(runningSince(), 'unknown', 31)).toMatchObject({
    status: 'interrupted',
    reason: 'heartbeat-stale',
  });
});

test('a record without an owner is judged by its heartbeat', () => {
  const peer = runningSince({ owner: null });
  expect(statusOf(peer, 'alive', 29).status).toBe('in_progress');
  expect(statusOf(peer, 'alive', 31).status).toBe('interrupted');
});

test('without a heartbeat the last update counts, and a time that is none counts as long ago', () => {
  const silent = runningSince({ owner: null, heartbeat_at: null });
  expect(statusOf(silent, 'alive', 29).status).toBe('in_progress');
  expect(statusOf({ ...silent, updated_at: '' }, 'alive', 0).status).toBe('interrupted');
});

test('a recorded end stands, whatever became of the owner', () => {
  const ended = runningSince({ status: 'failed', completed_at: '2026-01-06T07:00:00.000Z' });
  expect(statusOf(ended, 'dead', 3600)).toEqual({
    status: 'failed',
    reason: 'recorded',
    lastSeenAt: '2026-01-06T07:00:00.000Z',
  });
});

test('a queued run of a dead owner is interrupted too', () => {
  expect(statusOf(runningSince({ status: 'queued' }), 'dead').status).toBe('interrupted');
});

test('the owner of a record that is open here is alive', async () => {
  await using rig = await createRig();
  await using record = await openRunRecord(sampleStart(sampleLayout(rig.root)));
  expect(effectiveStatus(record.manifest).status).toBe('in_progress');
});
