import { closestName } from '@codex-orchestrator/core';
import { readAggregates } from '@codex-orchestrator/metrics';
import type { Aggregates } from '@codex-orchestrator/metrics';

import type { CommandInput, RunCommand } from '../../command.js';
import { CliError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { Io } from '../../io.js';
import type { metricsShowGrammar } from '../../metrics-grammar.js';
import { printable } from '../../render/printable.js';
import { renderMetricsCsv } from '../../render/metrics-csv.js';
import { renderMetrics } from '../../render/metrics-show.js';
import { barsFor } from '../../render/metrics-sparkline.js';
import { viewMetrics } from '../../render/metrics-view.js';
import type { MetricsView } from '../../render/metrics-view.js';
import { isCurrent } from './currency.js';
import { findMetricsTask } from './metrics-task.js';
import type { MetricsTask } from './metrics-task.js';
import { describeTotals } from './update-answer.js';

type Flags = (typeof metricsShowGrammar)['flags'];

/** `metrics show`: what the history of a task comes to. Where there is none, that is the answer. */
export const metricsShow: RunCommand<Flags> = async (input, { io, answer }) => {
  const { flags } = input;
  const task = findMetricsTask(flags.task, io);
  const aggregates = await readAggregates(task.layout);
  for (const path of aggregates.damaged) warnOfDamage(task.relative(path), io);
  const view = chooseRows(viewMetrics(task.taskId, aggregates), input);
  if (flags.format === 'csv') {
    answer.piece(renderMetricsCsv(view), 'text');
    return exitCodes.succeeded.code;
  }
  answer.give(documentsOf(aggregates, task), () =>
    renderMetrics(view, {
      bars: barsFor(io.env),
      showsStages: showsStages(input),
      isCurrent: isCurrent(task.layout),
    }),
  );
  return exitCodes.succeeded.code;
};

function warnOfDamage(path: string, { stderr }: Pick<Io, 'stderr'>): void {
  const text = `${path} says nothing usable; codex-orchestrator metrics update writes it again`;
  stderr.write(`codex-orchestrator: warning: ${printable(text)}\n`);
}

/** What `metrics show --format json` prints: the documents as they are. */
function documentsOf(aggregates: Aggregates, { taskId, layout, relative }: MetricsTask): object {
  const { checkpoint } = aggregates;
  return {
    task_id: taskId,
    history: relative(layout.historyPath),
    is_current: isCurrent(layout),
    counted:
      checkpoint === null
        ? null
        : { ...describeTotals(checkpoint), updated_at: checkpoint.updatedAt },
    baseline: aggregates.baseline,
    post_rollout: aggregates.postRollout,
    completeness: aggregates.completeness,
    per_epoch: aggregates.perEpoch,
    mttr_delta: aggregates.mttrDelta,
    learning_state: aggregates.learningState,
    summary: aggregates.summary,
  };
}

function showsStages({ flags }: CommandInput<Flags>): boolean {
  return flags.stages ?? flags.pipeline !== undefined;
}

/** @throws CliError `PIPELINE_NOT_FOUND` where runs are counted, and none of this pipeline */
function chooseRows(view: MetricsView, { flags }: CommandInput<Flags>): MetricsView {
  const { pipeline } = flags;
  if (pipeline === undefined || view.pipelines.length === 0) return view;
  const chosen = view.pipelines.filter(({ id }) => id === pipeline);
  if (chosen.length > 0) return { ...view, pipelines: chosen };
  const meant = closestName(
    pipeline,
    view.pipelines.flatMap(({ id }) => id ?? []),
  );
  throw new CliError('PIPELINE_NOT_FOUND', `No run of the pipeline \`${pipeline}\` is counted`, {
    ...(meant === undefined ? {} : { hint: `Did you mean \`${meant}\`?` }),
  });
}
