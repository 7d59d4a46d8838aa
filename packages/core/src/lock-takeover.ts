import { basename, dirname, join } from 'node:path';

import type { FileSystem } from './file-system.js';
import {
  inspectLockFile,
  lockGeneration,
  placeExclusively,
  removeIfThere,
  removeOnFailure,
} from './lock-file.js';
import type { LockSnapshot, PreparedRecord } from './lock-file.js';

/** One try to put a finished record in the place of an abandoned lock. */
export interface Takeover {
  readonly fs: FileSystem;
  readonly lockPath: string;
  /** The new owner's record, beside the lock; it becomes the lock file. */
  readonly record: PreparedRecord;
  /** The token in that record. */
  readonly token: string;
  /** Whether what lies under a name now is abandoned. */
  readonly isAbandoned: (snapshot: LockSnapshot) => boolean;
}

/**
 * Takes an abandoned lock over; `false` when somebody else does or did.
 *
 * Of all who find the same holding abandoned, one wins the *claim* on it and only the winner touches
 * the lock. A claim is a file named after that holding's token, created exclusively, its content the
 * claimant's own record. Claims are numbered: one whose claimant died is neither removed nor reused,
 * the next number is taken instead, and creating that is exclusive again. A claim can thus never be
 * mistaken for an older one of the same name, which is what lets two takers in elsewhere.
 *
 * The winner looks again, because the lock may have been taken over and released before the claim
 * was created. While the claim stands nobody else replaces this holding, so what is true at the second
 * look stays true until the rename. Only an owner that is out of sight and not dead after all can
 * still interfere: it finds out at its next heartbeat.
 *
 * A crash leaves: before the rename, the old lock and a dead claim; after it, the new lock with a dead
 * owner and claims on a holding that no longer exists. The next taker removes the latter.
 */
export function takeOver(takeover: Takeover, abandoned: LockSnapshot): boolean {
  const { fs, lockPath, record } = takeover;
  const claimPath = winClaim(takeover, abandoned);
  if (claimPath === undefined) return false;
  const replaced = removeOnFailure(fs, claimPath, () => {
    if (!isStillAbandoned(takeover, abandoned)) return false;
    fs.rename(record.path, lockPath);
    return true;
  });
  if (replaced) removeOldClaims(takeover);
  else removeIfThere(fs, claimPath);
  return replaced;
}

/** The path of the claim that this process now holds, or `undefined` when someone else may be at it. */
function winClaim(takeover: Takeover, abandoned: LockSnapshot): string | undefined {
  const { fs, lockPath, record, isAbandoned } = takeover;
  for (let number = 0; ; number += 1) {
    const claimPath = `${claimPrefix(lockPath, lockGeneration(abandoned))}${number}`;
    if (placeExclusively(fs, record, claimPath)) return claimPath;
    const claim = inspectLockFile(fs, claimPath);
    if (claim === undefined || !isAbandoned(claim)) return undefined;
  }
}

function isStillAbandoned(takeover: Takeover, abandoned: LockSnapshot): boolean {
  const now = inspectLockFile(takeover.fs, takeover.lockPath);
  return now !== undefined && isSameLock(now, abandoned) && takeover.isAbandoned(now);
}

/** Whether two looks saw the same owner in the same file. */
function isSameLock(one: LockSnapshot, other: LockSnapshot): boolean {
  return one.inode === other.inode && lockGeneration(one) === lockGeneration(other);
}

/**
 * Tokens come from files, so only what is safe in a name is kept of them. Two holdings that come to
 * share a prefix that way keep each other's takers waiting at worst: what counts is the second look.
 */
function claimPrefix(lockPath: string, generation: string): string {
  return `${lockPath}${CLAIM_INFIX}${generation.replace(/[^A-Za-z0-9]/g, '_').slice(-40)}-`;
}

const CLAIM_INFIX = '.acquire-';

/**
 * Removes the claims on all holdings but the new one. They can win nothing any more: whoever holds one
 * finds another token in the lock and gives up.
 */
function removeOldClaims({ fs, lockPath, token }: Takeover): void {
  const prefix = `${basename(lockPath)}${CLAIM_INFIX}`;
  const current = basename(claimPrefix(lockPath, token));
  try {
    for (const name of fs.readdir(dirname(lockPath))) {
      if (!name.startsWith(prefix) || name.startsWith(current)) continue;
      removeIfThere(fs, join(dirname(lockPath), name));
    }
  } catch {
    // They are litter; the lock is held in either case, and the next taker tries again.
  }
}
