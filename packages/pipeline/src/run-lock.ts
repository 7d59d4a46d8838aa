import { describeLockBusy, tryAcquireLock } from '@codex-orchestrator/core';
import type {
  Clock,
  FileLock,
  FileSystem,
  LockBusy,
  RandomSource,
  Result,
} from '@codex-orchestrator/core';
import type { RunLayout } from '@codex-orchestrator/manifest';

import { PipelineError } from './errors.js';

export interface RunPorts {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/**
 * The lock of who takes over a run whose owner is gone. A run that goes on does not hold it: its owner
 * in the record keeps others away.
 */
export function tryRunLock(
  { lockPath, taskId }: RunLayout,
  { fs, clock, random }: RunPorts,
): Promise<Result<FileLock, LockBusy>> {
  return tryAcquireLock(lockPath, { taskId, fs, clock, random });
}

/** @throws PipelineError `RUN_BUSY` */
export async function takeRunLock(layout: RunLayout, ports: RunPorts): Promise<FileLock> {
  const lock = await tryRunLock(layout, ports);
  if (lock.ok) return lock.value;
  const message = `The run '${layout.runId}' is being taken over by somebody else: ${describeLockBusy(lock.error)}`;
  throw new PipelineError('RUN_BUSY', message, { path: layout.lockPath });
}
