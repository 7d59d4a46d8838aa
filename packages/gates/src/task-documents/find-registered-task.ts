import { GateError } from '../errors.js';
import type { GatePorts } from '../gate/gate-ports.js';
import { listRunPlaces, listRunTasks } from '../tasks/recorded-runs.js';
import type { RunPlace } from '../tasks/recorded-runs.js';
import { defaultTaskIndexPath, findTask, readTaskIndex } from '../tasks/task-index.js';
import type { TaskIndex, TaskItem } from '../tasks/task-index.js';
import { keyFor } from '../tasks/task-key.js';

/** A task with the index that it is registered in. */
export interface RegisteredTask {
  readonly index: TaskIndex;
  readonly task: TaskItem;
}

/**
 * The task that somebody names by key, id or slug.
 *
 * @throws GateError `TASK_NOT_FOUND`, also where two tasks are meant; `INVALID_FILE`
 */
export function findRegisteredTask(ports: GatePorts, name: string): RegisteredTask {
  const index = readTaskIndex(ports);
  const task = index && findTask(index, name);
  if (index && task) return { index, task };
  const shown = JSON.stringify(name.slice(0, 80));
  const message = `There is not one task ${shown} in ${defaultTaskIndexPath}`;
  throw new GateError('TASK_NOT_FOUND', message, { hint: 'codex-orchestrator task status' });
}

/** The runs of a task and of its subagents, the newest first. @throws GateError `INVALID_FILE` */
export function runsOfTask(
  ports: Pick<GatePorts, 'fs' | 'runsDir'>,
  { index, task }: RegisteredTask,
): RunPlace[] {
  const keys = new Set(index.items.map(({ key }) => key));
  const folders = listRunTasks(ports).filter((name) => keyFor(name, keys) === task.key);
  return listRunPlaces(ports, folders);
}
