import type { Clock } from '@codex-orchestrator/core';

import type { CommandOutcome } from './command-result.js';
import type { RunSettings } from './run-options.js';

/** Why a command is stopped from outside. */
export type StopCause = Extract<CommandOutcome, { kind: 'timed-out' | 'silent' | 'cancelled' }>;

export interface StopWatch extends Disposable {
  /** Settles with the first cause, or never. */
  readonly cause: Promise<StopCause>;
  /** The command printed something: its silence starts anew. */
  readonly noteOutput: () => void;
}

/** The longest delay that Node's timers can count. */
const maxDelayMs = 2 ** 31 - 1;

/** Watches the time limit, the silence and the abort signal of one command. */
export function watchForStop(settings: RunSettings): StopWatch {
  const { clock, timeoutMs, silenceTimeoutMs, signal } = settings;
  const { promise: cause, resolve: stop } = withResolve<StopCause>();
  const onAbort = (): void => {
    stop(cancelled(signal));
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  const limit = optional(timeoutMs, (ms) =>
    watchLimit(clock, ms, () => {
      stop({ kind: 'timed-out', timeoutMs: ms, exitCode: 124 });
    }),
  );
  const silence = optional(silenceTimeoutMs, (ms) =>
    watchLimit(clock, ms, () => {
      stop({ kind: 'silent', silenceTimeoutMs: ms, exitCode: 124 });
    }),
  );
  return {
    cause,
    noteOutput: () => {
      silence?.restart();
    },
    [Symbol.dispose]() {
      signal?.removeEventListener('abort', onAbort);
      limit?.cancel();
      silence?.cancel();
    },
  };
}

export function cancelled(signal: AbortSignal | undefined): StopCause {
  return { kind: 'cancelled', reason: signal?.reason, exitCode: 130 };
}

interface LimitWatch {
  restart(): void;
  cancel(): void;
}

/**
 * Calls back once the limit has passed since the last restart. A restart only notes the time: the
 * timer is set anew when it runs out, not for each of a million pieces of output.
 */
function watchLimit(clock: Clock, limitMs: number, onPassed: () => void): LimitWatch {
  let startMs = clock.monotonicMs();
  let cancel = arm(limitMs);
  let isCancelled = false;

  function arm(delayMs: number): () => void {
    return clock.schedule(Math.min(delayMs, maxDelayMs), () => {
      // Timers run before input is read. After a long block of this process, output may be waiting.
      setImmediate(check);
    });
  }

  function check(): void {
    if (isCancelled) return;
    const remainingMs = startMs + limitMs - clock.monotonicMs();
    if (remainingMs <= 0) onPassed();
    else cancel = arm(remainingMs);
  }

  return {
    restart() {
      startMs = clock.monotonicMs();
    },
    cancel() {
      isCancelled = true;
      cancel();
    },
  };
}

function optional<T>(value: number | undefined, make: (value: number) => T): T | undefined {
  return value === undefined ? undefined : make(value);
}

function withResolve<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((accept) => {
    resolve = accept;
  });
  return { promise, resolve };
}
