import { meanOf, roundedSumOf, sumOf } from './decimal-units.js';
import { named, number, own, readNaively, text } from './naive-history.js';
import type { Line, NaiveHistory } from './naive-history.js';
import { naiveSummary } from './naive-summary.js';

export interface NaiveOptions {
  /** As `buildDocuments` takes it. */
  readonly baseline?: { readonly duration_seconds?: number | null } | null | undefined;
  /** @default '' */
  readonly updatedAt?: string;
  /** @default Infinity */
  readonly maxLineBytes?: number;
}

type Json = Record<string, unknown>;

/**
 * What the documents of a history have to say, computed again from all of it in the plainest way there
 * is. It shares no code with what it judges. `undefined` where nothing counts.
 */
export function naiveOutputs(
  segments: readonly Buffer[],
  options: NaiveOptions = {},
): Json | undefined {
  const { baseline, updatedAt = '', maxLineBytes } = options;
  const history = readNaively(segments, maxLineBytes);
  const { added, counted } = history;
  const first = added[0];
  if (first === undefined) return undefined;
  const own = firstBaseline(first);
  const current = meanOf(numbers(counted, 'duration_seconds'));
  const epochs = naiveEpochs(history);
  const base = (baseline === undefined ? own : baseline)?.duration_seconds;
  return {
    ...(baseline === undefined ? { baseline: own } : {}),
    postRollout: postRollout(counted, updatedAt),
    completeness: completeness(counted, updatedAt),
    ...(epochs.length > 0 ? { perEpoch: { epochs, updated_at: updatedAt } } : {}),
    ...(current === null ? {} : { mttrDelta: mttrDelta(base, current, updatedAt) }),
    learningState: learningState(counted, updatedAt),
    summary: naiveSummary(history, updatedAt),
  };
}

function numbers(lines: readonly Line[], key: string): number[] {
  return lines.map((line) => number(line, key)).filter((value) => value !== undefined);
}

function countOf(lines: readonly Line[], key: string, value: string): number {
  return lines.filter((line) => own(line, key) === value).length;
}

function firstBaseline(first: Line): { readonly duration_seconds?: number | null } {
  return {
    ...{ run_id: first['run_id'], recorded_at: first['recorded_at'], status: first['status'] },
    ...(Object.hasOwn(first, 'duration_seconds')
      ? { duration_seconds: number(first, 'duration_seconds') ?? null }
      : {}),
    ...{ completion_rate: first['status'] === 'succeeded' ? 1 : 0 },
  };
}

function postRollout(counted: readonly Line[], updatedAt: string): Json {
  const succeeded = countOf(counted, 'status', 'succeeded');
  return {
    total_runs: counted.length,
    succeeded_runs: succeeded,
    completion_rate: succeeded / counted.length,
    meets_threshold: succeeded / counted.length >= 0.95,
    updated_at: updatedAt,
  };
}

function completeness(counted: readonly Line[], updatedAt: string): Json {
  const isEmpty = (value: unknown): boolean => !Array.isArray(value) || value.length === 0;
  const missing = {
    instance_stats: counted.filter((line) => isEmpty(own(line, 'instance_stats'))).length,
    privacy_events: counted.filter((line) => isEmpty(own(line, 'privacy_events'))).length,
    control_plane_status: counted.filter((line) =>
      [undefined, '', 'unknown'].includes(text(line, 'control_plane_status')),
    ).length,
  };
  const sum = missing.instance_stats + missing.privacy_events + missing.control_plane_status;
  const ratio = sum / (3 * counted.length);
  return {
    checked_fields: ['instance_stats', 'privacy_events', 'control_plane_status'],
    missing_counts: missing,
    missing_field_ratio: ratio,
    meets_threshold: ratio < 0.05,
    updated_at: updatedAt,
  };
}

function mttrDelta(base: number | null | undefined, current: number, updatedAt: string): Json {
  const baseline = base ?? current;
  return {
    baseline_mttr_seconds: baseline,
    current_mttr_seconds: current,
    reduction_percent: baseline > 0 ? (baseline - current) / baseline : 0,
    meets_threshold: baseline <= 0 ? true : current <= 0.6 * baseline,
    updated_at: updatedAt,
  };
}

function naiveEpochs({ added, counted }: NaiveHistory): Json[] {
  const epochs = new Set(numbers(counted, 'tfgrpo_epoch'));
  return [...epochs]
    .sort((a, b) => a - b)
    .map((epoch) => {
      const isOfEpoch = (line: Line): boolean => number(line, 'tfgrpo_epoch') === epoch;
      const lines = counted.filter(isOfEpoch);
      const seen = new Set(
        added
          .filter(isOfEpoch)
          .flatMap(toolsOf)
          .map(({ tool }) => tool),
      );
      return {
        epoch,
        runs: lines.length,
        tool_calls: sumOf(numbers(lines, 'tool_calls')),
        token_total: sumOf(numbers(lines, 'token_total')),
        cost_usd: roundedSumOf(numbers(lines, 'cost_usd')),
        latency_ms: sumOf(numbers(lines, 'latency_ms')),
        group_size_avg: meanOf(numbers(lines, 'tfgrpo_group_size')),
        tools: [...seen].flatMap((tool) => toolRow(tool, lines)),
      };
    });
}

function toolsOf(line: Line): { readonly tool: string; readonly stats: Line }[] {
  return named(line, 'tool_stats', 'tool').map((stats) => ({
    tool: stats['tool'] as string,
    stats,
  }));
}

function toolRow(tool: string, lines: readonly Line[]): Json[] {
  const used = lines.flatMap(toolsOf).filter((each) => each.tool === tool);
  const stats = used.map((each) => each.stats);
  if (stats.length === 0) return [];
  return [
    {
      tool,
      runs: stats.length,
      tokens: sumOf(numbers(stats, 'tokens')),
      cost_usd: roundedSumOf(numbers(stats, 'cost_usd')),
      latency_ms: sumOf(numbers(stats, 'latency_ms')),
    },
  ];
}

function learningState(counted: readonly Line[], updatedAt: string): Json {
  const validation = (status: string): number =>
    countOf(counted, 'learning_validation_status', status);
  const snapshot = (status: string): number => countOf(counted, 'learning_snapshot_status', status);
  const sum = (key: string): number => sumOf(numbers(counted, `learning_${key}`));
  const manual = validation('needs_manual_scenario');
  return {
    updated_at: updatedAt,
    safety: {
      validation: {
        passed: validation('validated'),
        failed: validation('snapshot_failed'),
        stalled: validation('stalled_snapshot'),
        manual,
      },
      reviewer: {
        rejections: sum('review_rejections'),
        average_latency_ms: meanOf(numbers(counted, 'learning_review_latency_ms')),
      },
      regression_detection: { detected: sum('regressions_detected') },
      pattern_hygiene: {
        promoted: sum('pattern_promoted'),
        deprecated: sum('pattern_deprecated'),
      },
    },
    throughput: { candidates: sum('throughput_candidates') },
    alerts: {
      total: sum('alerts'),
      snapshot_failed: snapshot('snapshot_failed'),
      stalled_snapshot: snapshot('stalled_snapshot'),
      needs_manual_scenario: manual,
    },
  };
}
