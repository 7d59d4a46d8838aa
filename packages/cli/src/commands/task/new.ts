import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import { given } from '../../given.js';
import { renderTaskNew } from '../../render/task.js';
import type { taskNewGrammar } from '../../task-grammar.js';
import type { TaskNewAnswer } from './answers.js';
import { openTaskPorts, required } from './task-ports.js';

/** `task new`: documents to fill in, and the entry by which gates know the task. */
export const taskNew: RunCommand<(typeof taskNewGrammar)['flags']> = async (
  { flags: { title }, positionals },
  context,
) => {
  const id = required(positionals[0], 'the id and the slug of the task: task new <id> <slug>');
  const slug = required(positionals[1], 'the slug of the task: task new <id> <slug>');
  const { newTask } = await import('../../gates-library.js');
  const { ports } = await openTaskPorts(context);
  const begun = await newTask(ports, { id, slug, ...given({ title }) });
  const described: TaskNewAnswer = {
    key: begun.key,
    id: begun.id,
    slug: begun.slug,
    title: begun.title,
    written: begun.written,
  };
  context.answer.give(described, () => renderTaskNew(described));
  return exitCodes.succeeded.code;
};
