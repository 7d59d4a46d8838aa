import { findRecord } from '@codex-orchestrator/experience-store';

import type { CommandContext, CommandInput, RunCommand } from '../../command.js';
import { CliError, usageError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import type { experiencePinGrammar, experienceUnpinGrammar } from '../../experience-grammar.js';
import { openStore } from '../../experience/open-store.js';
import { renderPinned } from '../../render/experience-changes.js';
import type { PinAnswer } from './answers.js';
import { findTask } from './experience-scope.js';
import { workVisibly } from './visibly.js';

type Flags = (typeof experiencePinGrammar)['flags'];

/** `experience pin` */
export const experiencePin: RunCommand<Flags> = (input, context) => mark(input, context, true);

/** `experience unpin` */
export const experienceUnpin: RunCommand<(typeof experienceUnpinGrammar)['flags']> = (
  input,
  context,
) => mark(input, context, false);

async function mark(
  { flags, positionals }: CommandInput<Flags>,
  context: CommandContext,
  pinned: boolean,
): Promise<number> {
  const { io, answer } = context;
  const [id] = positionals;
  if (id === undefined) {
    throw usageError('Expected the id of an experience', 'codex-orchestrator experience list');
  }
  const { taskId, layout, workspace } = findTask(flags.task, io);
  const end = await workVisibly(context, (visibly) => findRecord(layout, id, visibly));
  if (end.kind === 'interrupted') {
    answer.give({ task_id: taskId, outcome: 'interrupted' }, () => ['Interrupted']);
    return end.exitCode;
  }
  const record = end.value;
  if (record === undefined) throw notFound(id, taskId);
  const isUnchanged = record.pinned === pinned;
  if (!isUnchanged) {
    using store = await openStore({ workspace, io });
    const createdAt = new Date(io.clock.nowMs()).toISOString();
    const note = pinned ? 'pinned' : 'unpinned';
    const { domain } = record;
    await store.addNotes(taskId, [{ note, taskId, createdAt, id, domain }]);
  }
  const { domain } = record;
  const described: PinAnswer = { task_id: taskId, id, domain, pinned, is_unchanged: isUnchanged };
  answer.give(described, () => renderPinned(described));
  return exitCodes.succeeded.code;
}

function notFound(id: string, taskId: string): CliError {
  return new CliError('EXPERIENCE_NOT_FOUND', `Task ${taskId} has no experience \`${id}\``, {
    hint: 'codex-orchestrator experience list',
  });
}
