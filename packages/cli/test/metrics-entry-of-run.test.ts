import { expect, test } from 'vitest';

import { entryOfRun } from '../src/metrics/entry-of-run.js';
import type { EntryContext } from '../src/metrics/entry-of-run.js';
import { describeMachine } from '../src/metrics/machine.js';
import { waitMs } from '../src/metrics/wait-ms.js';
import { at, manifestWith, stageWith, startedAt } from './metrics-entry-manifest.js';

const machine = {
  id: '0123456789ab',
  cpus: 4,
  cpu_model: 'AMD EPYC 7763 64-Core Processor',
  memory_mb: 16_384,
  os: 'linux',
  arch: 'x64',
  node: 'v20.20.2',
};
const context: EntryContext = {
  recordedAt: at(10_010),
  usage: new Map(),
  maxPrivacyEvents: -1,
  machine,
  host: 'here',
  toolVersion: '0.1.0',
};
const cost = { manifest_writes: 5, manifest_bytes: 34_567, journal_lines: 12, fsyncs: 7 };

const looked = {
  mode: 'enforce',
  decisions: [
    {
      handle_id: 'a',
      sequence: 1,
      action: 'redact',
      rule: 'named-value',
      timestamp: at(1000),
      stage_id: 'a',
      count: 3,
    },
  ],
  totals: { total_frames: 9, redacted_frames: 3, blocked_frames: 0, allowed_frames: 6 },
  log_path: null,
} as const;

test('an entry says what the record says, and what it cost', () => {
  const manifest = manifestWith(
    [
      stageWith({ id: 'a', command: 'npm run build' }),
      stageWith({ id: 'b', command: 'codex exec', attempts: 2, started_at: at(1000) }),
      stageWith({
        id: 'c',
        command: 'npm test',
        status: 'failed',
        started_at: at(3000),
        duration_ms: 4000,
      }),
      stageWith({ id: 'd', status: 'pending', attempts: 0, started_at: null, duration_ms: null }),
    ],
    {
      privacy: looked,
      status: 'failed',
      attempt: 2,
      recoveries: [],
      options: {
        tfgrpo_epoch: 3,
        tfgrpo_group_size: 8,
        tfgrpo_group_id: 'g',
        commit: '3f786850e387550fdab836ed7e6dc881de23001b',
        tags: 'cold,old',
      },
    },
  );
  const usage = new Map([['b', { tokens: 1500, costUsd: 0.01234567, toolCalls: 7 }]]);
  expect(entryOfRun(manifest, cost, { ...context, usage })).toStrictEqual({
    run_id: manifest.run_id,
    attempt: 2,
    parent_run_id: null,
    task_id: 't',
    pipeline_id: 'p',
    status: 'failed',
    started_at: startedAt,
    completed_at: at(10_000),
    duration_seconds: 10,
    active_seconds: 10.000123,
    gap_seconds: 0,
    commands_passed: 2,
    commands_failed: 1,
    stages: [
      { id: 'a', status: 'succeeded', duration_seconds: 1, attempts: 1 },
      { id: 'b', status: 'succeeded', duration_seconds: 1, attempts: 2 },
      { id: 'c', status: 'failed', duration_seconds: 4, attempts: 1 },
      { id: 'd', status: 'pending', duration_seconds: null, attempts: 0 },
    ],
    guardrails_present: false,
    recorded_at: at(10_010),
    artifact_path: '.runs/t/cli/r',
    child_runs: 0,
    control_plane_status: 'passed',
    scheduler_mode: null,
    instance_stats: [
      {
        instance_id: 't-general-01',
        capability: 'general',
        status: 'failed',
        attempts: 2,
        recovery_events: 0,
      },
    ],
    privacy_mode: 'enforce',
    privacy_log_path: null,
    privacy_event_count: 4,
    privacy_events_truncated: undefined,
    privacy_events: [
      looked.decisions[0],
      ...['a', 'b', 'c'].map((id, index) => ({
        handle_id: id,
        sequence: index + 2,
        action: 'allow',
        timestamp: at(1000),
      })),
    ],
    handle_count: 0,
    tfgrpo_epoch: 3,
    tfgrpo_group_id: 'g',
    tfgrpo_group_size: 8,
    tool_calls: 11,
    token_total: 1500,
    cost_usd: 0.012346,
    latency_ms: 6000,
    tool_stats: [
      { tool: 'npm', tokens: 0, cost_usd: 0, latency_ms: 5000, attempts: 2, status: 'failed' },
      {
        tool: 'codex',
        tokens: 1500,
        cost_usd: 0.012346,
        latency_ms: 1000,
        attempts: 2,
        status: 'succeeded',
      },
    ],
    learning_validation_status: 'pending',
    learning_snapshot_status: null,
    learning_scenario_status: null,
    learning_crystalizer_status: null,
    learning_alerts: 0,
    learning_group_id: null,
    learning_review_rejections: 0,
    learning_review_latency_ms: null,
    learning_regressions_detected: 0,
    learning_pattern_promoted: 0,
    learning_pattern_deprecated: 0,
    learning_throughput_candidates: 0,
    manifest_writes: 5,
    manifest_bytes: 34_567,
    wait_ms: 4000,
    machine,
    tool_version: '0.1.0',
    commit: '3f786850e387550fdab836ed7e6dc881de23001b',
    tags: ['cold', 'old'],
    journal_lines: 12,
    fsyncs: 7,
  });
});

