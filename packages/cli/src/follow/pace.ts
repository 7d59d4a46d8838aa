import { sleep } from '@codex-orchestrator/core';
import type { Clock } from '@codex-orchestrator/core';

const firstMs = 20;
const longestMs = 250;
const growth = 1.5;

/**
 * The waits between two looks at something that may have changed: short after a change, longer while
 * nothing happens, never long enough to be felt. Looking needs no rights, no handles, and works on
 * every file system, which cannot be said of being told.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #nextMs = firstMs;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Something has changed: more may follow soon. */
  quicken(): void {
    this.#nextMs = firstMs;
  }

  /** Waits, at most so long; resolves to false when the signal ended the wait. */
  async rest(atMostMs = Infinity): Promise<boolean> {
    const delayMs = Math.min(this.#nextMs, atMostMs);
    this.#nextMs = Math.min(longestMs, this.#nextMs * growth);
    try {
      await sleep(this.#clock, delayMs, this.#signal);
      return true;
    } catch (error) {
      if (this.#signal.aborted) return false;
      throw error;
    }
  }
}
