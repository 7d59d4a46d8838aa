import { join, relative, sep } from 'node:path';

import { checkIdentifier, messageOf, parseRunId, resolveInside } from '@codex-orchestrator/core';

import { GateError } from '../errors.js';
import type { GatePorts, RecordedRun } from '../gate/gate-ports.js';

/** Where a run is recorded; nobody looked whether it is there. */
export interface RunPlace {
  /** Name of the folder of the task. */
  readonly task: string;
  /** Name of the folder of the run. */
  readonly run: string;
  /** Absolute. */
  readonly manifestPath: string;
}

/** A record as far as it can be believed. */
export type RunVerdict =
  | { readonly kind: 'believed'; readonly run: RecordedRun }
  | { readonly kind: 'unverified'; readonly reason: string };

type RunsPorts = Pick<GatePorts, 'fs' | 'judgeRun' | 'runsDir' | 'signal'>;

/**
 * The names of the tasks that have runs, sorted; none without a folder of runs.
 *
 * @throws GateError `INVALID_FILE` where the folder is there and cannot be listed.
 */
export function listRunTasks({ fs, runsDir }: Pick<GatePorts, 'fs' | 'runsDir'>): string[] {
  try {
    return namesIn(fs, runsDir).sort();
  } catch (cause) {
    const message = `Cannot list the runs in '${runsDir}': ${(cause as Error).message}`;
    throw new GateError('INVALID_FILE', message, { cause });
  }
}

/**
 * The runs of some tasks, the newest first. Folders that are no run's are among them, last: what is to be
 * made of those is said by whoever judges their records. A folder that leads out of the one for runs,
 * or that cannot be listed, has none.
 */
export function listRunPlaces(
  { fs, runsDir }: Pick<GatePorts, 'fs' | 'runsDir'>,
  tasks: readonly string[],
): RunPlace[] {
  const places = tasks.flatMap((task) => {
    try {
      const folder = resolveInside(runsDir, join(task, 'cli'), { fs });
      return namesIn(fs, folder).map((run) => placeOf(runsDir, task, run));
    } catch {
      return [];
    }
  });
  return places.sort(newestFirst);
}

/** Where the run of a task is recorded. */
export function placeOf(runsDir: string, task: string, run: string): RunPlace {
  return { task, run, manifestPath: join(runsDir, task, 'cli', run, 'manifest.json') };
}

/**
 * Holds a run against its own record, and its record against the place where it lies: that of another run
 * counts for nothing here. What the system refuses to read is unverified too.
 *
 * @throws what the signal of the ports was aborted with
 */
export async function judgeRecord(ports: RunsPorts, place: RunPlace): Promise<RunVerdict> {
  ports.signal.throwIfAborted();
  try {
    resolveInside(ports.runsDir, place.manifestPath, { fs: ports.fs });
    const { isVerified, problem, run } = await ports.judgeRun(place.manifestPath);
    if (!isVerified) return unverified(problem ?? 'its record cannot be believed');
    if (run === null) return unverified(problem ?? 'it has no record that can be read');
    if (run.taskId === place.task && run.runId === place.run) return { kind: 'believed', run };
    return unverified(`its record is that of the run ${run.runId} of the task ${run.taskId}`);
  } catch (error) {
    ports.signal.throwIfAborted();
    return unverified(messageOf(error));
  }
}

/** A path as people are shown it: relative to the root with `/` where it lies inside. */
export function shownPath(root: string, path: string): string {
  const way = relative(root, path);
  const isOutside = way === '' || way === '..' || way.startsWith(`..${sep}`);
  return (isOutside ? path : way).split(sep).join('/');
}

function unverified(reason: string): RunVerdict {
  return { kind: 'unverified', reason: reason.replace(/\.$/, '') };
}

function namesIn(fs: GatePorts['fs'], folder: string): string[] {
  try {
    return fs.readdir(folder).filter((name) => checkIdentifier(name).ok);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

function newestFirst(one: RunPlace, other: RunPlace): number {
  const [a, b] = [sortKey(one), sortKey(other)];
  if (a === b) return 0;
  return a < b ? 1 : -1;
}

/** Run ids begin with the time. What is none sorts behind them all. */
function sortKey({ task, run }: RunPlace): string {
  return `${parseRunId(run).ok ? '1' : '0'}${run}\0${task}`;
}
