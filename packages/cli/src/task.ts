import { basename } from 'node:path';

import {
  checkIdentifier,
  CoreError,
  parseTaskId,
  readString,
  slugify,
} from '@codex-orchestrator/core';
import type { Environment, TaskId } from '@codex-orchestrator/core';

import type { Io } from './io.js';

/** The task of a call and where its name comes from. */
export interface ResolvedTask {
  readonly taskId: TaskId;
  readonly source: 'flag' | 'MCP_RUNNER_TASK_ID' | 'folder';
}

export interface TaskSources {
  /** Value of `--task`. */
  readonly flag: string | undefined;
  readonly env: Environment;
  readonly root: string;
  /** The pipeline that is run: those of an agent loop have a task of their own. @default any */
  readonly pipelineId?: string;
}

/**
 * The task: the flag, else MCP_RUNNER_TASK_ID (empty counts as unset), else the name of the root
 * folder as a slug; for the pipeline `rlm` with `rlm-` before it.
 *
 * @throws CoreError `INVALID_ID` with the exact reason
 */
export function resolveTask({ flag, env, root, pipelineId }: TaskSources): ResolvedTask {
  if (flag !== undefined) return { taskId: parseTaskId(flag), source: 'flag' };
  const named = readString(env, 'MCP_RUNNER_TASK_ID', undefined);
  if (named !== undefined) return { taskId: parseTaskId(named), source: 'MCP_RUNNER_TASK_ID' };
  const prefix = pipelineId === 'rlm' ? 'rlm-' : '';
  return { taskId: parseTaskId(`${prefix}${folderSlug(root)}`), source: 'folder' };
}

/** The task as `resolveTask` finds it; one that nobody chose is named on stderr. */
export function announceTask(sources: TaskSources, { stderr }: Pick<Io, 'stderr'>): TaskId {
  const { taskId, source } = resolveTask(sources);
  if (source === 'folder') {
    stderr.write(
      `codex-orchestrator: task ${taskId}, from the name of the folder (choose one with --task)\n`,
    );
  }
  return taskId;
}

/**
 * The run that started this one, as a flag names it. It may be one of another tool, so that nothing is
 * asked of it but that it is safe as a name.
 *
 * @throws CoreError `INVALID_ID`
 */
export function parseParentRun(text: string): string {
  const checked = checkIdentifier(text);
  if (checked.ok) return checked.value;
  const shown = JSON.stringify(text.slice(0, 80));
  throw new CoreError('INVALID_ID', `Invalid run id ${shown}: ${checked.error}`);
}

/** A folder may be called what no task may be: nothing but symbols, or a device name of Windows. */
function folderSlug(root: string): string {
  const name = basename(root);
  const slug = slugify(name).toLowerCase();
  return /[A-Za-z0-9]/.test(name) && checkIdentifier(slug).ok ? slug : 'adhoc';
}
