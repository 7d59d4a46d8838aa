import { createExperienceLayout } from '@codex-orchestrator/experience-store';
import type { ExperienceLayout } from '@codex-orchestrator/experience-store';
import { createRootLayout } from '@codex-orchestrator/manifest';

import { usageError } from '../../errors.js';
import type { Io } from '../../io.js';
import { resolveTask } from '../../task.js';
import { findWorkspace } from '../../workspace.js';
import type { Workspace } from '../../workspace.js';

/** Whose experiences a call means. */
export interface ExperienceScope {
  readonly workspace: Workspace;
  /** Undefined for all tasks. */
  readonly taskId: string | undefined;
  /** A path as answers name it: from the root on, with `/`. */
  readonly relative: (path: string) => string;
}

/** The experiences of one task. */
export interface TaskScope extends ExperienceScope {
  readonly taskId: string;
  readonly layout: ExperienceLayout;
}

interface ScopeFlags {
  readonly task: string | undefined;
  readonly allTasks: boolean | undefined;
}

/** @throws CoreError `INVALID_ID`, CliError `NO_WORKSPACE` */
export function findTask(flag: string | undefined, io: Pick<Io, 'cwd' | 'env'>): TaskScope {
  const workspace = findWorkspace(io);
  const { root } = workspace;
  return taskScope(workspace, resolveTask({ flag, env: io.env, root }).taskId);
}

/**
 * The same for commands that may mean all tasks.
 *
 * @throws CoreError `INVALID_ID`, CliError `NO_WORKSPACE`, `USAGE`
 */
export function findTasks(
  { task, allTasks }: ScopeFlags,
  io: Pick<Io, 'cwd' | 'env'>,
): ExperienceScope {
  if (allTasks !== true) return findTask(task, io);
  if (task !== undefined) throw usageError('`--task` and `--all-tasks` do not go together');
  const workspace = findWorkspace(io);
  return { workspace, relative: relativeTo(workspace), taskId: undefined };
}

export function taskScope(workspace: Workspace, taskId: string): TaskScope {
  const { runsDir, outDir } = workspace;
  return {
    workspace,
    taskId,
    layout: createExperienceLayout({ taskId, runsDir, outDir }),
    relative: relativeTo(workspace),
  };
}

function relativeTo({ root }: Workspace): (path: string) => string {
  const base = createRootLayout({ root });
  return (path) => base.relative(path);
}

/** @throws CliError `USAGE` */
export function requireDomain(domain: string | undefined): string {
  const trimmed = domain?.trim() ?? '';
  if (trimmed === '') throw usageError('Expected `--domain <domain>`');
  return trimmed;
}
