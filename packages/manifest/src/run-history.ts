import type { Manifest, Observability } from './manifest.js';

/**
 * Where finished attempts of runs are counted, each of them once, by somebody else than the record. All
 * who seal, recover and resume the runs of one place are given the same history.
 */
export interface RunHistory {
  /** What the journal calls it. @default 'metrics' */
  readonly name?: string;
  /**
   * Counts the attempt that `end` tells of; its line is durable when the promise resolves. The seal
   * waits for it, so it has to settle. `end` is the caller's to keep; `cost` is what recording has cost
   * up to the terminal event. A rejection becomes a problem of the record, and whoever recovers the run
   * later tries again.
   */
  add(end: Manifest, cost: Observability): Promise<void>;
  /** Whether that attempt is counted already: asked only where an earlier seal was cut short. */
  has(runId: string, attempt: number): Promise<boolean>;
}
