import type { Clock } from './clock.js';
import { sleep } from './clock.js';
import { errnoOf } from './errors.js';
import type { FileSystem } from './file-system.js';

/** What Windows answers while a scanner, an indexer or a reader holds one of the two files open. */
const HELD_OPEN = new Set(['EACCES', 'EBUSY', 'EPERM']);

/** About two seconds in all: longer than a scanner holds a file, short enough to tell a person. */
const WAITS_MS = [10, 20, 40, 80, 160, 320, 640, 640];

/**
 * Renames over an existing file. On Windows a file that somebody holds open makes this fail for a
 * moment, so it is tried again there; elsewhere the same codes mean a missing right and fail at once.
 */
export async function renameOver(
  from: string,
  to: string,
  options: {
    readonly fs: FileSystem;
    readonly clock: Clock;
    readonly platform: NodeJS.Platform;
  },
): Promise<void> {
  const { fs, clock, platform } = options;
  const waits = platform === 'win32' ? WAITS_MS : [];
  for (const waitMs of waits) {
    if (renameUnlessHeld(fs, from, to)) return;
    await sleep(clock, waitMs);
  }
  fs.rename(from, to);
}

function renameUnlessHeld(fs: FileSystem, from: string, to: string): boolean {
  try {
    fs.rename(from, to);
    return true;
  } catch (error) {
    if (HELD_OPEN.has(errnoOf(error) ?? '')) return false;
    throw error;
  }
}
