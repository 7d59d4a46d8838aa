import { CoreError } from './errors.js';
import type { LockBusyReason } from './lock-judgement.js';
import type { LockOwner } from './lock-owner.js';
import { messageOf } from './message-of.js';

/** A lock that could not be had, as a value. */
export interface LockBusy {
  readonly path: string;
  readonly reason: LockBusyReason;
  /** As far as the lock file tells. */
  readonly owner: LockOwner | undefined;
}

/** The clause for people: who holds the lock and why that counts. */
export function describeLockBusy({ owner, reason }: LockBusy): string {
  const who =
    owner === undefined
      ? 'somebody who left no record'
      : `process ${owner.pid} on ${owner.host} since ${owner.acquiredAt || 'an unknown time'}`;
  return `it is held by ${who} (${reason})`;
}

export function lockTimeout(busy: LockBusy, waitMs: number): CoreError {
  const { path } = busy;
  const message = `Waited ${waitMs} ms for the lock ${JSON.stringify(path)}: ${describeLockBusy(busy)}`;
  return new CoreError('LOCK_TIMEOUT', message, { path });
}

export function lockFailed(action: 'acquire' | 'release', path: string, cause: unknown): CoreError {
  const message = `Cannot ${action} the lock ${JSON.stringify(path)}: ${messageOf(cause)}`;
  return new CoreError('LOCK_FAILED', message, { path, cause });
}
