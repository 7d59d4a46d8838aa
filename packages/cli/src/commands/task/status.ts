import type { LatestRun, TaskStatus, TaskSummary } from '@codex-orchestrator/gates';

import type { RunCommand } from '../../command.js';
import { exitCodes } from '../../exit-codes.js';
import { renderTaskList, renderTaskStatus } from '../../render/task.js';
import type { taskStatusGrammar } from '../../task-grammar.js';
import type { LatestRunAnswer, TaskAnswer, TaskListAnswer, TaskStatusAnswer } from './answers.js';
import { openTaskPorts } from './task-ports.js';

/** How many lines of something an agent is shown. */
const agentLines = 8;

/** `task status`: how far tasks are; exit code 0 whatever is open. */
export const taskStatus: RunCommand<(typeof taskStatusGrammar)['flags']> = async (
  { positionals: [name] },
  context,
) => {
  const library = await import('../../gates-library.js');
  const { ports } = await openTaskPorts(context);
  const { answer } = context;
  if (name === undefined) {
    const listed: TaskListAnswer = { tasks: library.listTasks(ports).map(describeTask) };
    answer.give(listed, {
      text: () => renderTaskList(listed),
      agent: () => renderTaskList(listed, agentLines),
    });
  } else {
    const described = describeStatus(await library.taskStatus(ports, name));
    answer.give(described, {
      text: () => renderTaskStatus(described),
      agent: () => renderTaskStatus(described, agentLines / 2),
    });
  }
  return exitCodes.succeeded.code;
};

function describeTask({ task, items, problem }: TaskSummary): TaskAnswer {
  const { key, id, slug, title, status, checklistPath } = task;
  return { key, id, slug, title, status, checklist: checklistPath, items, problem };
}

function describeStatus(status: TaskStatus): TaskStatusAnswer {
  const { open, spec, evidence, latestRun } = status;
  return {
    ...describeTask(status),
    open,
    spec: { path: spec.path, last_review: spec.lastReview, age_days: spec.ageDays },
    evidence: {
      good: evidence.good,
      bad: evidence.bad.map(({ rule, file, line, message }) => ({ rule, file, line, message })),
    },
    latest_run: latestRun && describeRun(latestRun),
  };
}

function describeRun({ runId, taskId, run, problem }: LatestRun): LatestRunAnswer {
  return {
    run_id: runId,
    task_id: taskId,
    status: run?.status ?? null,
    started_at: run?.startedAt ?? null,
    duration_ms: run?.durationMs ?? null,
    is_verified: run !== null,
    problem,
  };
}
