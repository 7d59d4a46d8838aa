import { availableParallelism } from 'node:os';

import { dirname } from 'node:path';

import {
  nodeFileSystem,
  sweepTempFiles,
  systemClock,
  systemRandom,
} from '@codex-orchestrator/core';

import { drainPending } from '../history/drain-pending.js';
import { listSegments } from '../history/segments.js';
import type { MetricsLayout } from '../layout.js';
import type { PassRequest } from './pass.js';
import { isSeen } from './seen-segment.js';
import { UpdateTally } from './update-tally.js';
import { updateOnce } from './update-pass.js';
import type { UpdateOptions, UpdateReport } from './update-report.js';
import { tryUpdaterLock, withUpdaterLock } from './updater-lock.js';
import type { UpdatePorts } from './updater-lock.js';

/** Below it, a thread takes longer to start and to warm up than it saves. */
const MIN_PARALLEL_BYTES = 300_000_000;

/**
 * Brings the aggregates of a task up to date with its history, at a cost that depends on what is new and
 * not on how long the history is. A history that is not what was counted, with more behind it, is
 * counted anew.
 *
 * One at a time updates. Whoever comes while somebody does leaves at once: what it had appended before
 * the call is counted by the one that updates, which looks again after it has let go of the lock.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`, `HISTORY_WRITE_FAILED`, `OUTPUT_WRITE_FAILED`; CoreError
 * `LOCK_FAILED`; the reason of an aborted signal. The next update makes up for it.
 */
export async function updateAggregates(
  layout: MetricsLayout,
  options: UpdateOptions = {},
): Promise<UpdateReport> {
  const ports = portsOf(options);
  const tally = new UpdateTally(ports.clock);
  for (;;) {
    const lock = await tryUpdaterLock(layout, ports);
    if (lock === undefined) return tally.report();
    try {
      await updateLocked(layout, options, tally, 'update');
    } finally {
      await lock.release();
    }
    // Somebody may have appended after the last look and found the lock taken.
    if (!hasMore(layout, tally, ports)) return tally.report();
  }
}

/**
 * Counts the whole history anew, whatever was counted before, and comes to the same bytes. Temporary
 * files of writers that were killed go.
 *
 * @throws as `updateAggregates`, and CoreError `LOCK_TIMEOUT` when somebody else updates for too long.
 */
export async function rebuildAggregates(
  layout: MetricsLayout,
  options: UpdateOptions = {},
): Promise<UpdateReport> {
  return withLockedUpdate(layout, options, 'rebuild', async ({ fs }) => {
    for (const folder of [
      layout.aggregatesDir,
      layout.outMetricsDir,
      dirname(layout.learningStatePath),
    ]) {
      await sweepTempFiles(folder, { fs }).catch(() => []);
    }
  });
}

/** Updates in any case, in its turn. */
export async function withLockedUpdate(
  layout: MetricsLayout,
  options: UpdateOptions,
  mode: PassRequest['mode'],
  before?: (ports: UpdatePorts) => Promise<void> | void,
): Promise<UpdateReport> {
  const ports = portsOf(options);
  const tally = new UpdateTally(ports.clock);
  await withUpdaterLock(layout, ports, async () => {
    await before?.(ports);
    await updateLocked(layout, options, tally, mode);
  });
  if (!hasMore(layout, tally, ports)) return tally.report();
  await updateAggregates(layout, options);
  return tally.report();
}

/** For who holds the lock: until there is nothing new. */
async function updateLocked(
  layout: MetricsLayout,
  options: UpdateOptions,
  tally: UpdateTally,
  mode: PassRequest['mode'],
): Promise<void> {
  const ports = portsOf(options);
  const { pending, rotation = {}, reducers = [], worker, signal, onProgress } = options;
  tally.drained(await drainPending(layout, { ...pending, ...ports }));
  const parallel =
    worker !== undefined && availableParallelism() > 1
      ? { worker, minBytes: MIN_PARALLEL_BYTES }
      : undefined;
  const request = { layout, ports, rotation, reducers, parallel, signal, onProgress };
  for (let next = mode; ; next = 'update') {
    tally.passed(await updateOnce({ ...request, mode: next }));
    if (!hasMore(layout, tally, ports)) return;
  }
}

/** Whether the history is not what the last pass saw. */
function hasMore(layout: MetricsLayout, tally: UpdateTally, { fs }: UpdatePorts): boolean {
  const marks = tally.marks;
  const segments = listSegments(layout, { fs });
  if (segments.length !== marks.length) return true;
  return !marks.every((mark, ordinal) => isSeen(mark, segments[ordinal]));
}

export function portsOf(options: UpdateOptions): UpdatePorts {
  const { fs = nodeFileSystem, clock = systemClock, random = systemRandom } = options;
  return { fs, clock, random };
}
