import { formatBytes } from './bytes.js';
import { formatCount } from './metrics-numbers.js';
import { WorkProgress } from './work-progress.js';
import type { WorkProgressOptions } from './work-progress.js';

/** How far the counting of a history has come. */
export interface CountingState {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly lines: number;
}

export type CountingProgressOptions = WorkProgressOptions;

/** Shows how far the counting of a history has come. */
export class CountingProgress implements Disposable {
  readonly #progress: WorkProgress;

  constructor(options: CountingProgressOptions) {
    this.#progress = new WorkProgress(options);
  }

  show(state: CountingState): void {
    this.#progress.show((elapsedMs) => countingWords(state, elapsedMs));
  }

  /** Takes the live line away. */
  [Symbol.dispose](): void {
    this.#progress[Symbol.dispose]();
  }
}

function countingWords({ bytesDone, bytesTotal, lines }: CountingState, elapsedMs: number): string {
  const perSecond = Math.round((lines / Math.max(1, elapsedMs)) * 1000);
  return [
    `Counting: ${shareWords(bytesDone, bytesTotal)}`,
    `${formatCount(lines)} lines`,
    `${formatCount(perSecond)} lines/s`,
  ].join(', ');
}

/** `1.2 MB of 4.8 MB (25%)`. */
export function shareWords(bytesDone: number, bytesTotal: number): string {
  const share = bytesTotal === 0 ? 1 : Math.min(1, bytesDone / bytesTotal);
  return `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)} (${Math.floor(share * 100)}%)`;
}
