/** Time that moves only when a test says so. Wall and monotonic time can be moved apart. */
export interface ManualClock {
  nowMs(): number;
  monotonicMs(): number;
  schedule(delayMs: number, run: () => void): () => void;
  /** Moves both clocks on and runs, in order of their due time, every timer that falls due. */
  advance(ms: number): Promise<void>;
  /** Moves the wall clock alone, as an operator or NTP would. */
  jumpWall(ms: number): void;
  /** Timers that have not run and are not cancelled. */
  readonly pendingTimers: number;
}

interface ManualTimer {
  readonly dueMs: number;
  readonly run: () => void;
}

export function createManualClock(startMs = Date.UTC(2026, 0, 6, 6, 53, 37, 814)): ManualClock {
  const timers = new Set<ManualTimer>();
  let wallMs = startMs;
  let monotonicMs = 0;

  function nextDue(limitMs: number): ManualTimer | undefined {
    return [...timers]
      .filter((timer) => timer.dueMs <= limitMs)
      .sort((a, b) => a.dueMs - b.dueMs)[0];
  }

  return {
    nowMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    schedule(delayMs, run) {
      const timer = { dueMs: monotonicMs + Math.max(0, delayMs), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const limitMs = monotonicMs + ms;
      for (let timer = nextDue(limitMs); timer; timer = nextDue(limitMs)) {
        timers.delete(timer);
        wallMs += timer.dueMs - monotonicMs;
        monotonicMs = timer.dueMs;
        timer.run();
        await settle();
      }
      wallMs += limitMs - monotonicMs;
      monotonicMs = limitMs;
      await settle();
    },
    jumpWall(ms) {
      wallMs += ms;
    },
    get pendingTimers() {
      return timers.size;
    },
  };
}

/** Lets promise chains that a timer released run to their next wait. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}
