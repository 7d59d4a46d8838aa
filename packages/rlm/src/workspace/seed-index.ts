import type { FileSystem } from '@codex-orchestrator/core';

import { readIfThere, writeNew } from './file-tree.js';

/**
 * Gives an index what another one knows of the files, so that they need not be read. Its time is set back
 * to that of the other: by that git knows which files may have changed in the moment that it was written,
 * and reads those again.
 */
export function seedIndex(fs: FileSystem, from: string, to: string): void {
  const content = readIfThere(fs, from);
  if (content === undefined) return;
  const seconds = Math.floor(fs.stat(from).mtimeMs / 1000);
  writeNew(fs, to, content);
  fs.utimes(to, seconds, seconds);
}
