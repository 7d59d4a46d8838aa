import { RunHasher } from '../index/run-hash.js';
import { TextSpan } from './text-span.js';

/** What tells the entry of a line from others, besides its status. */
export class Identity {
  readonly runId = new TextSpan();
  readonly recordedAt = new TextSpan();
  /** Holds the hash of the run id. */
  readonly hasher = new RunHasher();
}
