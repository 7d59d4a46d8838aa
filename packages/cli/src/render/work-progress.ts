import type { Clock } from '@codex-orchestrator/core';

import type { OutputStream } from '../io.js';
import { printableLine } from './printable.js';

/** Between two redraws of the line: smooth to the eye, nothing to the processor. */
const redrawMs = 125;
/** Nobody needs a line about what is over by then. */
const firstLineMs = 2000;
/** Between two lines where every line stays. */
const betweenLinesMs = 10_000;

export interface WorkProgressOptions {
  readonly stream: OutputStream;
  readonly clock: Clock;
  /** `live` redraws one line of a terminal; `plain` adds a line now and then to what takes long. */
  readonly mode: 'live' | 'plain';
}

/** Shows how far work has come that nobody knows the end of beforehand. */
export class WorkProgress implements Disposable {
  readonly #options: WorkProgressOptions;
  readonly #startedMs: number;
  #nextMs: number;
  #drawn = false;

  constructor(options: WorkProgressOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    this.#nextMs = this.#startedMs + (options.mode === 'live' ? redrawMs : firstLineMs);
  }

  /** @param words Asked only when it is time to show something, with the time since the beginning. */
  show(words: (elapsedMs: number) => string): void {
    const { clock, mode, stream } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + (mode === 'live' ? redrawMs : betweenLinesMs);
    const line = words(nowMs - this.#startedMs);
    if (mode === 'plain') {
      stream.write(`${line}\n`);
      return;
    }
    const columns = Math.max(20, stream.columns() ?? 80);
    stream.write(`\r\u001b[2K${printableLine(line, columns - 1)}`);
    this.#drawn = true;
  }

  /** Takes the live line away. */
  [Symbol.dispose](): void {
    if (this.#drawn) this.#options.stream.write('\r\u001b[2K');
    this.#drawn = false;
  }
}
