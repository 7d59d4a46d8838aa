import { expect, test } from 'vitest';

import { buildDocuments } from '../src/fold/documents.js';
import { foldEntries } from '../src/fold/fold-entries.js';

const history = [
  {
    run_id: 'a',
    status: 'succeeded',
    recorded_at: '2026-01-01T00:00:00.000Z',
    pipeline_id: 'diagnostics',
    duration_seconds: 40.5,
    control_plane_status: 'passed',
    instance_stats: [{ instance_id: 'i' }],
    privacy_events: [{ action: 'allow' }],
    tfgrpo_epoch: 2,
    tfgrpo_group_size: 4,
    tool_calls: 2,
    token_total: 1500,
    cost_usd: 0.003,
    latency_ms: 1250,
    tool_stats: [
      { tool: 'shell', tokens: 1000, cost_usd: 0.002, latency_ms: 1000 },
      { tool: 'search', tokens: 500, cost_usd: 0.001, latency_ms: 250 },
    ],
    learning_validation_status: 'validated',
    learning_snapshot_status: 'captured',
    learning_alerts: 0,
    learning_review_rejections: 1,
    learning_review_latency_ms: 500,
    learning_regressions_detected: 0,
    learning_pattern_promoted: 2,
    learning_pattern_deprecated: 0,
    learning_throughput_candidates: 1,
  },
  {
    run_id: 'b',
    status: 'failed',
    recorded_at: '2026-01-01T00:10:00.000Z',
    duration_seconds: 10.25,
    control_plane_status: 'unknown',
    instance_stats: [],
    privacy_events: [{ action: 'redact' }],
    tfgrpo_epoch: 1,
    tfgrpo_group_size: null,
    tool_calls: 1,
    token_total: 200,
    cost_usd: 4e-7,
    latency_ms: 75.5,
    tool_stats: [{ tool: 'search', tokens: 200, cost_usd: 4e-7, latency_ms: 75.5 }],
    learning_validation_status: 'snapshot_failed',
    learning_snapshot_status: 'snapshot_failed',
    learning_alerts: 3,
    learning_review_latency_ms: null,
    learning_regressions_detected: 2,
  },
  {
    run_id: 'c',
    status: 'cancelled',
    recorded_at: '2026-01-01T00:20:00.000Z',
    duration_seconds: null,
    tfgrpo_epoch: 2,
    tfgrpo_group_size: 7,
    tool_calls: 1,
    token_total: 100,
    cost_usd: 0.0002,
    latency_ms: 20,
    tool_stats: [
      { tool: 'edit', tokens: 100, cost_usd: 0.0002, latency_ms: 20 },
      { tool: 'shell', tokens: 0, cost_usd: 0, latency_ms: 0 },
    ],
    learning_validation_status: 'needs_manual_scenario',
    learning_snapshot_status: 'stalled_snapshot',
  },
  {
    run_id: 'a',
    status: 'failed',
    recorded_at: '2026-01-01T00:30:00.000Z',
    duration_seconds: 9000,
  },
  { run_id: '', status: 'failed', recorded_at: '2026-01-01T00:30:00.000Z' },
  {
    run_id: 'd',
    status: 'succeeded',
    recorded_at: '2026-01-01T00:40:00.000Z',
    duration_seconds: 12,
    control_plane_status: 'passed',
    learning_validation_status: 'stalled_snapshot',
    learning_review_latency_ms: 250,
    learning_pattern_deprecated: 1,
    learning_throughput_candidates: 2,
  },
];

/** What the npm package 0.2.1 wrote from that history. */
const written = {
  baseline: {
    run_id: 'a',
    recorded_at: '2026-01-01T00:00:00.000Z',
    status: 'succeeded',
    duration_seconds: 40.5,
    completion_rate: 1,
  },
  postRollout: {
    total_runs: 4,
    succeeded_runs: 2,
    completion_rate: 0.5,
    meets_threshold: false,
    updated_at: '',
  },
  completeness: {
    checked_fields: ['instance_stats', 'privacy_events', 'control_plane_status'],
    missing_counts: { instance_stats: 3, privacy_events: 2, control_plane_status: 2 },
    missing_field_ratio: 0.5833333333333334,
    meets_threshold: false,
    updated_at: '',
  },
  perEpoch: {
    epochs: [
      {
        epoch: 1,
        runs: 1,
        tool_calls: 1,
        token_total: 200,
        cost_usd: 0,
        latency_ms: 75.5,
        group_size_avg: null,
        tools: [{ tool: 'search', runs: 1, tokens: 200, cost_usd: 0, latency_ms: 75.5 }],
      },
      {
        epoch: 2,
        runs: 2,
        tool_calls: 3,
        token_total: 1600,
        cost_usd: 0.0032,
        latency_ms: 1270,
        group_size_avg: 5.5,
        tools: [
          { tool: 'shell', runs: 2, tokens: 1000, cost_usd: 0.002, latency_ms: 1000 },
          { tool: 'search', runs: 1, tokens: 500, cost_usd: 0.001, latency_ms: 250 },
          { tool: 'edit', runs: 1, tokens: 100, cost_usd: 0.0002, latency_ms: 20 },
        ],
      },
    ],
    updated_at: '',
  },
  mttrDelta: {
    baseline_mttr_seconds: 40.5,
    current_mttr_seconds: 20.916666666666668,
    reduction_percent: 0.4835390946502057,
    meets_threshold: true,
    updated_at: '',
  },
  learningState: {
    updated_at: '',
    safety: {
      validation: { passed: 1, failed: 1, stalled: 1, manual: 1 },
      reviewer: { rejections: 1, average_latency_ms: 375 },
      regression_detection: { detected: 2 },
      pattern_hygiene: { promoted: 2, deprecated: 1 },
    },
    throughput: { candidates: 3 },
    alerts: { total: 3, snapshot_failed: 1, stalled_snapshot: 1, needs_manual_scenario: 1 },
  },
};

