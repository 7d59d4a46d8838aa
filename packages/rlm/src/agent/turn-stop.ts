/** Why the loop ends a turn by itself. */
export type StopCause = 'budget-limit' | 'cancelled' | 'lingered' | 'output-limit' | 'silent';

/** Ends a turn once, for the first cause, or when the signal of the loop does. */
export class TurnStop implements Disposable {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  #cause: StopCause | undefined;

  constructor(outer: AbortSignal) {
    this.#outer = outer;
    if (outer.aborted) this.stop('cancelled');
    else outer.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => {
    this.stop('cancelled');
  };

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get cause(): StopCause | undefined {
    return this.#cause;
  }

  stop(cause: StopCause): void {
    if (this.#cause !== undefined) return;
    this.#cause = cause;
    this.#controller.abort(cause);
  }

  [Symbol.dispose](): void {
    this.#outer.removeEventListener('abort', this.#onAbort);
  }
}
