import { dirname, resolve } from 'node:path';

import { resolveInside, syncFolder } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { exists } from './exists.js';
import type { MovedFile } from './events.js';

/**
 * Moves what an attempt has left out of the way of the next one, durably. It may be called again after
 * a crash at any point: what has been moved already stays.
 *
 * @throws CoreError `PATH_ESCAPES_ROOT` where a name leads out of the run's folder, and the errors of
 * the file system.
 */
export function moveFiles(
  runDir: string,
  moved: readonly MovedFile[],
  { fs }: { readonly fs: FileSystem },
): void {
  const folders = new Set<string>();
  for (const { from, to } of moved) {
    const source = placeIn(runDir, from, fs);
    const target = placeIn(runDir, to, fs);
    if (!exists(source, fs) || exists(target, fs)) continue;
    fs.mkdir(dirname(target), { recursive: true });
    fs.rename(source, target);
    // The folders on the way to the target may be new, each a name in the one above.
    for (let at = dirname(target); at !== runDir; at = dirname(at)) folders.add(at);
    folders.add(dirname(source)).add(runDir);
  }
  for (const folder of folders) syncFolder(fs, folder);
}

/** A symlink is moved as what it is; only the folder that holds it has to lie in the run's. */
function placeIn(runDir: string, name: string, fs: FileSystem): string {
  const path = resolve(runDir, name);
  resolveInside(runDir, dirname(path), { fs });
  return path;
}
