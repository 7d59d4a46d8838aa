import type { Manifest } from '@codex-orchestrator/manifest';
import { expect, test } from 'vitest';

import { sampleOfEntry, sampleOfRun } from '../src/index.js';
import { machine } from './compare-rig.js';

const entry = {
  run_id: '2026-01-14T10-22-03-117Z-5f0c2a91',
  attempt: 2,
  task_id: '0941-metrics',
  pipeline_id: 'diagnostics',
  status: 'succeeded',
  recorded_at: '2026-01-14T10:23:13.342Z',
  started_at: '2026-01-14T11:22:03.117+01:00',
  duration_seconds: 70.193,
  active_seconds: 60.5,
  stages: [
    { id: 'build', status: 'succeeded', duration_seconds: 12.25, attempts: 1 },
    { id: 'guard', status: 'skipped', duration_seconds: null, attempts: 0 },
  ],
  manifest_writes: 5,
  manifest_bytes: 20_480,
  journal_lines: 12,
  fsyncs: 9,
  peak_memory_bytes: 52_000_000,
  machine: {
    id: machine.id,
    cpus: machine.cpus,
    cpu_model: machine.cpuModel,
    memory_mb: machine.memoryMb,
    os: machine.os,
    arch: machine.arch,
    node: machine.node,
  },
  tool_version: '0.1.0',
  commit: 'deadbeef',
  tags: ['a', 'b'],
};

test('a line of the history is a sample', () => {
  expect(sampleOfEntry(entry)).toStrictEqual({
    runId: entry.run_id,
    taskId: '0941-metrics',
    pipelineId: 'diagnostics',
    attempt: 2,
    status: 'succeeded',
    startedAt: '2026-01-14T10:22:03.117Z',
    commit: 'deadbeef',
    tags: ['a', 'b'],
    machine,
    toolVersion: '0.1.0',
    durationMs: 60_500,
    durationKind: 'active',
    stages: [
      { id: 'build', status: 'succeeded', durationMs: 12_250, attempts: 1 },
      { id: 'guard', status: 'skipped', durationMs: null, attempts: 0 },
    ],
    manifestWrites: 5,
    manifestBytes: 20_480,
    journalLines: 12,
    fsyncs: 9,
    peakMemoryBytes: 52_000_000,
    source: 'history',
  });
});

test('what an older line does not say is not known', () => {
  expect(sampleOfEntry({ run_id: 'a', status: 'failed', duration_seconds: 70.193 })).toMatchObject({
    attempt: 1,
    durationMs: 70_193,
    durationKind: 'elapsed',
    startedAt: null,
    machine: null,
    stages: [],
    tags: [],
    fsyncs: null,
  });
});

test.each([null, undefined, 7, 'text', [], {}, { run_id: 'a' }, { run_id: ' ', status: 'failed' }])(
  '%o is no line of the history',
  (value) => {
    expect(sampleOfEntry(value)).toBeUndefined();
  },
);

test('members that are not usable cost themselves alone', () => {
  const odd = {
    ...entry,
    attempt: -1,
    started_at: 'yesterday',
    active_seconds: -3,
    duration_seconds: '70',
    stages: [null, { id: 7 }, { id: 'x', duration_seconds: Number.NaN, attempts: 'many' }],
    fsyncs: Infinity,
    tags: 'a,b',
    machine: 'big',
  };
  expect(sampleOfEntry(odd)).toMatchObject({
    attempt: 1,
    startedAt: null,
    durationMs: null,
    durationKind: null,
    stages: [{ id: 'x', status: '', durationMs: null, attempts: 0 }],
    manifestWrites: 5,
    fsyncs: null,
    tags: [],
    machine: null,
  });
});

test('the record of a run is a sample; the line about the same attempt completes it', () => {
  const manifest = manifestOf({ attempt: 2, active_seconds: 60.5004, duration_ms: 70_193 });
  const alone = sampleOfRun(manifest);
  expect(alone).toMatchObject({
    runId: entry.run_id,
    commit: 'cafebabe',
    tags: ['x', 'y'],
    machine: null,
    durationMs: 60_500.4,
    durationKind: 'active',
    stages: [{ id: 'build', status: 'succeeded', durationMs: 12_250, attempts: 1 }],
    fsyncs: 14,
    source: 'manifest',
  });
  expect(sampleOfRun(manifest, entry)).toStrictEqual({
    ...alone,
    machine,
    manifestWrites: 5,
    manifestBytes: 20_480,
    journalLines: 12,
    fsyncs: 9,
    peakMemoryBytes: 52_000_000,
    source: 'history',
  });
  expect(sampleOfRun(manifest, { ...entry, attempt: 1 })).toStrictEqual(alone);
  expect(sampleOfRun(manifest, { ...entry, run_id: 'other' })).toStrictEqual(alone);
  expect(sampleOfRun(manifest, 'nothing')).toStrictEqual(alone);
});

test('a record of another tool lacks what it never counted', () => {
  const manifest = manifestOf({ observability: null, tool: null, options: {}, duration_ms: 5 });
  expect(sampleOfRun(manifest)).toMatchObject({
    commit: null,
    tags: [],
    toolVersion: null,
    durationMs: 5,
    durationKind: 'elapsed',
    manifestWrites: null,
    fsyncs: null,
  });
});

function manifestOf(changes: Partial<Manifest>): Manifest {
  const stage: Partial<Manifest['commands'][number]> = {
    id: 'build',
    status: 'succeeded',
    duration_ms: 12_250,
    attempts: 1,
  };
  const manifest: Partial<Manifest> = {
    run_id: entry.run_id,
    task_id: '0941-metrics',
    pipeline_id: 'diagnostics',
    attempt: 1,
    status: 'succeeded',
    started_at: '2026-01-14T10:22:03.117Z',
    tool: { name: 'codex-orchestrator', version: '0.1.0', node: '24.1.0', platform: 'linux' },
    active_seconds: null,
    duration_ms: null,
    commands: [stage as Manifest['commands'][number]],
    options: { commit: 'cafebabe', tags: 'x,y' },
    observability: {
      manifest_writes: 6,
      manifest_bytes: 24_000,
      journal_lines: 14,
      journal_bytes: 9000,
      fsyncs: 14,
    },
    ...changes,
  };
  return manifest as Manifest;
}
