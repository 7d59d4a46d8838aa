import type { Clock } from '@codex-orchestrator/core';

/** The longest delay that Node's timers can count. */
const maxDelayMs = 2 ** 31 - 1;

/**
 * Calls back once nothing was noted for a time. Noting only takes down the time: the timer is set anew
 * when it runs out, not for each of a million lines.
 */
export class ProgressWatch implements Disposable {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #onSilence: () => void;
  #lastMs: number;
  #cancel: (() => void) | undefined;
  #isOver = false;

  constructor(limitMs: number, clock: Clock, onSilence: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#onSilence = onSilence;
    this.#lastMs = clock.monotonicMs();
    this.#arm(limitMs);
  }

  note(): void {
    this.#lastMs = this.#clock.monotonicMs();
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    this.#cancel?.();
  }

  #arm(delayMs: number): void {
    this.#cancel = this.#clock.schedule(Math.min(delayMs, maxDelayMs), () => {
      // Timers run before input is read. After a long block of this process, output may be waiting.
      setImmediate(() => {
        this.#check();
      });
    });
  }

  #check(): void {
    if (this.#isOver) return;
    const remainingMs = this.#lastMs + this.#limitMs - this.#clock.monotonicMs();
    if (remainingMs > 0) this.#arm(remainingMs);
    else {
      this.#isOver = true;
      this.#onSilence();
    }
  }
}
