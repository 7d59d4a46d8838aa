import {
  codeOf,
  currentProcessIdentity,
  processLiveness,
  withFile,
} from '@codex-orchestrator/core';
import type { Clock, FileSystem, ProcessIdentity } from '@codex-orchestrator/core';

import { membersOf, textOf } from '../record/member-values.js';
import { openFlags } from './open-flags.js';

/** A compaction that takes longer is not waited for: at worst its lines are there twice. */
const MOST_WAIT_MS = 5000;
const LOOK_EVERY_MS = 1;
/** A clock that stands still ends the wait too. */
const MOST_LOOKS = MOST_WAIT_MS / LOOK_EVERY_MS;

/**
 * Waits, without giving the event loop its turn, until whoever has just replaced a file is done with
 * what is left to do under its lock. Nobody is waited for that is dead, or in this very process.
 */
export function awaitReplacement(
  lockPath: string,
  { fs, clock }: { readonly fs: FileSystem; readonly clock: Clock },
): void {
  const giveUpMs = clock.monotonicMs() + MOST_WAIT_MS;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let looks = 0; looks < MOST_LOOKS && clock.monotonicMs() < giveUpMs; looks++) {
    if (!isHeldElsewhere(lockPath, fs)) return;
    Atomics.wait(pause, 0, 0, LOOK_EVERY_MS);
  }
}

function isHeldElsewhere(lockPath: string, fs: FileSystem): boolean {
  const owner = readOwner(lockPath, fs);
  if (owner === undefined) return false;
  if (owner === 'unreadable') return true;
  const isOwn = owner.pid === process.pid && owner.host === currentProcessIdentity().host;
  return !isOwn && processLiveness(owner) !== 'dead';
}

/** Far more than any owner record. */
const MAX_RECORD_BYTES = 8192;

function readOwner(lockPath: string, fs: FileSystem): ProcessIdentity | 'unreadable' | undefined {
  try {
    const text = withFile(fs, { path: lockPath, flags: openFlags.read }, (fd) => {
      const record = Buffer.allocUnsafe(MAX_RECORD_BYTES);
      return record.toString('utf8', 0, fs.read(fd, record, 0));
    });
    return identityOf(JSON.parse(text)) ?? 'unreadable';
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? undefined : 'unreadable';
  }
}

function identityOf(value: unknown): ProcessIdentity | undefined {
  const record = membersOf(value);
  const { pid, host } = record;
  if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
  return {
    pid,
    host,
    processStartedAt: textOf(record['process_started_at']),
    bootId: textOf(record['boot_id']),
    namespace: textOf(record['namespace']),
  };
}
