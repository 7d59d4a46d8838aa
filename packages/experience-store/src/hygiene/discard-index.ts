import type { FileSystem } from '@codex-orchestrator/core';

import { codeOf } from '../errors.js';
import type { ExperienceLayout } from '../layout.js';

/**
 * Makes the index one that is refused, by removing its header: it is a cache, and the next look-up or
 * batch makes it anew. The caller holds the lock of the layout.
 */
export function discardIndex(layout: ExperienceLayout, fs: FileSystem): void {
  for (const path of [layout.indexPath, layout.contentTablePath]) {
    try {
      fs.unlink(path);
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}
