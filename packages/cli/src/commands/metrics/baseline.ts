import { clearBaseline, readBaseline, setBaseline } from '@codex-orchestrator/metrics';

import type { CommandContext, RunCommand } from '../../command.js';
import { usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import { given } from '../../given.js';
import type {
  baselineClearGrammar,
  baselineSetGrammar,
  baselineShowGrammar,
} from '../../metrics-grammar.js';
import { renderBaseline } from '../../render/metrics-baseline.js';
import type { BaselineAnswer } from './answers.js';
import { findMetricsTask } from './metrics-task.js';
import type { MetricsTask } from './metrics-task.js';

/** `metrics baseline show` */
export const showBaseline: RunCommand<(typeof baselineShowGrammar)['flags']> = (
  { flags },
  context,
) => giveBaseline(findMetricsTask(flags.task, context.io), context);

/** `metrics baseline set`: later runs are compared with this one. */
export const setMetricsBaseline: RunCommand<(typeof baselineSetGrammar)['flags']> = async (
  { flags },
  context,
) => {
  const { run: runId, reason, actor = 'cli' } = flags;
  if (runId === undefined) throw usageError('Expected `--run <id>`: a run of the history');
  const task = findMetricsTask(flags.task, context.io);
  const { clock } = context.io;
  await setBaseline(task.layout, { runId, actor, ...given({ reason }) }, { clock });
  return giveBaseline(task, context);
};

/** `metrics baseline clear`: the first run of the history counts again. */
export const clearMetricsBaseline: RunCommand<(typeof baselineClearGrammar)['flags']> = async (
  { flags },
  context,
) => {
  const task = findMetricsTask(flags.task, context.io);
  await clearBaseline(task.layout, { clock: context.io.clock });
  return giveBaseline(task, context);
};

async function giveBaseline(
  { taskId, layout }: MetricsTask,
  { answer }: CommandContext,
): Promise<number> {
  const described: BaselineAnswer = { task_id: taskId, baseline: await readBaseline(layout) };
  answer.give(described, () => renderBaseline(described));
  return exitCodes.succeeded.code;
}
