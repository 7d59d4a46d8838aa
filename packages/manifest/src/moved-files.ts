import { dirname, join } from 'node:path';

import type { FileSystem } from '@codex-orchestrator/core';

import { codeOf } from './errors.js';
import type { MovedFile } from './events.js';

/**
 * Moves what an attempt has left out of the way of the next one. It may be called again after a crash
 * at any point: what has been moved already stays.
 */
export function moveFiles(
  runDir: string,
  moved: readonly MovedFile[],
  { fs }: { readonly fs: FileSystem },
): void {
  for (const { from, to } of moved) {
    const [source, target] = [join(runDir, from), join(runDir, to)];
    if (!exists(source, fs) || exists(target, fs)) continue;
    fs.mkdir(dirname(target), { recursive: true });
    fs.rename(source, target);
  }
}

function exists(path: string, fs: FileSystem): boolean {
  try {
    fs.lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
