import {
  checkIdentifier,
  codeOf,
  messageOf,
  parseRunId,
  parseTaskId,
} from '@codex-orchestrator/core';
import type { FileSystem, RunId, TaskId } from '@codex-orchestrator/core';

import { ManifestError } from './errors.js';
import { createRootLayout, createRunLayout, createTaskLayout } from './run-layout.js';
import type { LayoutOptions, RunLayout } from './run-layout.js';

/** Where to look for runs. */
export interface RunsLocation extends LayoutOptions {
  /** @default every task */
  readonly taskId?: TaskId;
}

/** A run, or the folder of a task's runs, that is there and cannot be read. */
export interface UnreadableRun {
  readonly path: string;
  readonly taskId: string;
  /** Undefined when it is the task's folder that cannot be read. */
  readonly runId: string | undefined;
  readonly error: unknown;
}

export interface LocatedRuns {
  readonly layouts: RunLayout[];
  readonly unreadable: UnreadableRun[];
}

/** @throws ManifestError `RUNS_UNREADABLE`. */
export function locateRuns(location: RunsLocation, fs: FileSystem): LocatedRuns {
  const located: LocatedRuns = { layouts: [], unreadable: [] };
  for (const taskId of location.taskId ? [location.taskId] : tasksOf(location, fs)) {
    const { taskRunsDir } = createTaskLayout({ ...location, taskId });
    try {
      for (const runId of runIdsIn(taskRunsDir, fs)) {
        located.layouts.push(createRunLayout({ ...location, taskId, runId }));
      }
    } catch (error) {
      located.unreadable.push({ path: taskRunsDir, taskId, runId: undefined, error });
    }
  }
  return located;
}

/** @throws ManifestError `RUNS_UNREADABLE`. */
export function tasksOf(location: RunsLocation, fs: FileSystem): TaskId[] {
  const { runsDir } = createRootLayout(location);
  try {
    const names = namesIn(runsDir, fs).filter((name) => checkIdentifier(name).ok);
    return names.map(parseTaskId);
  } catch (cause) {
    const message = `Cannot list the runs in "${runsDir}": ${messageOf(cause)}`;
    throw new ManifestError('RUNS_UNREADABLE', message, { path: runsDir, cause });
  }
}

/** The names in a folder that are run ids; none where there is no folder. */
export function runIdsIn(folder: string, fs: FileSystem): RunId[] {
  return namesIn(folder, fs).flatMap((name) => {
    const parsed = parseRunId(name);
    return parsed.ok ? [parsed.value.runId] : [];
  });
}

/** What is not there, or is a file such as a lock beside the tasks, holds no runs. */
function namesIn(folder: string, fs: FileSystem): string[] {
  try {
    return fs.readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return [];
    throw error;
  }
}
