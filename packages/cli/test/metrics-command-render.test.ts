import { createManualClock } from '@codex-orchestrator/testing';
import { expect, test } from 'vitest';

import type { UpdateAnswer } from '../src/commands/metrics/answers.js';
import { createColors } from '../src/render/colors.js';
import { renderBaseline } from '../src/render/metrics-baseline.js';
import { renderMetricsCsv } from '../src/render/metrics-csv.js';
import { renderHistoryCheck } from '../src/render/metrics-doctor.js';
import { formatCount, formatSeconds, formatShare } from '../src/render/metrics-numbers.js';
import { CountingProgress } from '../src/render/metrics-progress.js';
import { renderPruning, renderRotation } from '../src/render/metrics-segments.js';
import { renderMetrics } from '../src/render/metrics-show.js';
import { barsFor, sparkline } from '../src/render/metrics-sparkline.js';
import { renderUpdate } from '../src/render/metrics-update.js';
import { viewMetrics } from '../src/render/metrics-view.js';
import type { MetricsDocuments } from '../src/render/metrics-view.js';
import { plainText, printLine } from '../src/render/styled-line.js';
import type { Line } from '../src/render/styled-line.js';

function textOf(lines: readonly Line[]): string {
  return lines.map(plainText).join('\n');
}

test.each([
  [null, '-'],
  [0, '0ms'],
  [0.0004, '0.4ms'],
  [0.0124, '12ms'],
  [0.9996, '1.00s'],
  [9.994, '9.99s'],
  [12.34, '12.3s'],
  [245, '4m 05s'],
])('%s seconds are %s', (seconds, shown) => {
  expect(formatSeconds(seconds)).toBe(shown);
});

test.each([
  [null, '-'],
  [0, '0.0%'],
  [0.0001, '<0.1%'],
  [0.9631, '96.3%'],
  [0.99999, '99.9%'],
  [1, '100.0%'],
])('the share %s is %s', (share, shown) => {
  expect(formatShare(share)).toBe(shown);
});

test('counts have separators', () => {
  expect([0, 999, 1000, 1234567].map(formatCount)).toStrictEqual([
    '0',
    '999',
    '1,000',
    '1,234,567',
  ]);
});

function point(
  durationSeconds: number | null,
  isSuccess = true,
): Parameters<typeof sparkline>[0][0] {
  return { durationSeconds, isSuccess };
}

test('a trend has a bar per run: the longest is full, a failure a red cross, the unknown a gap', () => {
  const points = [point(1), point(4), point(9, false), point(8), point(null), point(0)];
  const unicode = sparkline(points, barsFor({ LANG: 'en_US.UTF-8' }));
  expect(plainText(unicode)).toBe('▁▄×█ ▁');
  expect(unicode[2]).toStrictEqual({ text: '×', style: 'red' });
  expect(plainText(sparkline(points, barsFor({ LANG: 'C' })))).toBe('.=x@ .');
  expect(plainText(sparkline([point(0), point(0)], barsFor({})))).toBe('▁▁');
  expect(sparkline([], barsFor({}))).toStrictEqual([]);
});

test.each([
  [{}, '█'],
  [{ LANG: 'C.UTF-8' }, '█'],
  [{ LANG: 'en_US.utf8', LC_ALL: '' }, '█'],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, '@'],
  [{ LC_CTYPE: 'de_DE.ISO-8859-1' }, '@'],
  [{ TERM: 'linux' }, '@'],
])('with %j, the highest bar is %s', (env, highest) => {
  expect(barsFor(env).levels.at(-1)).toBe(highest);
});

const nothing: MetricsDocuments = {
  baseline: null,
  postRollout: null,
  completeness: null,
  mttrDelta: null,
  summary: null,
  checkpoint: null,
};

const options = { bars: barsFor({}), showsStages: false, isCurrent: true };

test('without a run, that is what is said', () => {
  const view = viewMetrics('demo', nothing);
  expect(textOf(renderMetrics(view, options))).toBe('No run of task demo is counted yet');
  expect(textOf(renderMetrics(view, { ...options, isCurrent: false }))).toContain(
    'Next:\n  codex-orchestrator metrics update --task demo',
  );
});

