import { codeOf, nodeFileSystem, sleep, systemClock } from '@codex-orchestrator/core';
import type { Clock, FileSystem } from '@codex-orchestrator/core';

import type { MetricsLayout } from '../layout.js';
import { readAggregates } from './read-aggregates.js';
import type { Aggregates } from './read-aggregates.js';

export interface WatchOptions {
  /** Ends the watching; the generator then returns. */
  readonly signal: AbortSignal;
  /**
   * Time between two looks, each of which is one call to the system.
   *
   * @default 500
   */
  readonly intervalMs?: number;
  readonly fs?: FileSystem;
  readonly clock?: Clock;
}

/**
 * The aggregates as they are now, and again after each update. It looks at the checkpoint, which is
 * replaced after everything else, and needs no watcher of the operating system.
 *
 * @throws MetricsError `HISTORY_UNREADABLE`.
 */
export async function* watchAggregates(
  layout: MetricsLayout,
  { signal, intervalMs = 500, fs = nodeFileSystem, clock = systemClock }: WatchOptions,
): AsyncGenerator<Aggregates, void, undefined> {
  let seen: string | undefined;
  while (!signal.aborted) {
    const stamp = stampOf(layout.checkpointPath, fs);
    if (stamp !== seen) {
      seen = stamp;
      yield await readAggregates(layout, { fs });
    }
    await sleep(clock, intervalMs, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Each replacement is another file; its inode alone may come again. */
function stampOf(path: string, fs: FileSystem): string {
  try {
    const { ino, size, mtimeMs } = fs.stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}
