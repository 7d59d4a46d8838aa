import { pruneHistory } from '@codex-orchestrator/metrics';

import type { RunCommand } from '../../command.js';
import { usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { metricsPruneGrammar } from '../../metrics-grammar.js';
import { renderPruning } from '../../render/metrics-segments.js';
import type { PruningAnswer } from './answers.js';
import { findMetricsTask } from './metrics-task.js';

/** `metrics prune`: shortens old files of history to what counting needs. */
export const metricsPrune: RunCommand<(typeof metricsPruneGrammar)['flags']> = async (
  { flags },
  { io, answer },
) => {
  const { keep } = flags;
  if (keep === undefined)
    throw usageError('Expected `--keep <n>`: how many older files stay whole');
  const task = findMetricsTask(flags.task, io);
  const report = await pruneHistory(task.layout, {
    keep,
    dryRun: flags.dryRun === true,
    clock: io.clock,
  });
  const described: PruningAnswer = {
    task_id: task.taskId,
    dry_run: report.dryRun,
    pruned: report.pruned.map(({ name, bytesBefore, bytesAfter }) => ({
      name,
      bytes_before: bytesBefore,
      bytes_after: bytesAfter,
    })),
    kept: report.kept,
  };
  answer.give(described, () => renderPruning(described));
  return exitCodes.succeeded.code;
};
