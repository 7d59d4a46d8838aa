import { expect, test } from 'vitest';

import { renderPrometheus } from '../src/export/prometheus.js';
import { buildDocuments } from '../src/fold/documents.js';
import { foldEntries } from '../src/fold/fold-entries.js';
import { randomEntries } from './support/random-entries.js';

const updatedAt = '2026-01-05T06:00:00.000Z';

test('shows what the documents say', () => {
  const text = renderPrometheus(
    documentsOf([
      {
        ...{ run_id: 'a', status: 'succeeded', recorded_at: 't', pipeline_id: 'diagnostics' },
        ...{ duration_seconds: 2, tfgrpo_epoch: 1, cost_usd: 0.5, latency_ms: 1500 },
        tool_stats: [{ tool: 'shell', tokens: 7 }],
        stages: [{ id: 'build', status: 'succeeded', duration_seconds: 1, attempts: 1 }],
      },
    ]),
    { taskId: '0930' },
  );

  expect(text).toContain(
    '# HELP codex_orchestrator_runs_total Runs that have ended.\n' +
      '# TYPE codex_orchestrator_runs_total counter\n' +
      'codex_orchestrator_runs_total{task="0930"} 1\n',
  );
  for (const line of [
    'codex_orchestrator_runs{task="0930",pipeline="diagnostics",status="succeeded"} 1',
    'codex_orchestrator_run_duration_seconds_sum{task="0930",pipeline="diagnostics"} 2',
    'codex_orchestrator_run_duration_seconds_count{task="0930",pipeline="diagnostics"} 1',
    'codex_orchestrator_stage_executions{task="0930",pipeline="diagnostics",stage="build",status="failed"} 0',
    'codex_orchestrator_epoch_latency_seconds{task="0930",epoch="1"} 1.5',
    'codex_orchestrator_epoch_tool_tokens{task="0930",epoch="1",tool="shell"} 7',
    'codex_orchestrator_aggregates_updated_timestamp_seconds{task="0930"} 1767592800',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

test('escapes labels, whatever they are', () => {
  const text = renderPrometheus(
    documentsOf([
      { run_id: 'a', status: 'failed', recorded_at: 't', pipeline_id: 'a"b\\c\nd\ud800' },
    ]),
    { taskId: 'a"b' },
  );

  expect(text).toContain(
    'codex_orchestrator_runs{task="a\\"b",pipeline="a\\"b\\\\c\\nd\ufffd",status="failed"} 1\n',
  );
});

test('has nothing to show where there are no documents', () => {
  expect(renderPrometheus({}, { taskId: 'a' })).toBe('');
  expect(renderPrometheus({ summary: null, perEpoch: null }, { taskId: 'a' })).toBe('');
});

test('keeps to the format, whatever the history has', () => {
  const text = renderPrometheus(documentsOf(randomEntries(7, 300)), { taskId: '0930' });
  const lines = text.split('\n');

  expect(lines.pop()).toBe('');
  const series = lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.replace(/ \S+$/, ''));
  expect(new Set(series).size).toBe(series.length);
  for (const line of lines) {
    expect(line).toMatch(
      /^(# (HELP|TYPE) codex_orchestrator_\w+ .+|codex_orchestrator_\w+\{(\w+="([^"\\]|\\["\\n])*",?)+\} -?[\d.]+(e[+-]\d+)?)$/,
    );
  }
});

function documentsOf(entries: readonly unknown[]): NonNullable<ReturnType<typeof buildDocuments>> {
  const documents = buildDocuments(foldEntries(entries).finished, {
    baseline: undefined,
    updatedAt,
  });
  if (documents === undefined) throw new Error('Internal error: expected entries');
  return documents;
}
