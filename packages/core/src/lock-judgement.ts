import type { Clock } from './clock.js';
import { lockGeneration } from './lock-file.js';
import type { LockSnapshot } from './lock-file.js';
import type { LockOwner } from './lock-owner.js';
import { nodeOs } from './node-modules.js';
import { currentProcessIdentity, identifyProcess, processLiveness } from './process-identity.js';

/**
 * Why a lock cannot be had now: its owner runs on this host (or cannot be told from a process that
 * does); its owner cannot be seen from here and was heard of lately; somebody is just taking the lock,
 * over or anew.
 */
export type LockBusyReason = 'owner-alive' | 'owner-out-of-sight' | 'contended';

/** What a judge knows of a lock. */
export interface LockCase {
  readonly snapshot: LockSnapshot;
  /** Tells how long the owner has given no sign of life; asked only where it matters. */
  readonly silenceOf: (snapshot: LockSnapshot) => number;
  readonly staleAfterMs: number;
}

/**
 * Why the lock must be left alone, or `undefined` when it is abandoned.
 *
 * An owner in sight is judged by its process alone, however old the file is: a paused process is
 * alive. Of any other owner only silence speaks: one on another host, in another container or before a
 * reboot (two machines may have one name), and one that left no record. Its own promise of how often
 * it would be heard of counts when it is the longer one.
 */
export function judgeLock(lockCase: LockCase): LockBusyReason | undefined {
  const { snapshot, silenceOf, staleAfterMs } = lockCase;
  const { owner } = snapshot;
  if (owner !== undefined && isInSight(owner)) {
    const hostNow = currentProcessIdentity().host;
    return processLiveness({ ...owner, host: hostNow }) === 'dead' ? undefined : 'owner-alive';
  }
  if (owner !== undefined && seemsAlive(owner, snapshot.modifiedMs)) return 'owner-alive';
  const isSilent = silenceOf(snapshot) > Math.max(staleAfterMs, owner?.staleAfterMs ?? 0);
  return isSilent ? undefined : 'owner-out-of-sight';
}

/**
 * Whether the owner's pid means the same process here as it did to the owner. The boot id tells the
 * machine, also after it was renamed; where systems have none, the host name must do.
 */
function isInSight(owner: LockOwner): boolean {
  const here = currentProcessIdentity();
  if (here.bootId === null) return owner.bootId === null && owner.host === here.host;
  return owner.bootId === here.bootId && owner.namespace === here.namespace;
}

/** The clock is read in steps and the file's time may be rounded to seconds. */
const CLOCK_SLACK_MS = 2000;

/**
 * A record without a boot id, of this host's name, whose pid is in use here. It is its owner's pid
 * until the process is shown to be younger than the owner's last sign of life.
 */
function seemsAlive(owner: LockOwner, modifiedMs: number): boolean {
  if (owner.bootId !== null || owner.host !== currentProcessIdentity().host) return false;
  const found = identifyProcess(owner.pid);
  if (found === undefined) return false;
  const startedMs = startTimeOf(found.processStartedAt);
  const lastSignMs = Math.max(modifiedMs, Date.parse(owner.acquiredAt) || 0);
  return startedMs === undefined || startedMs < lastSignMs + CLOCK_SLACK_MS;
}

/** Linux counts start stamps in hundredths of a second on every platform that Node runs on. */
function startTimeOf(processStartedAt: string | null): number | undefined {
  if (processStartedAt === null) return undefined;
  return Date.now() - nodeOs().uptime() * 1000 + Number(processStartedAt) * 10;
}

/**
 * Tells how long a lock has been silent: by the file's time at the first look, from then on by this
 * process's monotonic clock, so that a jump of the wall clock cannot make a lock stale while somebody
 * waits for it. A time in the future counts as now.
 */
export function createSilenceWatch(clock: Clock): (snapshot: LockSnapshot) => number {
  let seen: Map<string, { readonly modifiedMs: number; readonly sinceMs: number }> | undefined;
  return (snapshot) => {
    seen ??= new Map();
    const { modifiedMs } = snapshot;
    const nowMs = clock.monotonicMs();
    const before = seen.get(lockGeneration(snapshot));
    if (before?.modifiedMs === modifiedMs) return nowMs - before.sinceMs;
    const ageMs = Math.max(0, clock.nowMs() - modifiedMs);
    seen.set(lockGeneration(snapshot), { modifiedMs, sinceMs: nowMs - ageMs });
    return ageMs;
  };
}
