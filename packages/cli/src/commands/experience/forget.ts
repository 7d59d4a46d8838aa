import { forget } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { experienceForgetGrammar } from '../../experience-grammar.js';
import { renderForgotten } from '../../render/experience-changes.js';
import type { ForgetAnswer } from './answers.js';
import { findTask } from './experience-scope.js';
import { workVisibly } from './visibly.js';

/** `experience forget`: all ids or none. */
export const experienceForget: RunCommand<(typeof experienceForgetGrammar)['flags']> = async (
  { flags, positionals },
  context,
) => {
  const { io, answer } = context;
  if (positionals.length === 0) {
    throw usageError('Expected ids of experiences', 'codex-orchestrator experience list');
  }
  const { taskId, layout } = findTask(flags.task, io);
  const end = await workVisibly(context, (visibly) =>
    forget(layout, positionals, { ...visibly, clock: io.clock }),
  );
  if (end.kind === 'interrupted') {
    answer.give({ task_id: taskId, outcome: 'interrupted' }, () => ['Interrupted']);
    return end.exitCode;
  }
  const described: ForgetAnswer = {
    task_id: taskId,
    forgotten: end.value.forgotten,
    blanked_lines: end.value.blankedLines,
  };
  answer.give(described, () => renderForgotten(described));
  return exitCodes.succeeded.code;
};
