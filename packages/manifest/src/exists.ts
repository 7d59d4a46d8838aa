import { codeOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** Whether anything has that name, be it a symlink that leads nowhere; other failures are thrown. */
export function exists(path: string, fs: FileSystem): boolean {
  try {
    fs.lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
