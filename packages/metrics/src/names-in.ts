import { codeOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

/** The names in a folder, sorted; none where there is no such folder. */
export function namesIn(folder: string, fs: FileSystem): string[] {
  try {
    return fs.readdir(folder).sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
