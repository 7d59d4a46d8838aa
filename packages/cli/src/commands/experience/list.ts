import { listRecords } from '@codex-orchestrator/experience-store';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import type { experienceListGrammar } from '../../experience-grammar.js';
import { given } from '../../given.js';
import { renderList } from '../../render/experience-list.js';
import type { ListAnswer } from './answers.js';
import { findTask } from './experience-scope.js';
import { workVisibly } from './visibly.js';

/** `experience list`: what a task has learned; a task without experiences is an answer. */
export const experienceList: RunCommand<(typeof experienceListGrammar)['flags']> = async (
  { flags },
  context,
) => {
  const { answer } = context;
  const { domain, run: runId, limit = 20, order = 'newest' } = flags;
  const { taskId, layout } = findTask(flags.task, context.io);
  const end = await workVisibly(context, (visibly) =>
    listRecords(layout, { ...visibly, ...given({ domain, runId }), limit, order }),
  );
  if (end.kind === 'interrupted') {
    answer.give({ task_id: taskId, outcome: 'interrupted' }, () => ['Interrupted']);
    return end.exitCode;
  }
  const { total, records } = end.value;
  const described: ListAnswer = { task_id: taskId, order, total, records };
  answer.give(described, () => renderList(described));
  return exitCodes.succeeded.code;
};
