import type { Clock } from '@codex-orchestrator/core';

/** Node's timers take no longer delay; a later deadline is looked at again then. */
const maxDelayMs = 2_147_483_647;

export interface Deadline extends Disposable {
  /** Aborted when the time is over, and when the loop is cancelled. */
  readonly signal: AbortSignal;
}

/** Stops the loop in the middle of whatever it does when its minutes are over; time of earlier attempts counts. */
export function armDeadline(
  maxMinutes: number | null,
  usedMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Deadline {
  if (maxMinutes === null) return { signal, [Symbol.dispose]: () => undefined };
  const controller = new AbortController();
  const endMs = clock.monotonicMs() + Math.max(0, maxMinutes * 60_000 - usedMs);
  let disarm = (): void => undefined;
  const wait = (): void => {
    const leftMs = endMs - clock.monotonicMs();
    if (leftMs <= 0) controller.abort(new Error('the time of the loop is over'));
    else disarm = clock.schedule(Math.min(leftMs, maxDelayMs), wait);
  };
  wait();
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    [Symbol.dispose]: () => {
      disarm();
    },
  };
}
