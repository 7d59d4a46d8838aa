import { sleep } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';

import type { GroupEnd } from './command-result.js';
import type { ProcessGroup } from './process-group.js';
import { within } from './wait.js';

/** How long a process may take to go after SIGKILL; one that hangs in the kernel takes for ever. */
export const killWaitMs = 2000;

export const longestPollMs = 50;

export interface EndGroupOptions {
  readonly clock: Clock;
  readonly graceMs: number;
  /** Settles when the leader was reaped. */
  readonly leaderEnd: Promise<unknown>;
}

/** Ends a group: SIGTERM, SIGKILL after the grace period, and a bounded wait for the kernel. */
export async function endGroup(group: ProcessGroup, options: EndGroupOptions): Promise<GroupEnd> {
  group.signal('SIGTERM');
  if (await isGone(group, options.graceMs, options)) return 'terminated';
  group.signal('SIGKILL');
  return (await isGone(group, killWaitMs, options)) ? 'killed' : 'survived';
}

async function isGone(
  group: ProcessGroup,
  limitMs: number,
  { clock, leaderEnd }: EndGroupOptions,
): Promise<boolean> {
  const deadlineMs = clock.monotonicMs() + limitMs;
  if (!(await within(clock, limitMs, leaderEnd))) return false;
  return becomesEmpty(group, deadlineMs, clock);
}

/** Looks at the group in growing intervals until it is empty or the time has come. */
export async function becomesEmpty(
  group: ProcessGroup,
  deadlineMs: number,
  clock: Clock,
): Promise<boolean> {
  for (let pollMs = 1; !group.isEmpty(); pollMs = Math.min(2 * pollMs, longestPollMs)) {
    const remainingMs = deadlineMs - clock.monotonicMs();
    if (remainingMs <= 0) return false;
    await sleep(clock, Math.min(pollMs, remainingMs));
  }
  return true;
}
