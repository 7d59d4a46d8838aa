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

/**
 * Beats three times within the time after which a silent owner is taken for gone, and returns the
 * function that stops it. The timer does not keep the process alive. A beat that comes late, after a
 * pause of the process or with a blocked event loop, is no loss by itself: the lock is looked at.
 */
export function startHeartbeat(options: HeartbeatOptions): () => void {
  const { clock, staleAfterMs, beat, onLost } = options;
  let lastGoodMs = clock.monotonicMs();
  let cancel = schedule();

  function schedule(): () => void {
    return clock.schedule(staleAfterMs / 3, run, { keepAlive: false });
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
      if (clock.monotonicMs() - lastGoodMs >= staleAfterMs) {
        onLost('it could not be examined for too long', error);
        return;
      }
    }
    cancel = schedule();
  }

  return () => {
    cancel();
  };
}
