import { CoreError, messageOf, withFileLock } from '@codex-orchestrator/core';

import { ExperienceError } from '../errors.js';
import type { ExperienceLayout } from '../layout.js';
import { portsOf } from '../ports.js';
import type { PortOptions } from '../ports.js';
import { recoverReplacement } from './replace-recover.js';

export interface LockOptions extends PortOptions {
  /**
   * How long to wait for whoever changes the index or the log just now.
   *
   * @default 10_000
   */
  readonly lockWaitMs?: number | undefined;
  /** Ends the wait, and is part of the signal that the change is given. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a change of the log under its lock, behind whatever a killed one left to do. The signal is aborted
 * when the lock is lost, too.
 *
 * @throws ExperienceError `STORE_BUSY` when the lock is not to be had in time.
 */
export async function underLock<T>(
  layout: ExperienceLayout,
  options: LockOptions,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { fs, clock, random } = portsOf(options);
  const { signal, lockWaitMs = 10_000 } = options;
  const lockOptions = {
    fs,
    clock,
    random,
    taskId: layout.taskId,
    waitMs: lockWaitMs,
    ...(signal && { signal }),
  };
  try {
    return await withFileLock(
      layout.lockPath,
      (lock) => {
        recoverReplacement(layout, { fs });
        return run(signal ? AbortSignal.any([signal, lock.signal]) : lock.signal);
      },
      lockOptions,
    );
  } catch (cause) {
    if (!(cause instanceof CoreError) || cause.code !== 'LOCK_TIMEOUT') throw cause;
    const message = `Cannot change the experiences "${layout.logPath}": ${messageOf(cause)}`;
    throw new ExperienceError('STORE_BUSY', message, { path: layout.lockPath, cause });
  }
}
