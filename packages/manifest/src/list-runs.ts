import { nodeFileSystem, resolveInside } from '@codex-orchestrator/core';
import type { FileSystem, RunId } from '@codex-orchestrator/core';

import { locateRuns } from './locate-runs.js';
import type { RunsLocation, UnreadableRun } from './locate-runs.js';
import type { ParsedManifest } from './parse-manifest.js';
import { readManifest } from './read-manifest.js';
import type { RunLayout } from './run-layout.js';

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
