import { readProcessStat, sleep, systemClock } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';

import { killWaitMs, longestPollMs } from './end-group.js';
import { lookForLeftovers } from './find-leftovers.js';
import type { LeftoverProcess, LeftoverSearch } from './identify-leftovers.js';
import { requireNumber } from './require-number.js';

export interface EndLeftoversOptions {
  /** Time between SIGTERM and SIGKILL. @default 5000 */
  readonly graceMs?: number;
  readonly clock?: Clock;
}

export interface EndedLeftover {
  readonly processGroup: number;
  /** All members that were found, in the first look or a later one. */
  readonly pids: readonly number[];
  /** What it took. `survived`: even SIGKILL did not end one of them within two seconds. */
  readonly outcome: 'terminated' | 'killed' | 'survived';
}

/**
 * Ends what `findLeftovers` finds, and what that starts meanwhile: SIGTERM, SIGKILL after the grace
 * period, and a bounded wait for the kernel. Each process is looked at again right before each
 * signal. Between the look and the signal are microseconds in which it would have to end, be reaped
 * and its pid be given away for the signal to reach a stranger.
 *
 * @throws ExecError `INVALID_OPTION`
 */
export async function endLeftovers(
  search: LeftoverSearch,
  { graceMs = 5000, clock = systemClock }: EndLeftoversOptions = {},
): Promise<readonly EndedLeftover[]> {
  requireNumber('graceMs', graceMs, 'zero or a positive number', (ms) => ms >= 0);
  const sweep = new Sweep(search);
  const stages = [
    { limitMs: graceMs, press: sweep.terminate },
    { limitMs: killWaitMs, press: sweep.kill },
  ];
  for (const { limitMs, press } of stages) {
    const deadlineMs = clock.monotonicMs() + limitMs;
    if (await becomesClean(sweep, { press, deadlineMs, clock })) break;
  }
  return sweep.report();
}

interface Pressure {
  readonly press: (processes: readonly LeftoverProcess[]) => void;
  readonly deadlineMs: number;
  readonly clock: Clock;
}

/** Looks and signals in growing intervals until nothing is left or the time has come. */
async function becomesClean(
  sweep: Sweep,
  { press, deadlineMs, clock }: Pressure,
): Promise<boolean> {
  for (let pollMs = 1; ; pollMs = Math.min(2 * pollMs, longestPollMs)) {
    const left = sweep.look();
    if (left.length === 0) return true;
    press(left);
    const remainingMs = deadlineMs - clock.monotonicMs();
    if (remainingMs <= 0) return false;
    await sleep(clock, Math.min(pollMs, remainingMs));
  }
}

class Sweep {
  readonly #search: LeftoverSearch;
  readonly #known = new Map<number, LeftoverProcess>();
  readonly #asked = new Set<LeftoverProcess>();
  readonly #groups = new Map<number, { readonly pids: number[]; wasKilled: boolean }>();
  #left: readonly LeftoverProcess[] = [];

  constructor(search: LeftoverSearch) {
    this.#search = search;
  }

  look(): readonly LeftoverProcess[] {
    this.#left = this.#lookOnce();
    // Whoever starts a child and ends while the list is read is not in it, and neither is the child.
    if (this.#left.length === 0) this.#left = this.#lookOnce();
    return this.#left;
  }

  /** Asks each process once: a second SIGTERM means something else to some programs. */
  readonly terminate = (processes: readonly LeftoverProcess[]): void => {
    for (const leftover of processes) {
      if (this.#asked.has(leftover)) continue;
      this.#asked.add(leftover);
      signal(leftover, 'SIGTERM');
      // A stopped process takes note of SIGTERM only once it is continued.
      signal(leftover, 'SIGCONT');
    }
  };

  readonly kill = (processes: readonly LeftoverProcess[]): void => {
    for (const leftover of processes) {
      signal(leftover, 'SIGKILL');
      this.#groupOf(leftover).wasKilled = true;
    }
  };

  report(): EndedLeftover[] {
    const survivors = new Set(this.#left.map(({ processGroup }) => processGroup));
    return [...this.#groups].map(([processGroup, { pids, wasKilled }]) => {
      const ended = wasKilled ? 'killed' : 'terminated';
      return { processGroup, pids, outcome: survivors.has(processGroup) ? 'survived' : ended };
    });
  }

  /** A process keeps the object, and so the group, with which it was found first. */
  #lookOnce(): LeftoverProcess[] {
    return lookForLeftovers(this.#search, this.#known).map((found) => {
      const known = this.#known.get(found.pid);
      if (known?.startedAt === found.startedAt) return known;
      this.#known.set(found.pid, found);
      this.#groupOf(found).pids.push(found.pid);
      return found;
    });
  }

  #groupOf({ processGroup }: LeftoverProcess): { readonly pids: number[]; wasKilled: boolean } {
    const group = this.#groups.get(processGroup) ?? { pids: [], wasKilled: false };
    this.#groups.set(processGroup, group);
    return group;
  }
}

function signal({ pid, startedAt }: LeftoverProcess, name: NodeJS.Signals): void {
  if (readProcessStat(pid)?.startedAt !== startedAt) return;
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended, or it is another user's: the next look tells.
  }
}
