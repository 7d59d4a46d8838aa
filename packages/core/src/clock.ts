/** Time as a port: everything that waits or stamps takes it, so that tests can move it by hand. */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch. It may jump in both directions. */
  nowMs(): number;
  /** Monotonic time in milliseconds from an arbitrary start. Durations come from here alone. */
  monotonicMs(): number;
  /**
   * Runs a function once after a delay and returns a function that cancels it. The timer does not
   * keep the process alive when `keepAlive` is false.
   */
  schedule(
    delayMs: number,
    run: () => void,
    options?: { readonly keepAlive?: boolean },
  ): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule(delayMs, run, options) {
    const timer = setTimeout(run, delayMs);
    if (options?.keepAlive === false) timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Waits on the given clock; an aborted signal rejects with its reason and cancels the timer. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
