import { nodeFileSystem } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';
import { basename, dirname, join } from 'node:path';

import { namesIn } from '../names-in.js';
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
  const stale = namesIn(folder, fs)
    .filter((name) => name !== basename(kept) && isIndexName(layout, name))
    .map((name) => join(folder, name));
  for (const path of stale) fs.unlink(path);
  return stale;
}

/** One that no file has, whoever left it there. */
export function nextGeneration(layout: IndexLayout, fs: FileSystem = nodeFileSystem): number {
  const folder = dirname(layout.runIndexPath(0));
  const generations = namesIn(folder, fs).map((name) => generationOf(layout, name) ?? 0);
  return 1 + Math.max(0, ...generations);
}

function isIndexName(layout: IndexLayout, name: string): boolean {
  return generationOf(layout, name) !== undefined;
}

function generationOf(layout: IndexLayout, name: string): number | undefined {
  const digits = /\d+/.exec(name)?.[0];
  if (digits === undefined) return undefined;
  const generation = Number(digits);
  return basename(layout.runIndexPath(generation)) === name ? generation : undefined;
}
