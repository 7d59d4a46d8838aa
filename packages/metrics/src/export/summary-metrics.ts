import type {
  DurationsDocument,
  PipelineDocument,
  StageDocument,
  SummaryDocument,
} from '../fold/document-types.js';
import type { Labels, Metric, Sample } from './prometheus-text.js';

/** Stands for the pipeline of runs that name none. */
const NO_PIPELINE = '(none)';

/** Runs and executions of stages by how they ended, and how long they took. */
export function summaryMetrics({ pipelines }: SummaryDocument): Metric[] {
  const stages = pipelines.flatMap((pipeline) =>
    pipeline.stages.map((stage) => ({
      stage,
      labels: { ...pipelineLabels(pipeline), stage: stage.id },
    })),
  );
  return [
    {
      name: 'runs',
      type: 'gauge',
      help: 'Runs by pipeline and by how they ended.',
      samples: pipelines.flatMap(runSamples),
    },
    {
      name: 'run_duration_seconds',
      type: 'summary',
      help: 'Durations of runs by pipeline.',
      samples: pipelines.flatMap((pipeline) =>
        durationSamples(pipelineLabels(pipeline), pipeline.duration_seconds),
      ),
    },
    {
      name: 'stage_executions',
      type: 'gauge',
      help: 'Executions of stages by how they ended.',
      samples: stages.flatMap(({ stage, labels }) => stageSamples(stage, labels)),
    },
    {
      name: 'stage_duration_seconds',
      type: 'summary',
      help: 'Durations of stages.',
      samples: stages.flatMap(({ stage, labels }) =>
        durationSamples(labels, stage.duration_seconds),
      ),
    },
  ];
}

function runSamples(pipeline: PipelineDocument): Sample[] {
  const { runs, succeeded, failed, cancelled } = pipeline;
  const other = runs - succeeded - failed - cancelled;
  return statusSamples(pipelineLabels(pipeline), { succeeded, failed, cancelled, other });
}

function stageSamples(stage: StageDocument, labels: Labels): Sample[] {
  const { runs, succeeded, failed, skipped } = stage;
  const other = runs - succeeded - failed - skipped;
  return statusSamples(labels, { succeeded, failed, skipped, other });
}

function statusSamples(labels: Labels, counts: Readonly<Record<string, number>>): Sample[] {
  return Object.entries(counts).map(([status, value]) => ({
    labels: { ...labels, status },
    value,
  }));
}

function durationSamples(labels: Labels, durations: DurationsDocument): Sample[] {
  const { count, mean, p50, p95, p99 } = durations;
  return [
    { labels: { ...labels, quantile: '0.5' }, value: p50 },
    { labels: { ...labels, quantile: '0.95' }, value: p95 },
    { labels: { ...labels, quantile: '0.99' }, value: p99 },
    { labels, suffix: '_sum', value: mean === null ? 0 : mean * count },
    { labels, suffix: '_count', value: count },
  ];
}

function pipelineLabels({ pipeline_id }: PipelineDocument): Labels {
  return { pipeline: pipeline_id ?? NO_PIPELINE };
}