function row(runs: number, succeeded: number, seconds: number): object {
  const duration = { count: runs, mean: seconds, p50: seconds, p95: seconds * 2, p99: seconds * 3 };
  return {
    runs,
    succeeded,
    failed: runs - succeeded,
    success_rate: succeeded / runs,
    duration_seconds: duration,
  };
}

const documents: MetricsDocuments = {
  baseline: { run_id: 'r-1', status: 'succeeded', duration_seconds: 12 },
  postRollout: {
    total_runs: 1204,
    succeeded_runs: 1160,
    completion_rate: 1160 / 1204,
    meets_threshold: true,
  },
  completeness: {
    missing_counts: { instance_stats: 3, privacy_events: 0 },
    missing_field_ratio: 0.001,
    meets_threshold: true,
  },
  mttrDelta: {
    baseline_mttr_seconds: 12,
    current_mttr_seconds: 9,
    reduction_percent: 0.25,
    meets_threshold: false,
  },
  summary: {
    totals: row(1204, 1160, 9),
    pipelines: [
      {
        pipeline_id: 'diagnostics',
        ...row(1180, 1140, 9),
        stages: [{ id: 'build', ...row(1180, 1180, 0.2) }],
      },
      { pipeline_id: null, ...row(24, 20, 0.4), stages: [] },
    ],
    last_runs: [
      { pipeline_id: 'diagnostics', status: 'succeeded', duration_seconds: 4 },
      { pipeline_id: null, status: 'failed', duration_seconds: 1 },
      { pipeline_id: 'diagnostics', status: 'failed', duration_seconds: 8 },
    ],
    trend: {
      latest: { runs: 10, success_rate: 0.9, mean_duration_seconds: 6 },
      previous: { runs: 10, success_rate: 1, mean_duration_seconds: 4 },
    },
  },
  checkpoint: {
    lines: 1206,
    damagedLines: 2,
    segments: 3,
    updatedAt: '2026-01-06T06:53:37.814Z',
  },
};

test('what is known of a task is a line per fact and a row per pipeline', () => {
  const view = viewMetrics('demo', documents);
  expect(textOf(renderMetrics(view, { ...options, showsStages: true }))).toMatchInlineSnapshot(`
    "Task:         demo
    Runs:         1,204, 1,160 of them succeeded (96.3%)
    Duration:     9.00s on average, 25.0% faster than the baseline (12.0s)
    Trend:        last 10 runs: 6.00s on average, 50.0% slower than the 10 before, 90.0% succeeded (100.0% before)
    Last runs:    █××
    Baseline:     r-1, succeeded, as the first run of the history
    Completeness: 99.9%; missing: instance_stats 3
    History:      1,206 lines in 3 files, 2 lines damaged, counted 2026-01-06T06:53:37.814Z

    PIPELINE      RUNS  SUCCESS   MEAN    P50    P95    P99  LAST RUNS
    diagnostics  1,180    96.6%  9.00s  9.00s  18.0s  27.0s  █×
      build      1,180   100.0%  200ms  200ms  400ms  600ms
    (none)          24    83.3%  400ms  400ms  800ms  1.20s  ×
    (all)        1,204    96.3%  9.00s  9.00s  18.0s  27.0s

    Next:
      codex-orchestrator metrics doctor --task demo"
  `);
  expect(textOf(renderMetrics(view, options))).not.toContain('build');
});

test('as CSV there is a row for each pipeline and stage, and none is a formula', () => {
  const csv = renderMetricsCsv(viewMetrics('demo', documents));
  expect(csv.split('\r\n')).toStrictEqual([
    'pipeline,stage,runs,succeeded,failed,success_rate,mean_seconds,p50_seconds,p95_seconds,p99_seconds',
    `diagnostics,,1180,1140,40,${1140 / 1180},9,9,18,27`,
    'diagnostics,build,1180,1180,0,1,0.2,0.2,0.4,0.6000000000000001',
    `,,24,20,4,${20 / 24},0.4,0.4,0.8,1.2000000000000002`,
    '',
  ]);
  const summary = { pipelines: [{ pipeline_id: '=1+1', stages: [{ id: 'a"b,c\n' }] }] };
  expect(renderMetricsCsv(viewMetrics('demo', { ...documents, summary }))).toContain(
    '"\'=1+1",,0,0,0,,,,,\r\n"\'=1+1","a""b,c\n",0,',
  );
});

