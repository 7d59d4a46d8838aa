import { acquireLock, sleep, tryAcquireLock } from '@codex-orchestrator/core';
import type { Clock, FileLock, FileSystem, RandomSource } from '@codex-orchestrator/core';

import type { MetricsLayout } from '../layout.js';

/** Everything of the outside that updating uses. */
export interface UpdatePorts {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** Time for a holder that cannot be seen, and so may be one that knows nothing of our aggregates. */
const STRANGER_PATIENCE_MS = 2000;
const CONTENDED_PAUSE_MS = 2;
const CONTENDED_TRIES = 500;

/**
 * The lock of whoever updates, or `undefined` when somebody holds it who will look for new lines once
 * more after letting go of it.
 *
 * Whoever finds the lock taken may leave only if there is such a holder. While several are trying for
 * an abandoned lock there may be none yet: they try again until one has it.
 */
export async function tryUpdaterLock(
  layout: MetricsLayout,
  ports: UpdatePorts,
): Promise<FileLock | undefined> {
  const options = { ...ports, taskId: layout.taskId };
  for (let tries = 0; ; tries += 1) {
    const lock = await tryAcquireLock(layout.lockPath, options);
    if (lock.ok) return lock.value;
    const { reason } = lock.error;
    if (reason === 'owner-alive') return undefined;
    if (reason === 'owner-out-of-sight') {
      const later = await tryAcquireLock(layout.lockPath, {
        ...options,
        waitMs: STRANGER_PATIENCE_MS,
      });
      return later.ok ? later.value : undefined;
    }
    if (tries === CONTENDED_TRIES) return undefined;
    await sleep(ports.clock, CONTENDED_PAUSE_MS);
  }
}

/** Runs something that must not meet an update; waits for its turn. @throws CoreError `LOCK_TIMEOUT`. */
export async function withUpdaterLock<T>(
  layout: MetricsLayout,
  ports: UpdatePorts,
  run: () => Promise<T>,
): Promise<T> {
  const lock = await acquireLock(layout.lockPath, {
    ...ports,
    taskId: layout.taskId,
    waitMs: WAIT_MS,
  });
  try {
    return await run();
  } finally {
    await lock.release();
  }
}

/** Longer than an update of any ordinary history takes. */
const WAIT_MS = 60_000;
