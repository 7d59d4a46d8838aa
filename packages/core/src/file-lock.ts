import { resolve } from 'node:path';

import { sleep, systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { CoreError, errnoOf } from './errors.js';
import { nodeFileSystem } from './file-system.js';
import type { FileSystem } from './file-system.js';
import type { FileLock } from './held-lock.js';
import { lookAndTry, tryOnce } from './lock-attempt.js';
import type { LockAttempt } from './lock-attempt.js';
import { lockFailed, lockTimeout } from './lock-busy.js';
import type { LockBusy } from './lock-busy.js';
import { createSilenceWatch } from './lock-judgement.js';
import { systemRandom } from './random.js';
import type { RandomSource } from './random.js';
import { err } from './result.js';
import type { Result } from './result.js';

export interface LockOptions {
  /**
   * The silence after which an owner that cannot be seen from here (another host or container, a
   * file without a record) is taken for gone. An owner on this host is judged by its process, not by
   * time. The holder gives a sign of life three times as often.
   *
   * @default 300_000
   */
  readonly staleAfterMs?: number;
  /**
   * How long to wait for a busy lock; `Infinity` is allowed.
   *
   * @default 10_000, and 0 for `tryAcquireLock`
   */
  readonly waitMs?: number;
  /** Ends the wait; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Noted in the owner record for people. */
  readonly taskId?: string;
  readonly clock?: Clock;
  readonly fs?: FileSystem;
  readonly random?: RandomSource;
}

/**
 * Takes the lock that the file at this path stands for. Missing folders are made.
 *
 * At most one holder at a time among processes that can see each other: a lock is taken over only from
 * an owner that is dead, never from one that runs or is paused on this host, and by exactly one of
 * those who try. Locks are not reentrant.
 *
 * @throws `CoreError` `LOCK_TIMEOUT` when the wait is over, `LOCK_FAILED` when the file system refuses.
 */
export async function acquireLock(path: string, options: LockOptions = {}): Promise<FileLock> {
  const { waitMs = 10_000 } = options;
  const result = await waitForLock(path, waitMs, options);
  if (result.ok) return result.value;
  throw lockTimeout(result.error, waitMs);
}

/**
 * As `acquireLock`, with a busy lock as a value: by default it tries once.
 * @throws `CoreError` `LOCK_FAILED` when the file system refuses.
 */
export function tryAcquireLock(
  path: string,
  options: LockOptions = {},
): Promise<Result<FileLock, LockBusy>> {
  return waitForLock(path, options.waitMs ?? 0, options);
}

async function waitForLock(
  path: string,
  waitMs: number,
  options: LockOptions,
): Promise<Result<FileLock, LockBusy>> {
  const { signal } = options;
  const attempt = createAttempt(path, options);
  checkDuration('waitMs', waitMs, { min: 0, max: Infinity });
  const { clock } = attempt;
  const giveUpMs = clock.monotonicMs() + waitMs;
  for (let tries = 0; ; tries += 1) {
    signal?.throwIfAborted();
    const result = tryOrFail(attempt, tries === 0 ? tryOnce : lookAndTry);
    if (result.ok) return result;
    const leftMs = giveUpMs - clock.monotonicMs();
    if (leftMs <= 0) return result;
    await sleep(clock, Math.min(leftMs, backOffMs(attempt, tries)), signal);
  }
}

/**
 * Runs a function while holding the lock and gives its result.
 * @throws what the function throws; otherwise as `acquireLock`, and `CoreError` `LOCK_COMPROMISED`
 * when the lock turns out to have been lost while the function ran.
 */
export async function withFileLock<T>(
  path: string,
  run: (lock: FileLock) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const lock = await acquireLock(path, options);
  let result: T;
  try {
    result = await run(lock);
  } catch (error) {
    await releaseQuietly(lock);
    throw error;
  }
  if ((await lock.release()) === 'released') return result;
  const message = `Lost the lock ${JSON.stringify(path)} while it was in use`;
  throw new CoreError('LOCK_COMPROMISED', message, { path, cause: lock.signal.reason });
}

async function releaseQuietly(lock: FileLock): Promise<void> {
  try {
    await lock.release();
  } catch {
    // The function's own error says more. What is left of the lock ends with this process.
  }
}

function createAttempt(path: string, options: LockOptions): LockAttempt {
  const { clock = systemClock, fs = nodeFileSystem, random = systemRandom } = options;
  const { staleAfterMs = 300_000, taskId = null } = options;
  checkDuration('staleAfterMs', staleAfterMs, { min: 1, max: LONGEST_TIMER_MS });
  const silenceOf = createSilenceWatch(clock);
  return { path: resolve(path), staleAfterMs, taskId, fs, clock, random, silenceOf };
}

/** Timers of a longer delay fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function checkDuration(
  name: string,
  value: number,
  { min, max }: { readonly min: number; readonly max: number },
): void {
  if (value >= min && value <= max) return;
  const expected = `Expected the \`${name}\` option to be from ${min} to ${max}`;
  throw new CoreError('INVALID_OPTION', `${expected}, got \`${String(value)}\``);
}

function tryOrFail(attempt: LockAttempt, step: typeof tryOnce): Result<FileLock, LockBusy> {
  try {
    return step(attempt);
  } catch (error) {
    if (isHeldOpenOnWindows(error))
      return err({ path: attempt.path, reason: 'contended', owner: undefined });
    throw lockFailed('acquire', attempt.path, error);
  }
}

/** What Windows answers about a file that is being deleted or that a scanner holds open. */
function isHeldOpenOnWindows(error: unknown): boolean {
  return (
    process.platform === 'win32' && ['EACCES', 'EBUSY', 'EPERM'].includes(errnoOf(error) ?? '')
  );
}

/** From 1 to 16 ms, at random so that those who wait do not come back in step. */
function backOffMs({ random }: LockAttempt, tries: number): number {
  const mostMs = Math.min(16, 2 ** (tries + 1));
  const [byte = 0] = random.bytes(1);
  return 1 + (byte / 255) * (mostMs - 1);
}
