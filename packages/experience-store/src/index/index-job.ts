import type { ExperienceLayout } from '../layout.js';
import type { CountedFiles } from '../log/read-cost.js';
import type { OpenLog } from '../log/scan-log.js';
import type { Ports } from '../ports.js';
import type { IndexHeader } from './header.js';
import type { IndexMemory } from './index-memory.js';

/** A larger log without index gets one for each domain that is looked up, not at once for all. */
export const MOST_BUILT_AT_ONCE = 16 * 2 ** 20;

/** A change of the index, by who holds the lock. */
export interface IndexJob {
  readonly layout: ExperienceLayout;
  readonly ports: Ports;
  readonly files: CountedFiles;
  readonly log: OpenLog;
  readonly memory: IndexMemory;
}

export interface KnownHeader {
  readonly header: IndexHeader;
  /** The size of its file; 0 for a header that is not written yet. */
  readonly fileBytes: number;
}
