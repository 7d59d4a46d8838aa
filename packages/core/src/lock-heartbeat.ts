import type { Clock } from './clock.js';

export interface HeartbeatOptions {
  readonly clock: Clock;
  /** A lock that could not be examined for this long counts as lost. */
  readonly staleAfterMs: number;
  /** Gives a sign of life; answers why the lock is lost, if it is; throws when it cannot tell. */
  readonly beat: () => string | undefined;
  /** Called at most once; no beat follows. */
  readonly onLost: (reason: string, cause?: unknown) => void;
}

export interface Heartbeat {
  /** The time since the lock was last known to be this holder's. */
  silentMs(): number;
  stop(): void;
}

/**
 * Beats three times within the time after which a silent owner is taken for gone, until it is stopped.
 * The timer does not keep the process alive. A beat that comes late, after a pause of the process or
 * with a blocked event loop, is no loss by itself: the lock is looked at.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { clock, staleAfterMs, beat, onLost } = options;
  let lastGoodMs = clock.monotonicMs();
  let cancel = schedule();

  function schedule(): () => void {
    return clock.schedule(staleAfterMs / 3, run, { keepAlive: false });
  }

  function silentMs(): number {
    return clock.monotonicMs() - lastGoodMs;
  }

  function run(): void {
    try {
      const lost = beat();
      if (lost !== undefined) {
        onLost(lost);
        return;
      }
      lastGoodMs = clock.monotonicMs();
    } catch (error) {
      if (silentMs() >= staleAfterMs) {
        onLost('it could not be examined for too long', error);
        return;
      }
    }
    cancel = schedule();
  }

  return {
    silentMs,
    stop: () => {
      cancel();
    },
  };
}
