import type { MetricComparison } from './comparison.js';
import type { RunSample, StageSample } from './run-sample.js';

/** What is judged alike: `count` is exact where it does not vary, `measure` depends on the machine. */
export type MetricKind = 'count' | 'measure';

/** What is known of one metric on both sides, in the order of time. */
export interface MetricValues extends Pick<MetricComparison, 'id' | 'name' | 'stage' | 'unit'> {
  readonly kind: MetricKind;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** The duration of runs, that of the stages which both sides have, and what else is known on a side. */
export function metricsOf(
  before: readonly RunSample[],
  after: readonly RunSample[],
): readonly MetricValues[] {
  const ofRuns = runMetrics.map(({ of, ...metric }) => ({
    ...metric,
    stage: null,
    before: valuesOf(before, of),
    after: valuesOf(after, of),
  }));
  const [duration, ...others] = ofRuns;
  const known = others.filter((metric) => metric.before.length + metric.after.length > 0);
  return [...(duration === undefined ? [] : [duration]), ...stageMetrics(before, after), ...known];
}

/** The stages of the runs in their order; what only some runs have stands where it was first seen. */
export function stagesOf(samples: readonly RunSample[]): readonly string[] {
  return [...new Set(samples.flatMap(({ stages }) => stages.map(({ id }) => id)))];
}

interface RunMetric extends Omit<MetricValues, 'after' | 'before' | 'stage'> {
  readonly of: (sample: RunSample) => number | null;
}

const runMetrics: readonly RunMetric[] = [
  {
    id: 'duration',
    name: 'duration',
    unit: 'ms',
    kind: 'measure',
    of: ({ durationMs }) => durationMs,
  },
  {
    id: 'manifest-writes',
    name: 'manifest writes',
    unit: 'count',
    kind: 'count',
    of: ({ manifestWrites }) => manifestWrites,
  },
  {
    id: 'manifest-bytes',
    name: 'manifest bytes',
    unit: 'bytes',
    kind: 'count',
    of: ({ manifestBytes }) => manifestBytes,
  },
  {
    id: 'journal-lines',
    name: 'journal lines',
    unit: 'count',
    kind: 'count',
    of: ({ journalLines }) => journalLines,
  },
  { id: 'fsyncs', name: 'fsyncs', unit: 'count', kind: 'count', of: ({ fsyncs }) => fsyncs },
  {
    id: 'peak-memory',
    name: 'peak memory',
    unit: 'bytes',
    kind: 'measure',
    of: ({ peakMemoryBytes }) => peakMemoryBytes,
  },
];

function stageMetrics(
  before: readonly RunSample[],
  after: readonly RunSample[],
): readonly MetricValues[] {
  const known = new Set(stagesOf(before));
  const durations = { before: stageDurations(before), after: stageDurations(after) };
  return stagesOf(after)
    .filter((id) => known.has(id))
    .map((id) => ({
      id: `stage:${id}`,
      name: `stage ${id}`,
      stage: id,
      unit: 'ms',
      kind: 'measure',
      before: durations.before.get(id) ?? [],
      after: durations.after.get(id) ?? [],
    }));
}

/** By stage; a stage that is there twice counts as its first. */
function stageDurations(samples: readonly RunSample[]): ReadonlyMap<string, readonly number[]> {
  const durations = new Map<string, number[]>();
  for (const { stages } of samples) {
    const first = new Map<string, StageSample>();
    for (const stage of stages) if (!first.has(stage.id)) first.set(stage.id, stage);
    for (const { id, status, durationMs } of first.values()) {
      if (status !== 'succeeded' || !isAmount(durationMs)) continue;
      const known = durations.get(id);
      if (known === undefined) durations.set(id, [durationMs]);
      else known.push(durationMs);
    }
  }
  return durations;
}

function valuesOf(
  samples: readonly RunSample[],
  of: (sample: RunSample) => number | null,
): readonly number[] {
  return samples.map(of).filter(isAmount);
}

/** Samples can come from anywhere: what cannot be computed with is not known. */
function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
