import type {
  CompletenessDocument,
  Documents,
  LearningStateDocument,
  MttrDeltaDocument,
  PostRolloutDocument,
} from '../fold/document-types.js';
import { epochMetrics } from './epoch-metrics.js';
import { prometheusText } from './prometheus-text.js';
import type { Labels, Metric } from './prometheus-text.js';
import { summaryMetrics } from './summary-metrics.js';

/** Documents as they are read back; what is missing has no samples. */
export type PrometheusSource = { readonly [Name in keyof Documents]?: Documents[Name] | null };

export interface PrometheusOptions {
  /** The label `task` of every sample. */
  readonly taskId: string;
}

/**
 * The aggregates in the text exposition format 0.0.4 of Prometheus. Only the number of runs never goes
 * down: a later attempt of a run takes the place of the earlier one, so everything else is a gauge.
 */
export function renderPrometheus(documents: PrometheusSource, options: PrometheusOptions): string {
  const { postRollout, completeness, mttrDelta, perEpoch, learningState, summary } = documents;
  return prometheusText(
    [
      ...(postRollout ? runMetrics(postRollout) : []),
      ...(completeness ? completenessMetrics(completeness) : []),
      ...(mttrDelta ? durationMetrics(mttrDelta) : []),
      ...(summary ? summaryMetrics(summary) : []),
      ...(perEpoch ? epochMetrics(perEpoch) : []),
      ...(learningState ? learningMetrics(learningState) : []),
    ],
    { task: options.taskId },
  );
}

function runMetrics(document: PostRolloutDocument): Metric[] {
  const updatedSeconds = Date.parse(document.updated_at) / 1000;
  return [
    {
      name: 'runs_total',
      type: 'counter',
      help: 'Runs that have ended.',
      samples: [{ value: document.total_runs }],
    },
    gauge('completion_ratio', 'Runs that succeeded, of all.', document.completion_rate),
    gauge(
      'aggregates_updated_timestamp_seconds',
      'When the aggregates last changed.',
      Number.isNaN(updatedSeconds) ? null : updatedSeconds,
    ),
  ];
}

function completenessMetrics({
  missing_counts,
  missing_field_ratio,
}: CompletenessDocument): Metric[] {
  const samples = Object.entries(missing_counts).map(([field, value]) => ({
    labels: { field },
    value,
  }));
  return [
    gauge('missing_field_ratio', 'Fields that entries lack, of all checked.', missing_field_ratio),
    { name: 'missing_fields', type: 'gauge', help: 'Entries that lack the field.', samples },
  ];
}

function durationMetrics(document: MttrDeltaDocument): Metric[] {
  return [
    gauge('run_duration_mean_seconds', 'Mean duration of runs.', document.current_mttr_seconds),
    gauge(
      'baseline_duration_seconds',
      'Duration of the run that others are compared with.',
      document.baseline_mttr_seconds,
    ),
  ];
}

function learningMetrics({ safety, throughput, alerts }: LearningStateDocument): Metric[] {
  const latencyMs = safety.reviewer.average_latency_ms;
  return [
    counts(
      'learning_validations',
      'Validations of learning by result.',
      'result',
      safety.validation,
    ),
    gauge('learning_rejections', 'Rejections by reviewers.', safety.reviewer.rejections),
    gauge(
      'learning_review_latency_mean_seconds',
      'Mean time that reviews took.',
      latencyMs === null ? null : latencyMs / 1000,
    ),
    gauge('learning_regressions', 'Regressions detected.', safety.regression_detection.detected),
    counts(
      'learning_patterns',
      'Patterns by what became of them.',
      'change',
      safety.pattern_hygiene,
    ),
    gauge('learning_candidates', 'Candidates from throughput.', throughput.candidates),
    gauge('learning_alerts', 'Alerts of learning.', alerts.total),
    counts('learning_snapshots', 'Snapshots that came to nothing.', 'result', {
      failed: alerts.snapshot_failed,
      stalled: alerts.stalled_snapshot,
    }),
  ];
}

function gauge(name: string, help: string, value: number | null): Metric {
  return { name, type: 'gauge', help, samples: [{ value }] };
}

function counts(
  name: string,
  help: string,
  label: string,
  values: Readonly<Record<string, number>>,
): Metric {
  const samples = Object.entries(values).map(([key, value]) => {
    const labels: Labels = { [label]: key };
    return { labels, value };
  });
  return { name, type: 'gauge', help, samples };
}
