import type { Clock } from '@codex-orchestrator/core';
import { isFinalStatus } from '@codex-orchestrator/manifest';

import type { RunView } from '../run-view.js';
import { Pace } from './pace.js';
import type { WatchedRun } from './watched-run.js';

/** Why the waiting ended. */
export type AwaitedEnd =
  { readonly kind: 'over' | 'timed-out'; readonly view: RunView } | { readonly kind: 'stopped' };

export interface AwaitEndOptions {
  readonly clock: Clock;
  /** Ends the waiting, not the run. */
  readonly signal: AbortSignal;
  /** @default waits for ever */
  readonly timeoutMs?: number | undefined;
}

/** Waits until a run is over: sealed, or without an owner that could go on with it. */
export async function awaitEnd(run: WatchedRun, options: AwaitEndOptions): Promise<AwaitedEnd> {
  const { clock, signal, timeoutMs = Infinity } = options;
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  const pace = new Pace(clock, signal);
  for (;;) {
    const view = await run.look();
    if (isFinalStatus(view.status)) return { kind: 'over', view };
    const leftMs = deadlineMs - clock.monotonicMs();
    if (leftMs <= 0) return { kind: 'timed-out', view };
    if (!(await pace.rest(leftMs))) return { kind: 'stopped' };
  }
}
