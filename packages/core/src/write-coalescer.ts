import type { WriteReport } from './atomic-write.js';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';

export interface WriteCoalescerOptions {
  /**
   * Least time between the starts of two writes that nobody flushed.
   *
   * @default 0
   */
  readonly minIntervalMs?: number;
  readonly clock?: Clock;
}

/** Turns many values for one place into few writes: the newest counts. */
export interface WriteCoalescer<T> {
  /**
   * Hands over a value. Settles with the outcome of the first write that contains it or a newer one.
   * The promise may be left alone: an error nobody awaited comes back from the next `flush`, which
   * tries the value again.
   */
  write(value: T): Promise<void>;
  /**
   * Has the newest value written, without waiting for the interval. Settles when it is (at once if it
   * already was); a value whose write failed is tried again.
   */
  flush(): Promise<void>;
  /** Writes that succeeded. */
  readonly writes: number;
  /** Writes that failed. */
  readonly failures: number;
  /** Values that a newer one replaced before they were written. */
  readonly superseded: number;
  readonly bytes: number;
  readonly fsyncs: number;
}

/**
 * Puts a queue of length one in front of `writeNow`: one write is in flight, one value waits, and a
 * newer value takes the place of the waiting one. The first value is written at once, in the same
 * turn; a waiting one when the write before it is done and the interval is over.
 */
export function createWriteCoalescer<T>(
  writeNow: (value: T) => Promise<WriteReport>,
  options: WriteCoalescerOptions = {},
): WriteCoalescer<T> {
  return new Coalescer(writeNow, options);
}

/** A value on its way and everybody who waits for it or for an older one. */
interface Job<T> {
  value: T;
  readonly outcome: Outcome;
}

interface Outcome {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class Coalescer<T> implements WriteCoalescer<T> {
  writes = 0;
  failures = 0;
  superseded = 0;
  bytes = 0;
  fsyncs = 0;

  readonly #writeNow: (value: T) => Promise<WriteReport>;
  readonly #clock: Clock;
  readonly #minIntervalMs: number;
  #inFlight: Job<T> | undefined;
  #pending: Job<T> | undefined;
  /** The newest value, if its write failed. */
  #unsaved: { readonly value: T } | undefined;
  /** Somebody waits for `#pending`: the interval does not apply to it. */
  #urgent = false;
  #lastStartMs = -Infinity;
  #cancelTimer: (() => void) | undefined;

  constructor(
    writeNow: (value: T) => Promise<WriteReport>,
    { minIntervalMs = 0, clock = systemClock }: WriteCoalescerOptions,
  ) {
    this.#writeNow = writeNow;
    this.#minIntervalMs = minIntervalMs;
    this.#clock = clock;
  }

  write(value: T): Promise<void> {
    if (this.#pending) {
      this.superseded += 1;
      this.#pending.value = value;
    } else {
      this.#pending = { value, outcome: createOutcome() };
    }
    this.#unsaved = undefined;
    const { promise } = this.#pending.outcome;
    this.#advance();
    return promise;
  }

  flush(): Promise<void> {
    if (this.#unsaved) void this.write(this.#unsaved.value);
    const newest = this.#pending ?? this.#inFlight;
    if (!newest) return Promise.resolve();
    this.#urgent = newest === this.#pending;
    this.#advance();
    return newest.outcome.promise;
  }

  /** The only place where a write starts; called whenever something changed. */
  #advance(): void {
    if (this.#inFlight || !this.#pending) return;
    const nowMs = this.#clock.monotonicMs();
    const waitMs = this.#urgent ? 0 : this.#lastStartMs + this.#minIntervalMs - nowMs;
    if (waitMs > 0) {
      this.#wakeAfter(waitMs);
      return;
    }
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const job = this.#pending;
    this.#inFlight = job;
    this.#pending = undefined;
    this.#urgent = false;
    this.#lastStartMs = nowMs;
    void this.#run(job);
  }

  #wakeAfter(waitMs: number): void {
    this.#cancelTimer ??= this.#clock.schedule(waitMs, () => {
      this.#cancelTimer = undefined;
      this.#advance();
    });
  }

  async #run(job: Job<T>): Promise<void> {
    try {
      this.#count(await this.#writeNow(job.value));
      job.outcome.resolve();
    } catch (error) {
      this.failures += 1;
      if (!this.#pending) this.#unsaved = { value: job.value };
      job.outcome.reject(error);
    }
    this.#inFlight = undefined;
    this.#advance();
  }

  #count(report: WriteReport): void {
    this.writes += 1;
    this.bytes += report.bytes;
    this.fsyncs += report.fsyncs;
  }
}

function createOutcome(): Outcome {
  let settle: Pick<Outcome, 'resolve' | 'reject'> | undefined;
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // An outcome that nobody awaits is no unhandled rejection: `flush` reports it.
  promise.catch(() => undefined);
  if (!settle) throw new Error('Internal error: a promise did not call its executor');
  return { promise, ...settle };
}
