import type { Clock } from '@codex-orchestrator/core';

/** Waits for a promise for a limited time; returns whether it was settled in time. */
export function within(clock: Clock, limitMs: number, promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.schedule(limitMs, () => {
      resolve(false);
    });
    void promise.then(() => {
      cancel();
      resolve(true);
    });
  });
}
