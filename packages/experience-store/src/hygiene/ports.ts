import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core';
import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';

/** How far a pass over a log is. */
export interface HygieneProgress {
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface HygienePortOptions {
  readonly fs?: FileSystem | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: RandomSource | undefined;
}

/** What every operation on a whole log takes. */
export interface HygieneOptions extends HygienePortOptions {
  /** Looked at between chunks; the operation rejects with its reason and leaves everything in order. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: HygieneProgress) => void) | undefined;
}

export interface HygienePorts {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
}

export function portsOf(options: HygienePortOptions): HygienePorts {
  const { fs = nodeFileSystem, clock = systemClock, random = systemRandom } = options;
  return { fs, clock, random };
}
