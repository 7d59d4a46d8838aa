import { nodeFileSystem, systemClock, systemRandom } from '@codex-orchestrator/core/ports';
import type { Clock, FileSystem, RandomSource } from '@codex-orchestrator/core';

/** What everything here reaches the world through. */
export interface Ports {
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** @default for each the one of the system */
export interface PortOptions {
  readonly fs?: FileSystem | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: RandomSource | undefined;
}

export function portsOf(options: PortOptions): Ports {
  const { fs = nodeFileSystem, clock = systemClock, random = systemRandom } = options;
  return { fs, clock, random };
}