test('slower, fewer successes and damage are coloured', () => {
  const colors = createColors(true);
  const view = viewMetrics('demo', documents);
  const lines = renderMetrics(view, options).map((line) => printLine(line, () => colors));
  const printed = lines.join('\n');
  expect(printed).toContain('\u001b[33m50.0% slower\u001b[39m');
  expect(printed).toContain('\u001b[32m25.0% faster\u001b[39m');
  expect(printed).toContain('\u001b[33m2 lines damaged\u001b[39m');
  expect(printed).toContain('\u001b[33m83.3%\u001b[39m');
});

/** What a task, a pipeline or a person could be called that a terminal would obey. */
const hostile = 'x\u001b[2J\u202e\u0007\ud800';

test('documents that make no sense are shown as far as they do, and paint nothing', () => {
  const senseless = {
    baseline: { run_id: 7, status: [hostile], source: 'set', actor: hostile },
    postRollout: { total_runs: 3, succeeded_runs: 'two', completion_rate: null },
    completeness: { missing_counts: { [hostile]: 2, b: 'x' }, missing_field_ratio: 0.5 },
    mttrDelta: [],
    summary: { pipelines: [null, { id: hostile, stages: [{ id: hostile }, 5] }], last_runs: 'no' },
    checkpoint: { runs: 3, lines: 4, damagedLines: 1, segments: 1, updatedAt: hostile },
  };
  const lines = renderMetrics(viewMetrics('t', senseless), { ...options, showsStages: true });
  const colors = createColors(false);
  const printed = lines.map((line) => printLine(line, () => colors)).join('\n');
  expect(printed).toContain('3, 0 of them succeeded (-)');
  expect(printed).toContain('missing: x 2');
  // eslint-disable-next-line no-control-regex -- what must not reach a screen
  expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\p{Surrogate}]/u);
});

const updated: UpdateAnswer = {
  task_id: 'demo',
  outcome: 'updated',
  rebuilt_because: null,
  lines: 5,
  entries: 4,
  repeated: 1,
  replaced: 1,
  damaged_lines: 3,
  damaged: [
    { segment: 'metrics.json', offset: 1204, bytes: 17, reason: 'not-json' },
    { segment: 'metrics.json', offset: 2000, bytes: 1, reason: 'not-an-entry' },
  ],
  bytes_read: 9000,
  outputs_written: ['.runs/demo/metrics/summary.json'],
  rotated: 'metrics-a-b.ndjson',
  pending: { merged: 2, quarantined: ['.runs/demo/metrics.pending/x.rejected'] },
  totals: { runs: 1204, lines: 1206, damaged_lines: 3, segments: 2 },
  duration_ms: 2.4,
};

test('an update says what was new, damaged, taken over and written', () => {
  expect(textOf(renderUpdate(updated))).toMatchInlineSnapshot(`
    "Updated in 2.4ms
    Lines: 5 new lines, 4 counted, 1 repeated, 1 in place of an earlier attempt, 3 damaged
    Damaged: metrics.json, byte 1204, 17 bytes: no JSON
    Damaged: metrics.json, byte 2000, 1 byte: no entry: it lacks run_id, status or recorded_at
    Damaged: and 1 more line
    Pending: 2 entries taken over
    Quarantined: .runs/demo/metrics.pending/x.rejected
    Rotated: metrics-a-b.ndjson
    Written:
      .runs/demo/metrics/summary.json
    Total: 1,204 runs in 1,206 lines of 2 files, 3 lines damaged"
  `);
});

test.each([
  [{ outcome: 'unchanged', lines: 0 } as const, 'Nothing new'],
  [
    { outcome: 'rebuilt', rebuilt_because: 'no-checkpoint' } as const,
    'Counted for the first time, in 2.4ms',
  ],
  [
    { outcome: 'rebuilt', rebuilt_because: 'truncated' } as const,
    'Counted anew in 2.4ms: the history is shorter than what was counted',
  ],
  [
    { outcome: 'left-to-holder' } as const,
    'Somebody else is updating, and takes along what is new',
  ],
])('with %j, the first line is %s', (outcome, line) => {
  const [first] = renderUpdate({ ...updated, ...outcome });
  expect(plainText(first ?? '')).toBe(line);
});

