import { codeOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { updateIndexUnderLock } from '../index/update-index.js';
import type { ExperienceLayout } from '../layout.js';
import type { Ports } from '../ports.js';

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

/**
 * Makes the index of a log that was changed, where that does not take long; a large log gets it domain by
 * domain when it is asked. The caller holds the lock of the layout.
 */
export async function rebuildIndex(layout: ExperienceLayout, ports: Ports): Promise<void> {
  try {
    await updateIndexUnderLock(layout, ports);
  } catch {
    // The log is as it should be, and without an index it answers all the same.
  }
}
