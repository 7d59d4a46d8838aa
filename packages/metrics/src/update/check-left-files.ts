import { join } from 'node:path';

import type { FileSystem } from '@codex-orchestrator/core';

import type { MetricsLayout } from '../layout.js';
import { namesIn } from '../names-in.js';
import type { HistoryFinding } from './history-finding.js';

/** What lies in the folder for entries that another writer could not append. */
export function findLeftFiles({ pendingDir }: MetricsLayout, fs: FileSystem): HistoryFinding[] {
  return namesIn(pendingDir, fs).map((name): HistoryFinding => {
    const path = join(pendingDir, name);
    if (name.endsWith('.rejected')) {
      const message =
        'Lines that are no entries were put aside here; look at them and remove the file';
      return { severity: 'warning', code: 'REJECTED_LINES', path, message };
    }
    const message = 'Entries of another writer wait here; the next update takes them over';
    const fix = 'codex-orchestrator metrics update';
    return { severity: 'info', code: 'PENDING_FILE', path, message, fix };
  });
}
