import { listenForCancellation } from '../cancellation.js';
import type { Cancellation } from '../cancellation.js';
import type { CancelSignal } from '../exit-codes.js';
import type { Io } from '../io.js';

export interface HeardSignals extends Disposable {
  /** For work that listens to signals itself, again and again: all of them hear what is heard here. */
  readonly io: Io;
  /** Aborted with the first signal. */
  readonly signal: AbortSignal;
  readonly cancelledBy: CancelSignal | undefined;
}

/**
 * Listens for signals once for all runs of a call, and between them: whoever stopped listening to the
 * process has it ignore signals from then on, which is right after one run, and wrong between two.
 */
export function hearSignals(io: Io): HeardSignals {
  const listeners = new Set<(signal: CancelSignal) => void>();
  const stop = io.onSignal((signal) => {
    for (const listener of [...listeners]) listener(signal);
  });
  const heard: Io = {
    ...io,
    onSignal(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const cancellation: Cancellation = listenForCancellation(heard);
  return {
    io: heard,
    signal: cancellation.signal,
    get cancelledBy() {
      return cancellation.cancelledBy;
    },
    [Symbol.dispose]() {
      cancellation[Symbol.dispose]();
      stop();
    },
  };
}
