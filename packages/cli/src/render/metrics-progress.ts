import type { Clock } from '@codex-orchestrator/core';

import type { OutputStream } from '../io.js';
import { formatBytes } from './bytes.js';
import { formatCount } from './metrics-numbers.js';
import { printableLine } from './printable.js';

/** Between two redraws of the line: smooth to the eye, nothing to the processor. */
const redrawMs = 125;
/** Nobody needs a line about what is over by then. */
const firstLineMs = 2000;
/** Between two lines where every line stays. */
const betweenLinesMs = 10_000;

/** How far the counting of a history has come. */
export interface CountingState {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly lines: number;
}

export interface CountingProgressOptions {
  readonly stream: OutputStream;
  readonly clock: Clock;
  /** `live` redraws one line of a terminal; `plain` adds a line now and then to what takes long. */
  readonly mode: 'live' | 'plain';
}

/** Shows how far the counting of a history has come. */
export class CountingProgress implements Disposable {
  readonly #options: CountingProgressOptions;
  readonly #startedMs: number;
  #nextMs: number;
  #drawn = false;

  constructor(options: CountingProgressOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonicMs();
    this.#nextMs = this.#startedMs + (options.mode === 'live' ? redrawMs : firstLineMs);
  }

  show(state: CountingState): void {
    const { clock, mode, stream } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + (mode === 'live' ? redrawMs : betweenLinesMs);
    const line = countingWords(state, nowMs - this.#startedMs);
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

function countingWords({ bytesDone, bytesTotal, lines }: CountingState, elapsedMs: number): string {
  const share = bytesTotal === 0 ? 1 : Math.min(1, bytesDone / bytesTotal);
  const perSecond = Math.round((lines / Math.max(1, elapsedMs)) * 1000);
  return [
    `Counting: ${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)} (${Math.floor(share * 100)}%)`,
    `${formatCount(lines)} lines`,
    `${formatCount(perSecond)} lines/s`,
  ].join(', ');
}
