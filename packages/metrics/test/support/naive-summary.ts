import { meanOf, sumOf } from './decimal-units.js';
import { attemptOf, named, number, text } from './naive-history.js';
import type { Line, NaiveHistory } from './naive-history.js';

const LIMIT = 256;
const OTHERS = '(other)';

type Json = Record<string, unknown>;

/** One run of a pipeline or one execution of a stage. */
interface Outcome {
  readonly status: string;
  readonly seconds: number | undefined;
  readonly attempts: number;
}

export function naiveSummary({ added, counted }: NaiveHistory, updatedAt: string): Json {
  const names = firstNames(added.map(pipelineOf));
  const groups = [...names, ...(names.length === LIMIT ? [undefined] : [])];
  const groupOf = (line: Line): string | null | undefined =>
    names.includes(pipelineOf(line)) ? pipelineOf(line) : undefined;
  const recent = counted.slice(-20);
  return {
    totals: runCounts(counted),
    quantile_relative_error: 0.01,
    pipelines: groups.flatMap((name) => {
      const lines = counted.filter((line) => groupOf(line) === name);
      if (lines.length === 0) return [];
      const ever = added.filter((line) => groupOf(line) === name);
      const id = name === undefined ? OTHERS : name;
      return [{ pipeline_id: id, ...runCounts(lines), stages: stageRows(ever, lines) }];
    }),
    last_runs: recent.map((line) => ({
      run_id: line['run_id'],
      attempt: attemptOf(line),
      pipeline_id: pipelineOf(line),
      status: line['status'],
      recorded_at: line['recorded_at'],
      duration_seconds: number(line, 'duration_seconds') ?? null,
    })),
    trend: {
      latest: trendPart(recent.slice(-10)),
      previous: trendPart(recent.slice(0, -10)),
    },
    updated_at: updatedAt,
  };
}

/** Quantiles of durations by bins of two per cent, from nothing but a sorted list. */
export function naiveQuantile(seconds: readonly number[], quantile: number): number | null {
  if (seconds.length === 0) return null;
  const sorted = seconds.map((each) => binOf(each)).sort((a, b) => a - b);
  const bin = sorted[Math.floor(quantile * (sorted.length - 1))] ?? -Infinity;
  if (bin === -Infinity) return 0;
  return 2 ** (bin / BINS_PER_OCTAVE) * (2 / (1 + GAMMA));
}

const GAMMA = 1 + (2 * 0.01) / (1 - 0.01);
const BINS_PER_OCTAVE = (1 / Math.log1p((2 * 0.01) / (1 - 0.01))) * Math.log(2);

function binOf(seconds: number): number {
  if (seconds < 1e-6) return -Infinity;
  return Math.ceil(Math.log2(Math.min(seconds, 1e9)) * BINS_PER_OCTAVE);
}

function firstNames<T>(names: readonly T[]): T[] {
  return [...new Set(names)].slice(0, LIMIT);
}

function pipelineOf(line: Line): string | null {
  return text(line, 'pipeline_id') ?? null;
}

function runCounts(lines: readonly Line[]): Json {
  const outcomes = lines.map((line) => ({
    status: line['status'] as string,
    seconds: number(line, 'duration_seconds'),
    attempts: attemptOf(line),
  }));
  return {
    runs: lines.length,
    succeeded: withStatus(outcomes, 'succeeded'),
    failed: withStatus(outcomes, 'failed'),
    cancelled: withStatus(outcomes, 'cancelled') + withStatus(outcomes, 'skipped'),
    success_rate: withStatus(outcomes, 'succeeded') / lines.length,
    duration_seconds: durations(outcomes),
  };
}

function stageRows(ever: readonly Line[], lines: readonly Line[]): Json[] {
  const stagesOf = (line: Line): Line[] => named(line, 'stages', 'id');
  const names = firstNames(ever.flatMap(stagesOf).map((stage) => stage['id'] as string));
  const groups = [...names, ...(names.length === LIMIT ? [undefined] : [])];
  const stages = lines.flatMap(stagesOf);
  return groups.flatMap((name) => {
    const own = stages.filter((stage) => {
      const id = stage['id'] as string;
      return (names.includes(id) ? id : undefined) === name;
    });
    return own.length === 0 ? [] : [stageRow(name ?? OTHERS, own)];
  });
}

function stageRow(id: string, stages: readonly Line[]): Json {
  const outcomes = stages.map((stage) => ({
    status: text(stage, 'status') ?? '',
    seconds: number(stage, 'duration_seconds'),
    attempts: stageAttempts(stage),
  }));
  const succeeded = withStatus(outcomes, 'succeeded');
  const skipped = withStatus(outcomes, 'skipped') + withStatus(outcomes, 'cancelled');
  return {
    id,
    runs: outcomes.length,
    succeeded,
    failed: withStatus(outcomes, 'failed'),
    skipped,
    attempts: sumOf(outcomes.map(({ attempts }) => attempts)),
    success_rate: outcomes.length > skipped ? succeeded / (outcomes.length - skipped) : null,
    duration_seconds: durations(outcomes),
  };
}

function stageAttempts(stage: Line): number {
  const attempts = number(stage, 'attempts') ?? 0;
  return Number.isSafeInteger(attempts) && attempts > 0 ? attempts : 0;
}

function withStatus(outcomes: readonly Outcome[], status: string): number {
  return outcomes.filter((outcome) => outcome.status === status).length;
}

function durations(outcomes: readonly Outcome[]): Json {
  const seconds = outcomes.map((each) => each.seconds).filter((each) => each !== undefined);
  return {
    count: seconds.length,
    mean: meanOf(seconds),
    p50: naiveQuantile(seconds, 0.5),
    p95: naiveQuantile(seconds, 0.95),
    p99: naiveQuantile(seconds, 0.99),
  };
}

function trendPart(lines: readonly Line[]): Json {
  const seconds = lines.map((line) => number(line, 'duration_seconds'));
  const succeeded = lines.filter((line) => line['status'] === 'succeeded').length;
  return {
    runs: lines.length,
    success_rate: lines.length === 0 ? null : succeeded / lines.length,
    mean_duration_seconds: meanOf(seconds.filter((each) => each !== undefined)),
  };
}
