import type { RecordedRun, TaskEvidence } from '@codex-orchestrator/gates';

import type { RunCommand } from '../../command.js';
import { CliError } from '../../errors.js';
import { exitCodes } from '../../exit-codes.js';
import { given } from '../../given.js';
import type { Io } from '../../io.js';
import { renderTaskEvidence } from '../../render/task.js';
import type { taskEvidenceGrammar } from '../../task-grammar.js';
import { searchLayout } from '../../wanted-run.js';
import type { EvidenceRunAnswer, TaskEvidenceAnswer } from './answers.js';
import { openTaskPorts, required } from './task-ports.js';
import type { TaskPorts } from './task-ports.js';

/** `task evidence`: a run as what shows an item of the checklist; the same call again changes nothing. */
export const taskEvidence: RunCommand<(typeof taskEvidenceGrammar)['flags']> = async (
  { flags, positionals },
  context,
) => {
  const task = required(positionals[0], 'the task: task evidence <id> --run <run>');
  const wanted = required(flags.run, 'a run: --run <id>, or --run latest');
  const { addTaskEvidence } = await import('../../gates-library.js');
  const opened = await openTaskPorts(context);
  const run = await findRunOf(task, wanted, opened, context.io);
  const added = await addTaskEvidence(opened.ports, { task, run, ...given({ item: flags.item }) });
  const described: TaskEvidenceAnswer = {
    key: added.key,
    run: describeRun(added.run),
    before: added.before && describeRun(added.before),
    item: { ...added.item, is_done: added.isDone },
    document: added.document,
    written: added.written,
  };
  context.answer.give(described, () => renderTaskEvidence(described));
  return exitCodes.succeeded.code;
};

async function findRunOf(
  task: string,
  wanted: string,
  { ports, workspace }: TaskPorts,
  io: Pick<Io, 'stderr'>,
): Promise<TaskEvidence['run']> {
  if (wanted !== 'latest') {
    const { taskId, runId } = await searchLayout({ wanted, task: undefined, workspace }, io);
    return { task: taskId, run: runId };
  }
  const { taskStatus } = await import('../../gates-library.js');
  const { latestRun } = await taskStatus(ports, task);
  if (latestRun) return { task: latestRun.taskId, run: latestRun.runId };
  throw new CliError('RUN_NOT_FOUND', `The task ${task} has no run`, {
    hint: `codex-orchestrator start --task ${task}`,
  });
}

function describeRun(run: RecordedRun): EvidenceRunAnswer {
  return {
    run_id: run.runId,
    task_id: run.taskId,
    pipeline_id: run.pipelineId,
    status: run.status,
    started_at: run.startedAt,
    duration_ms: run.durationMs,
  };
}
