import { collect } from '@codex-orchestrator/experience-store';
import type { GcReport } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { experienceGcGrammar } from '../../experience-grammar.js';
import { given } from '../../given.js';
import { renderGc } from '../../render/experience-gc.js';
import type { GcAnswer } from './answers.js';
import { findTask } from './experience-scope.js';
import { workVisibly } from './visibly.js';

/** `experience gc`: says what would go, or takes it out; never without one of both flags. */
export const experienceGc: RunCommand<(typeof experienceGcGrammar)['flags']> = async (
  { flags },
  context,
) => {
  const { io, answer } = context;
  const { dryRun = false, near = false, boilerplate = false, keepPerDomain, olderThanDays } = flags;
  if (dryRun === (flags.yes === true)) {
    throw usageError(
      'Expected `--dry-run`, which says what would go, or `--yes`, which takes it out',
      'codex-orchestrator experience gc --dry-run',
    );
  }
  const { taskId, layout } = findTask(flags.task, io);
  const wishes = { dryRun, near, boilerplate, ...given({ keepPerDomain, olderThanDays }) };
  const end = await workVisibly(context, (visibly) =>
    collect(layout, { ...visibly, ...wishes, clock: io.clock }),
  );
  if (end.kind === 'interrupted') {
    const words = 'Interrupted: the log is as it was';
    answer.give({ task_id: taskId, outcome: 'interrupted' }, () => [words]);
    return end.exitCode;
  }
  const described = describe(taskId, end.value);
  answer.give(described, () => renderGc(described));
  return exitCodes.succeeded.code;
};

function describe(taskId: string, report: GcReport): GcAnswer {
  return {
    task_id: taskId,
    dry_run: report.isDryRun,
    is_replaced: report.isReplaced,
    records_before: report.recordsBefore,
    records_after: report.recordsAfter,
    removed: report.removed.map(({ reason, count, bytes, examples }) => ({
      reason,
      count,
      bytes,
      examples: examples.map(({ mergedInto, ...example }) => ({
        ...example,
        ...given({ merged_into: mergedInto }),
      })),
    })),
    folded_notes: report.foldedNotes.count,
    bytes_before: report.bytesBefore,
    bytes_after: report.bytesAfter,
    carried_lines: report.carriedLines,
    is_near_limited: report.isNearLimited,
  };
}
