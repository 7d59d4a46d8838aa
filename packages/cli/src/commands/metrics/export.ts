import { readAggregates, readEntries, renderPrometheus } from '@codex-orchestrator/metrics';

import type { CommandContext, CommandInput, RunCommand } from '../../command.js';
import { usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { metricsExportGrammar } from '../../metrics-grammar.js';
import { entryFilter } from './entry-filter.js';
import { createEntryWriter } from './entry-writer.js';
import { interruptible } from './interruptible.js';
import { findMetricsTask } from './metrics-task.js';
import type { MetricsTask } from './metrics-task.js';

type Flags = (typeof metricsExportGrammar)['flags'];

/** `metrics export`: the history for other tools. One without entries is exported as that. */
export const metricsExport: RunCommand<Flags> = (input, context) => {
  const task = findMetricsTask(input.flags.task, context.io);
  const { format = 'ndjson' } = input.flags;
  return format === 'prometheus'
    ? exportTotals(task, input, context)
    : exportEntries(task, { flags: input.flags, format }, context);
};

async function exportTotals(
  { taskId, layout }: MetricsTask,
  { flags: { since, pipeline, status } }: CommandInput<Flags>,
  { answer }: CommandContext,
): Promise<number> {
  if ((since ?? pipeline ?? status) !== undefined) {
    throw usageError(
      '`--format prometheus` prints totals: `--since`, `--pipeline`, `--status` do not go with it',
    );
  }
  answer.piece(renderPrometheus(await readAggregates(layout), { taskId }), 'text');
  return exitCodes.succeeded.code;
}

interface EntryRequest extends Pick<CommandInput<Flags>, 'flags'> {
  readonly format: 'csv' | 'json' | 'ndjson';
}

async function exportEntries(
  { taskId, layout }: MetricsTask,
  { flags, format }: EntryRequest,
  { answer, io }: CommandContext,
): Promise<number> {
  const where = entryFilter(flags);
  const writer = createEntryWriter(format, { taskId, answer });
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
}