test('builds the documents of the format, member by member', () => {
  const { summary, ...documents } = documentsOf(history);

  expect(JSON.stringify(documents, null, 1)).toBe(JSON.stringify(written, null, 1));
  expect(summary.totals.runs).toBe(4);
});

test('compares with the baseline that there is, and builds no other', () => {
  const baseline = { ...written.baseline, completion_rate: 1 as const, duration_seconds: 10 };
  const documents = documentsOf(history, baseline);

  expect(documents.baseline).toBeUndefined();
  expect(documents.mttrDelta).toMatchObject({
    baseline_mttr_seconds: 10,
    reduction_percent: (10 - 62.75 / 3) / 10,
    meets_threshold: false,
  });
});

test('compares with the mean where nothing can be read from the baseline', () => {
  expect(documentsOf(history, null).mttrDelta).toMatchObject({
    baseline_mttr_seconds: 62.75 / 3,
    reduction_percent: 0,
    meets_threshold: false,
  });
});

test('leaves out what no run tells of', () => {
  const documents = documentsOf([{ run_id: 'a', status: 'failed', recorded_at: 't' }]);

  expect(documents).not.toHaveProperty('perEpoch');
  expect(documents).not.toHaveProperty('mttrDelta');
  expect(documents.baseline).toEqual({
    ...{ run_id: 'a', recorded_at: 't', status: 'failed', completion_rate: 0 },
  });
});

test('sums up pipelines and stages', () => {
  const stage = { id: 'build', status: 'succeeded', duration_seconds: 2, attempts: 2 };
  const about2 = expect.closeTo(1.993_662, 6) as number;
  const skipped = { id: 'build', status: 'skipped', duration_seconds: null, attempts: 0 };
  const entry = { status: 'succeeded', recorded_at: 't', pipeline_id: 'gate', duration_seconds: 4 };
  const { summary } = documentsOf([
    { ...entry, run_id: 'a', stages: [stage] },
    { ...entry, run_id: 'b', stages: [skipped], status: 'cancelled' },
  ]);

  const [pipeline] = summary.pipelines;
  expect(pipeline).toMatchObject({ runs: 2, succeeded: 1, cancelled: 1, success_rate: 0.5 });
  expect(pipeline?.stages).toEqual([
    {
      ...{ id: 'build', runs: 2, succeeded: 1, failed: 0, skipped: 1, attempts: 2 },
      success_rate: 1,
      duration_seconds: {
        count: 1,
        mean: 2,
        p50: about2,
        p95: about2,
        p99: about2,
      },
    },
  ]);
  expect(summary.last_runs.map((run) => run.run_id)).toEqual(['a', 'b']);
  expect(summary.trend.latest).toEqual({ runs: 2, success_rate: 0.5, mean_duration_seconds: 4 });
  expect(summary.trend.previous.runs).toBe(0);
});

test('tells apart no more pipelines and stages than it has room for', () => {
  const entries = Array.from({ length: 300 }, (_, at) => ({
    ...{ run_id: `run-${at}`, status: 'failed', recorded_at: 't', pipeline_id: `pipeline-${at}` },
    stages: Array.from({ length: at === 0 ? 300 : 0 }, (_, stage) => ({ id: `stage-${stage}` })),
  }));
  const { pipelines } = documentsOf(entries).summary;

  expect(pipelines).toHaveLength(257);
  expect(pipelines.at(-1)).toMatchObject({ pipeline_id: '(other)', runs: 44 });
  expect(pipelines[0]?.stages).toHaveLength(257);
  expect(pipelines[0]?.stages.at(-1)).toMatchObject({ id: '(other)', runs: 44 });
});

function documentsOf(
  entries: readonly unknown[],
  baseline?: Parameters<typeof buildDocuments>[1]['baseline'],
): NonNullable<ReturnType<typeof buildDocuments>> {
  const { finished } = foldEntries(entries);
  const documents = buildDocuments(finished, { baseline, updatedAt: '' });
  if (documents === undefined) throw new Error('Internal error: expected entries');
  return documents;
}
