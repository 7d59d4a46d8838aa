import { dirname } from 'node:path';

import type { Clock } from './clock.js';
import { errnoOf } from './errors.js';
import type { FileSystem } from './file-system.js';
import { HeldLock } from './held-lock.js';
import type { LockBusy } from './lock-busy.js';
import { withFence } from './lock-fence.js';
import type { FenceCounter } from './lock-fence.js';
import { createFile, inspectLockFile, placeExclusively, removeQuietly } from './lock-file.js';
import type { LockSnapshot, PreparedRecord } from './lock-file.js';
import { judgeLock } from './lock-judgement.js';
import type { LockBusyReason } from './lock-judgement.js';
import { createLockOwner, encodeLockOwner } from './lock-owner.js';
import type { LockOwner } from './lock-owner.js';
import { takeOver } from './lock-takeover.js';
import type { RandomSource } from './random.js';
import { err, ok } from './result.js';
import type { Result } from './result.js';
import { tempPathFor } from './temp-path.js';
import { withFile } from './with-file.js';
import { writeAll } from './write-all.js';

/** Everything that tries for one lock need. */
export interface LockAttempt {
  readonly path: string;
  readonly staleAfterMs: number;
  readonly taskId: string | null;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Kept over all tries of one wait. */
  readonly silenceOf: (snapshot: LockSnapshot) => number;
}

/**
 * Tries once. The steps, and what a crash after each leaves:
 *
 * 1. the counter of holders is opened: an empty counter, if there was none;
 * 2. the owner record is written to a temporary file: that file, which `sweepTempFiles` removes;
 * 3. it is linked to the lock's name, or renamed over an abandoned lock (see `takeOver`): a lock whose
 *    owner is dead, which the next one takes over;
 * 4. the temporary name is removed: as before;
 * 5. the fencing number is drawn: as before, and a number is skipped.
 *
 * @throws the errno errors of the file system; nothing of the try is left then.
 */
export function tryOnce(attempt: LockAttempt): Result<HeldLock, LockBusy> {
  const { fs, path, clock } = attempt;
  const progress: Progress = { isPlaced: false };
  try {
    const step = (fence: FenceCounter): Placed | undefined => takeLock(attempt, fence, progress);
    const placed = inFolder(attempt, () => withFence(attempt, step));
    if (placed === undefined) return err(whyBusy(attempt));
    const { owner, record } = placed;
    return ok(new HeldLock({ path, owner, record, fs, clock }));
  } catch (error) {
    if (progress.isPlaced) removeQuietly(fs, path);
    throw error;
  }
}

/** Whether the lock is held already: what fails from then on must give it back. */
interface Progress {
  isPlaced: boolean;
}

interface Placed {
  readonly owner: LockOwner;
  /** What the lock file holds. */
  readonly record: Buffer;
}

/** As `tryOnce`, with a look first that costs less than a try: for locks that were just busy. */
export function lookAndTry(attempt: LockAttempt): Result<HeldLock, LockBusy> {
  const found = inspectLockFile(attempt.fs, attempt.path);
  const reason = found && judge(attempt, found);
  if (reason === undefined) return tryOnce(attempt);
  return err({ path: attempt.path, reason, owner: found?.owner });
}

function whyBusy(attempt: LockAttempt): LockBusy {
  const found = inspectLockFile(attempt.fs, attempt.path);
  const reason = (found && judge(attempt, found)) ?? 'contended';
  return { path: attempt.path, reason, owner: found?.owner };
}

function judge(attempt: LockAttempt, snapshot: LockSnapshot): LockBusyReason | undefined {
  const { silenceOf, staleAfterMs } = attempt;
  return judgeLock({ snapshot, silenceOf, staleAfterMs });
}

/** Makes the folder of the lock when it turns out to be missing. */
function inFolder<T>({ fs, path }: LockAttempt, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    fs.mkdir(dirname(path), { recursive: true });
    return step();
  }
}

function takeLock(
  attempt: LockAttempt,
  fence: FenceCounter,
  progress: Progress,
): Placed | undefined {
  const owner = describeOwner(attempt, fence.expected);
  const record = encodeLockOwner(owner);
  if (!placeRecord(attempt, owner, record)) return undefined;
  progress.isPlaced = true;
  const drawn = fence.draw();
  return drawn === owner.fence ? { owner, record } : correctFence(attempt, owner, drawn);
}

/** Others drew between the look at the counter and the lock: the record tells a number too low. */
function correctFence({ fs, path }: LockAttempt, placed: LockOwner, fence: number): Placed {
  const owner = { ...placed, fence };
  const record = encodeLockOwner(owner);
  withFile(fs, { path, flags: 'r+' }, (fd) => {
    writeAll(fs, fd, record);
  });
  return { owner, record };
}

function describeOwner(attempt: LockAttempt, fence: number): LockOwner {
  const { random, clock, taskId, staleAfterMs } = attempt;
  const token = Buffer.from(random.bytes(16)).toString('hex');
  const acquiredAt = new Date(clock.nowMs()).toISOString();
  return createLockOwner({ token, taskId, acquiredAt, staleAfterMs, fence });
}

/** Puts a record under the lock's name; `false` when somebody else has it. */
function placeRecord(attempt: LockAttempt, { token }: LockOwner, content: Buffer): boolean {
  const { fs, path } = attempt;
  // The token is random enough for the name of its temporary file too.
  const record = { path: tempPathFor(path, token.slice(0, 16)), content };
  createFile(fs, record.path, content);
  try {
    return placeExclusively(fs, record, path) || replaceAbandoned(attempt, token, record);
  } finally {
    // Not the lock's fault if this fails: the record stands, or nothing does.
    removeQuietly(fs, record.path);
  }
}

function replaceAbandoned(attempt: LockAttempt, token: string, record: PreparedRecord): boolean {
  const { fs, path } = attempt;
  const isAbandoned = (snapshot: LockSnapshot): boolean => judge(attempt, snapshot) === undefined;
  const found = inspectLockFile(fs, path);
  if (found === undefined || !isAbandoned(found)) return false;
  return takeOver({ fs, lockPath: path, record, token, isAbandoned }, found);
}
