import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { basename, dirname, join } from 'node:path';

import { codeOf } from '../errors.js';
import type { IndexLayout } from './run-index.js';

/**
 * Removes the files of all generations but one, such as those that a killed updater left behind. To be
 * called by whoever holds the lock, after the commit. Returns the paths removed.
 */
export function removeOtherIndexes(
  layout: IndexLayout,
  generation: number,
  fs: FileSystem = nodeFileSystem,
): string[] {
  const kept = layout.runIndexPath(generation);
  const folder = dirname(kept);
  const stale = namesIn(fs, folder)
    .filter((name) => name !== basename(kept) && isIndexName(layout, name))
    .map((name) => join(folder, name));
  for (const path of stale) fs.unlink(path);
  return stale;
}

function isIndexName(layout: IndexLayout, name: string): boolean {
  const generation = /\d+/.exec(name)?.[0];
  return generation !== undefined && basename(layout.runIndexPath(Number(generation))) === name;
}

function namesIn(fs: FileSystem, folder: string): string[] {
  try {
    return fs.readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
