import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { exists } from './exists.js';
import { runIdsIn, tasksOf } from './locate-runs.js';
import type { RunsLocation, UnreadableRun } from './locate-runs.js';
import { createRunLayout, createTaskLayout } from './run-layout.js';
import type { RunLayout } from './run-layout.js';

export interface UnsealedRuns {
  /** The oldest first. */
  readonly layouts: readonly RunLayout[];
  /** Folders of markers that are there and cannot be listed. */
  readonly unreadable: readonly UnreadableRun[];
}

/**
 * The runs of a task, or of all tasks, that nobody has sealed: those that are going on, those whose
 * owner is gone, and those whose latest attempt could not be counted. It reads markers and never history, so that it costs as much as there are such runs.
 * In rare cases a run among them is sealed (its owner died between the last write and taking the marker
 * away). Runs of versions without markers are not found.
 *
 * @throws ManifestError `RUNS_UNREADABLE`.
 */
export function listUnsealedRuns(
  location: RunsLocation,
  { fs = nodeFileSystem }: { readonly fs?: FileSystem } = {},
): Promise<UnsealedRuns> {
  return Promise.resolve().then(() => list(location, fs));
}

function list(location: RunsLocation, fs: FileSystem): UnsealedRuns {
  const layouts: RunLayout[] = [];
  const unreadable: UnreadableRun[] = [];
  for (const taskId of location.taskId ? [location.taskId] : tasksOf(location, fs)) {
    const { activeDir } = createTaskLayout({ ...location, taskId });
    try {
      for (const runId of runIdsIn(activeDir, fs).sort()) {
        const layout = createRunLayout({ ...location, taskId, runId });
        // A marker comes before its record: it may be opening, or nothing has come of it.
        if (exists(layout.runDir, fs)) layouts.push(layout);
      }
    } catch (error) {
      unreadable.push({ path: activeDir, taskId, runId: undefined, error });
    }
  }
  return { layouts, unreadable };
}
