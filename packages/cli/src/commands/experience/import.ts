import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';

import { importRecords } from '@codex-orchestrator/experience-store';
import type { ImportReport } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { experienceImportGrammar } from '../../experience-grammar.js';
import { readExperienceOptions } from '../../experience/experience-options.js';
import { redactorFor } from '../../privacy.js';
import { renderImported } from '../../render/experience-changes.js';
import type { ImportAnswer } from './answers.js';
import { findTask } from './experience-scope.js';
import { linesOf } from './lines-of.js';
import { workVisibly } from './visibly.js';

/** `experience import`: what cannot be taken is named and costs itself alone. */
export const experienceImport: RunCommand<(typeof experienceImportGrammar)['flags']> = async (
  { flags, positionals },
  context,
) => {
  const { io, answer } = context;
  const [file] = positionals;
  if (file === undefined) throw usageError('Expected a file, or - for standard input');
  const { taskId, layout } = findTask(flags.task, io);
  const { maxWords } = readExperienceOptions(io.env);
  const redactor = redactorFor(io.env);
  const pieces =
    file === '-'
      ? io.stdin.read()
      : (createReadStream(resolve(io.cwd, file)) as AsyncIterable<Uint8Array>);
  const end = await workVisibly(context, (visibly) =>
    importRecords(layout, linesOf(pieces), {
      ...visibly,
      clock: io.clock,
      maxWords,
      redact: (text) => redactor.text(text),
    }),
  );
  if (end.kind === 'interrupted') {
    const words = 'Interrupted: what was imported stays, and is left out when it is repeated';
    answer.give({ task_id: taskId, outcome: 'interrupted' }, () => [words]);
    return end.exitCode;
  }
  const described = describe(taskId, end.value);
  answer.give(described, () => renderImported(described));
  return exitCodes.succeeded.code;
};

function describe(taskId: string, report: ImportReport): ImportAnswer {
  return {
    task_id: taskId,
    imported: report.imported,
    already_there: report.alreadyThere,
    skipped_notes: report.skippedNotes,
    bad_lines: report.badLines,
    problems: report.problems,
    bytes: report.bytes,
  };
}
