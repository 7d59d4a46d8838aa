import { processLiveness, systemClock } from '@codex-orchestrator/core';
import type { Clock, ProcessLiveness } from '@codex-orchestrator/core';

import { isFinalStatus } from './manifest.js';
import type { Manifest, RunOwner, RunStatus } from './manifest.js';
import { identityOf } from './started-event.js';

export interface LivenessOptions {
  /** @default asks this machine */
  readonly liveness?: (owner: RunOwner) => ProcessLiveness;
  readonly clock?: Clock;
}

export interface EffectiveStatus {
  readonly status: RunStatus;
  /** What the answer rests on. */
  readonly reason:
    'recorded' | 'owner-alive' | 'owner-dead' | 'heartbeat-fresh' | 'heartbeat-stale';
  /** When the run last gave a sign of life, or ended. */
  readonly lastSeenAt: string;
}

/**
 * Where a run stands now. A recorded end stands; a run that says it is going on is believed only as
 * long as somebody runs it: its owner if that can be asked, else the age of its last heartbeat.
 */
export function effectiveStatus(
  manifest: Manifest,
  options: LivenessOptions = {},
): EffectiveStatus {
  const { owner, status } = manifest;
  const lastSeenAt = manifest.completed_at ?? manifest.heartbeat_at ?? manifest.updated_at;
  if (isFinalStatus(status)) return { status, reason: 'recorded', lastSeenAt };
  const { liveness = askThisMachine, clock = systemClock } = options;
  switch (owner ? liveness(owner) : 'unknown') {
    case 'alive':
      return { status, reason: 'owner-alive', lastSeenAt };
    case 'dead':
      return { status: 'interrupted', reason: 'owner-dead', lastSeenAt };
    case 'unknown':
      return isStale(manifest, lastSeenAt, clock.nowMs())
        ? { status: 'interrupted', reason: 'heartbeat-stale', lastSeenAt }
        : { status, reason: 'heartbeat-fresh', lastSeenAt };
  }
}

/** Whether the process that a record names as its owner still runs. */
export function askThisMachine(owner: RunOwner): ProcessLiveness {
  return processLiveness(identityOf(owner));
}

function isStale(manifest: Manifest, lastSeenAt: string, nowMs: number): boolean {
  const ageMs = nowMs - Date.parse(lastSeenAt);
  // A time that cannot be read is no sign of life.
  return !(ageMs <= manifest.heartbeat_stale_after_seconds * 1000);
}
