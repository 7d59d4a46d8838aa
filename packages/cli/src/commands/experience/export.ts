import { resolve } from 'node:path';

import { exportRecords } from '@codex-orchestrator/experience-store';
import type { ExportOptions } from '@codex-orchestrator/experience-store';

import type { CommandContext, RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import type { experienceExportGrammar } from '../../experience-grammar.js';
import { renderExported } from '../../render/experience-changes.js';
import type { ExportAnswer } from './answers.js';
import { findTask } from './experience-scope.js';
import type { TaskScope } from './experience-scope.js';
import { openOutputFile } from './output-file.js';
import { workVisibly } from './visibly.js';

/** `experience export`: the records of a task for others; one without any is exported as that. */
export const experienceExport: RunCommand<(typeof experienceExportGrammar)['flags']> = (
  { flags },
  context,
) => {
  const scope = findTask(flags.task, context.io);
  const { format, domain, to } = flags;
  const options: ExportOptions = {
    format: format === 'json' ? 'json' : 'jsonl',
    ...(domain === undefined ? {} : { domains: new Set([domain.trim()]) }),
  };
  return to === undefined
    ? printRecords(scope, options, context)
    : writeRecords(scope, { ...options, path: resolve(context.io.cwd, to) }, context);
};

/** Tells the reader's going away from other errors. */
const nobodyReads = Symbol('nobody reads');

async function printRecords(
  { taskId, layout }: TaskScope,
  options: ExportOptions,
  context: CommandContext,
): Promise<number> {
  const { answer, io } = context;
  try {
    const end = await workVisibly(context, ({ signal }) =>
      exportRecords(layout, { ...options, signal }, (text) => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- caught below, and never seen
        if (!answer.piece(text, 'json')) throw nobodyReads;
      }),
    );
    if (end.kind === 'interrupted') return end.exitCode;
    if (end.value.records === 0) {
      io.stderr.write(`codex-orchestrator: no such experiences of task ${taskId}\n`);
    }
  } catch (error) {
    if (error !== nobodyReads) throw error;
  }
  return exitCodes.succeeded.code;
}

async function writeRecords(
  { taskId, layout }: TaskScope,
  { path, ...options }: ExportOptions & { readonly path: string },
  context: CommandContext,
): Promise<number> {
  const { answer } = context;
  using file = openOutputFile(path);
  const end = await workVisibly(context, (visibly) =>
    exportRecords(layout, { ...options, ...visibly }, (text) => {
      file.write(text);
    }),
  );
  if (end.kind === 'interrupted') {
    const words = 'Interrupted: nothing was written';
    answer.give({ task_id: taskId, outcome: 'interrupted' }, () => [words]);
    return end.exitCode;
  }
  file.commit();
  const { records, bytes } = end.value;
  const described: ExportAnswer = { task_id: taskId, path, records, bytes };
  answer.give(described, () => renderExported(described));
  return exitCodes.succeeded.code;
}
