import type { LockOptions } from '../log/under-lock.js';
import type { PortOptions } from '../ports.js';

/** How far a pass over a log is. */
export interface HygieneProgress {
  readonly bytes: number;
  readonly totalBytes: number;
}

/** What every operation on a whole log takes. */
export interface HygieneOptions extends PortOptions {
  /** Looked at between chunks; the operation rejects with its reason and leaves everything in order. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HygieneProgress) => void) | undefined;
}

/** What operations take besides that change the log. */
export interface LockedOptions extends HygieneOptions, LockOptions {}
