import { availableParallelism, loadavg } from 'node:os';
import { dirname, join } from 'node:path';

import type { UpdateOptions, UpdateReport } from '@codex-orchestrator/metrics';

import type { CommandContext } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import { readMetricsOptions } from '../../metrics/metrics-options.js';
import { renderUpdate } from '../../render/metrics-update.js';
import { findMetricsTask } from './metrics-task.js';
import type { MetricsTask } from './metrics-task.js';
import { describeUpdate } from './update-answer.js';
import { workVisibly } from './visibly.js';

type Count = (layout: MetricsTask['layout'], options: UpdateOptions) => Promise<UpdateReport>;

/** Counts the history of a task and says what was done. */
export async function countHistory(
  count: Count,
  taskFlag: string | undefined,
  context: CommandContext,
): Promise<number> {
  const { io, answer } = context;
  const task = findMetricsTask(taskFlag, io);
  const { update } = readMetricsOptions(io.env);
  const end = await workVisibly(context, (visibly) =>
    count(task.layout, {
      ...update,
      ...visibly,
      clock: io.clock,
      ...(hasIdleProcessor() ? { worker: rangeWorkerPath(io.programPath) } : {}),
    }),
  );
  if (end.kind === 'interrupted') {
    const words = 'Interrupted: what was counted is as it was';
    answer.give({ task_id: task.taskId, outcome: 'interrupted' }, () => [words]);
    return end.exitCode;
  }
  const described = describeUpdate(end.value, task);
  answer.give(described, () => renderUpdate(described));
  return exitCodes.succeeded.code;
}

/** Where all processors are busy, two threads only take longer than one. */
function hasIdleProcessor(): boolean {
  const [load = 0] = loadavg();
  return load <= availableParallelism() - 1;
}

/** Where it is not, as when the program does not run from its package, one thread counts all. */
function rangeWorkerPath(programPath: string): string {
  return join(dirname(dirname(programPath)), 'dist', 'range-worker.cjs');
}