test('an ordinary run is complete, in less than 4 KB', () => {
  const ids =
    'delegation-guard spec-guard build lint typecheck unit-test docs-check freshness diff review';
  const stages = ids.split(' ').map((id, index) =>
    stageWith({
      id,
      command: `${['npm', 'node', 'npx eslint', 'npx tsc', 'codex'][index % 5] ?? ''} run ${id}`,
      started_at: at(index * 1000),
      completed_at: at(index * 1000 + 1000),
      duration_ms: 987.654,
    }),
  );
  const runId = '2026-11-21T10-00-00-000Z-aaaaaaaaaaaa';
  const manifest = manifestWith(stages, {
    privacy: looked,
    pipeline_id: 'implementation-gate',
    task_id: 'codex-orchestrator',
    artifact_root: `.runs/codex-orchestrator/cli/${runId}`,
  });
  const entry = entryOfRun(manifest, cost, context);
  expect(entry.privacy_events).toHaveLength(11);
  expect(entry.instance_stats).toHaveLength(1);
  expect(entry.control_plane_status).toBe('passed');
  expect(JSON.stringify(entry).length).toBeLessThan(4096);
});

test.each([
  [-1, 4, undefined],
  [4, 4, undefined],
  [2, 2, true],
  [0, 0, true],
])('of four privacy events, a limit of %d keeps %d', (maxPrivacyEvents, kept, truncated) => {
  const manifest = manifestWith(
    ['a', 'b', 'c'].map((id) => stageWith({ id })),
    { privacy: looked },
  );
  const entry = entryOfRun(manifest, cost, { ...context, maxPrivacyEvents });
  expect(entry.privacy_events).toHaveLength(kept);
  expect(entry.privacy_event_count).toBe(4);
  expect(entry.privacy_events_truncated).toBe(truncated);
  expect(entry.privacy_events?.[0]?.action).toBe(kept === 0 ? undefined : 'redact');
});

test('of a run in whose output nobody looked for secrets, nothing was decided', () => {
  const entry = entryOfRun(manifestWith([stageWith({ id: 'a' })]), cost, context);
  expect(entry).toMatchObject({ privacy_mode: null, privacy_events: [], privacy_event_count: 0 });
});

test('a run of another machine has no machine; one that names none has this', () => {
  const owner = { pid: 1, process_started_at: null, boot_id: null, namespace: null };
  const machineOf = (host: string): unknown =>
    entryOfRun(manifestWith([], { owner: { ...owner, host } }), cost, context).machine;
  expect(machineOf('here')).toBe(machine);
  expect(machineOf('there')).toBeNull();
  expect(entryOfRun(manifestWith([]), cost, context).machine).toBe(machine);
});

test('a recovered run says so', () => {
  const recovery = {
    timestamp: at(60_000),
    by: { pid: 1, process_started_at: null, boot_id: null, namespace: null, host: 'here' },
    reason: 'owner-dead',
    last_seen_at: at(5000),
    torn_bytes: 0,
    torn_path: null,
    lost_lines: 0,
    ended_groups: [],
  };
  const manifest = manifestWith(
    [
      stageWith({ id: 'a' }),
      stageWith({
        id: 'b',
        status: 'interrupted',
        started_at: at(2000),
        completed_at: at(60_000),
        duration_ms: null,
      }),
    ],
    {
      status: 'interrupted',
      completed_at: at(60_000),
      duration_ms: 5000,
      recoveries: [recovery],
    },
  );
  expect(entryOfRun(manifest, cost, context)).toMatchObject({
    status: 'interrupted',
    duration_seconds: 5,
    instance_stats: [{ status: 'interrupted', attempts: 1, recovery_events: 1 }],
    tool_stats: [{ tool: 'true', status: 'interrupted', latency_ms: 1000 }],
    wait_ms: 1000,
  });
});

test('a subpipeline is no tool: its commands count in its own run', () => {
  const child = stageWith({ id: 'a', kind: 'subpipeline', command: null });
  const entry = entryOfRun(manifestWith([child], { privacy: looked }), cost, context);
  expect(entry).toMatchObject({ tool_calls: 0, tool_stats: [], latency_ms: 0 });
  expect(entry.privacy_events).toHaveLength(2);
});

test('waiting is the time in which no stage ran, in the last attempt alone', () => {
  const stage = (id: string, from: number, duration_ms: number | null) =>
    stageWith({ id, started_at: at(from), completed_at: at(from + 3000), duration_ms });
  const one = [stage('a', 1000, 2000), stage('b', 2000, 2000), stage('c', 9000, 5000)];
  expect(waitMs(manifestWith(one))).toBe(6000);
  expect(waitMs(manifestWith([stage('a', 1000, null)]))).toBe(7000);
  expect(waitMs(manifestWith([]))).toBe(10_000);
  const resume = (outcome: 'accepted' | 'blocked', ms: number) => ({
    timestamp: at(ms),
    actor: 'cli',
    reason: 'again',
    outcome,
  });
  const resume_events = [resume('accepted', 8000), resume('blocked', 9900)];
  expect(waitMs(manifestWith(one, { resume_events }))).toBe(1000);
  // A wall clock that was set back.
  expect(waitMs(manifestWith(one, { completed_at: at(-5000) }))).toBe(0);
});

test('the machine is described in a moment, and the same each time', () => {
  const platform = { os: 'linux', arch: 'x64', node: 'v20' };
  const described = describeMachine(platform);
  expect(described).toStrictEqual(describeMachine(platform));
  expect(described).toMatchObject(platform);
  expect(described.id).toMatch(/^[0-9a-f]{12}$/);
  expect(described.cpu_model).not.toBe('');
  expect(described.cpus).toBeGreaterThan(0);
  expect(described.memory_mb).toBeGreaterThan(0);
});
