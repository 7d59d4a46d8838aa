import {
  checkIdentifier,
  nodeFileSystem,
  parseRunId,
  parseTaskId,
  resolveInside,
} from '@codex-orchestrator/core';
import type { FileSystem, RunId, TaskId } from '@codex-orchestrator/core';

import { codeOf, ManifestError, messageOf } from './errors.js';
import type { ParsedManifest } from './parse-manifest.js';
import { readManifest } from './read-manifest.js';
import { createRootLayout, createRunLayout, createTaskLayout } from './run-layout.js';
import type { LayoutOptions, RunLayout } from './run-layout.js';

/** Where to look for runs. */
export interface RunsLocation extends LayoutOptions {
  /** @default every task */
  readonly taskId?: TaskId;
}

export interface ListRunsOptions {
  /**
   * How many runs to read.
   *
   * @default Infinity
   */
  readonly limit?: number;
  readonly fs?: FileSystem;
}

export interface FoundRun extends ParsedManifest {
  readonly layout: RunLayout;
}

/** A run, or the folder of a task's runs, that is there and cannot be read. */
export interface UnreadableRun {
  readonly path: string;
  readonly taskId: string;
  /** Undefined when it is the task's folder that cannot be read. */
  readonly runId: string | undefined;
  readonly error: unknown;
}

export interface RunListing {
  /** The newest first, by run id. */
  readonly runs: readonly FoundRun[];
  /** What was met on the way and could not be read. It takes no place in the limit. */
  readonly unreadable: readonly UnreadableRun[];
}

export interface RunSearch {
  readonly run: FoundRun | undefined;
  readonly unreadable: readonly UnreadableRun[];
}

/**
 * The newest runs of a task, or of all tasks. Folders are listed, but only as many manifests are read
 * as the limit asks for.
 *
 * @throws ManifestError `RUNS_UNREADABLE` when the folder of all runs is there and cannot be listed.
 */
export async function listRuns(
  location: RunsLocation,
  options: ListRunsOptions = {},
): Promise<RunListing> {
  const { limit = Infinity, fs = nodeFileSystem } = options;
  const { layouts, unreadable } = locateRuns(location, fs);
  layouts.sort((a, b) => compare(b.runId, a.runId) || compare(a.taskId, b.taskId));
  const runs: FoundRun[] = [];
  for (const layout of layouts) {
    if (runs.length >= limit) break;
    const read = await readRun(layout, fs);
    if ('error' in read) unreadable.push(read);
    else runs.push(read);
  }
  return { runs, unreadable };
}

/**
 * One run by its id, or the newest one that can be read. What could not be read is named: the answer
 * to `latest` may be older than the newest run.
 *
 * @throws ManifestError `RUNS_UNREADABLE`.
 */
export async function findRun(
  wanted: RunId | 'latest',
  location: RunsLocation,
  options: Pick<ListRunsOptions, 'fs'> = {},
): Promise<RunSearch> {
  if (wanted === 'latest') {
    const { runs, unreadable } = await listRuns(location, { ...options, limit: 1 });
    return { run: runs[0], unreadable };
  }
  const { fs = nodeFileSystem } = options;
  const { layouts, unreadable } = locateRuns(location, fs);
  for (const layout of layouts.filter(({ runId }) => runId === wanted)) {
    const read = await readRun(layout, fs);
    if (!('error' in read)) return { run: read, unreadable };
    unreadable.push(read);
  }
  return { run: undefined, unreadable };
}

interface LocatedRuns {
  readonly layouts: RunLayout[];
  readonly unreadable: UnreadableRun[];
}

function locateRuns(location: RunsLocation, fs: FileSystem): LocatedRuns {
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

function tasksOf(location: RunsLocation, fs: FileSystem): TaskId[] {
  const { runsDir } = createRootLayout(location);
  try {
    const names = namesIn(runsDir, fs).filter((name) => checkIdentifier(name).ok);
    return names.map(parseTaskId);
  } catch (cause) {
    const message = `Cannot list the runs in "${runsDir}": ${messageOf(cause)}`;
    throw new ManifestError('RUNS_UNREADABLE', message, { path: runsDir, cause });
  }
}

function runIdsIn(folder: string, fs: FileSystem): RunId[] {
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

async function readRun(layout: RunLayout, fs: FileSystem): Promise<FoundRun | UnreadableRun> {
  const { runsDir, runDir, manifestPath, taskId, runId } = layout;
  try {
    resolveInside(runsDir, runDir, { fs });
    return { layout, ...(await readManifest(manifestPath, { fs })) };
  } catch (error) {
    return { path: runDir, taskId, runId, error };
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
