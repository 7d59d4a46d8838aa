import { rotateHistory } from '@codex-orchestrator/metrics';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import { readMetricsOptions } from '../../metrics/metrics-options.js';
import type { metricsRotateGrammar } from '../../metrics-grammar.js';
import { renderRotation } from '../../render/metrics-segments.js';
import type { RotationAnswer } from './answers.js';
import { findMetricsTask } from './metrics-task.js';
import { describeUpdate } from './update-answer.js';

/** `metrics rotate`: begins a new file of history. */
export const metricsRotate: RunCommand<(typeof metricsRotateGrammar)['flags']> = async (
  { flags },
  { io, answer },
) => {
  const task = findMetricsTask(flags.task, io);
  const { update: options } = readMetricsOptions(io.env);
  const { segment, compressed, update } = await rotateHistory(task.layout, {
    ...options,
    clock: io.clock,
    gzip: flags.gzip === true,
  });
  const described: RotationAnswer = {
    task_id: task.taskId,
    segment,
    compressed,
    update: describeUpdate(update, task),
  };
  answer.give(described, () => renderRotation(described));
  return exitCodes.succeeded.code;
};