test('a rotation names what it made', () => {
  const rotation = { task_id: 'demo', segment: 'metrics-a-b.ndjson', compressed: ['c.ndjson.gz'] };
  expect(textOf(renderRotation({ ...rotation, update: updated }).slice(0, 3))).toBe(
    'Rotated: metrics-a-b.ndjson\nCompressed: c.ndjson.gz\nUpdated in 2.4ms',
  );
});

test('pruning says what it saves, and whether it did', () => {
  const pruned = [{ name: 'a.ndjson', bytes_before: 1_200_000, bytes_after: 130_000 }];
  const answer = { task_id: 'demo', dry_run: true, pruned, kept: ['b.ndjson'] };
  expect(textOf(renderPruning(answer))).toBe(
    'Would shorten: a.ndjson, 1.2 MB to 130.0 kB\nKept: b.ndjson\nWould save: 1.1 MB',
  );
  expect(textOf(renderPruning({ ...answer, dry_run: false, pruned: [] }))).toBe(
    'Kept: b.ndjson\nNothing to shorten',
  );
});

test('a finding has its place, and what to do about it', () => {
  const findings = [
    {
      severity: 'error' as const,
      code: 'not-json',
      path: '.runs/t/metrics.json',
      offset: 12,
      message: 'a line is no JSON',
      fix: 'codex-orchestrator metrics rebuild',
    },
    {
      severity: 'info' as const,
      code: 'uncounted',
      path: '.runs/t/metrics.json',
      offset: null,
      message: 'two lines',
      fix: null,
    },
  ];
  const { totals } = updated;
  const lines = renderHistoryCheck({ task_id: 't', status: 'error', findings, totals });
  expect(textOf(lines)).toMatchInlineSnapshot(`
    "Status: error
      error    not-json: .runs/t/metrics.json, byte 12: a line is no JSON
               codex-orchestrator metrics rebuild
      info     uncounted: .runs/t/metrics.json: two lines
    Total: 1,204 runs in 1,206 lines of 2 files, 3 lines damaged"
  `);
});

test('a baseline says who chose it', () => {
  const baseline = {
    run_id: 'r-1',
    recorded_at: '2026-01-01T00:00:00.000Z',
    status: 'succeeded',
    duration_seconds: 4.2,
    completion_rate: 1,
  };
  expect(textOf(renderBaseline({ task_id: 't', baseline }))).toMatchInlineSnapshot(`
    "Run:      r-1
    Ended:    succeeded, recorded 2026-01-01T00:00:00.000Z
    Duration: 4.20s
    Chosen:   as the first run of the history"
  `);
  const set = { ...baseline, source: 'set', actor: 'me', reason: 'v2', set_at: 'today' };
  expect(textOf(renderBaseline({ task_id: 't', baseline: set }))).toContain(
    'Chosen:   by me\nSince:    today\nReason:   v2',
  );
  expect(textOf(renderBaseline({ task_id: 't', baseline: null }))).toBe(
    'No run of task t is counted yet',
  );
});

test('progress is redrawn on a terminal, and stays a rare line elsewhere', async () => {
  for (const mode of ['live', 'plain'] as const) {
    const written: string[] = [];
    const clock = createManualClock();
    const stream = {
      isTTY: mode === 'live',
      columns: () => 100,
      write: (text: string | Uint8Array) => void written.push(String(text)),
    };
    using progress = new CountingProgress({ stream, clock, mode });
    for (let step = 1; step <= 40; step += 1) {
      await clock.advance(100);
      progress.show({ bytesDone: step * 1e6, bytesTotal: 1e8, lines: step * 1000 });
    }
    progress[Symbol.dispose]();
    expect(written.length).toBe(mode === 'live' ? 21 : 1);
    expect(written[0]).toBe(
      mode === 'live'
        ? '\r\u001b[2KCounting: 2.0 MB of 100.0 MB (2%), 2,000 lines, 10,000 lines/s'
        : 'Counting: 20.0 MB of 100.0 MB (20%), 20,000 lines, 10,000 lines/s\n',
    );
  }
});
