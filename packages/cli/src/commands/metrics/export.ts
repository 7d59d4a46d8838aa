import { readEntries } from '@codex-orchestrator/metrics';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import type { metricsExportGrammar } from '../../metrics-grammar.js';
import { entryFilter } from './entry-filter.js';
import { createEntryWriter } from './entry-writer.js';
import { interruptible } from './interruptible.js';
import { findMetricsTask } from './metrics-task.js';

/** `metrics export`: the history for other tools. One without entries is exported as that. */
export const metricsExport: RunCommand<(typeof metricsExportGrammar)['flags']> = async (
  { flags },
  { answer, io },
) => {
  const { taskId, layout } = findMetricsTask(flags.task, io);
  const where = entryFilter(flags);
  const writer = createEntryWriter(flags.format ?? 'ndjson', { taskId, answer });
  const end = await interruptible(io, async (signal) => {
    for await (const { entry } of readEntries(layout, { where, signal })) {
      if (!writer.write(entry)) break;
    }
  });
  if (end.kind === 'interrupted') {
    writer.flush();
    return end.exitCode;
  }
  writer.end();
  if (writer.count === 0)
    io.stderr.write(`codex-orchestrator: no such entries of task ${taskId}\n`);
  return exitCodes.succeeded.code;
};
