import { codeOf } from '@codex-orchestrator/core';

import type { ScannedLine } from '../log/scan-lines.js';
import { addContents } from './content-table.js';
import type { ContentEntry } from './content-table.js';
import type { IndexJob } from './index-job.js';

/** What an update adds to the table in which writers look for records that say the same. */
export class NewContents {
  /** By the ids of their records. */
  readonly #entries = new Map<string, ContentEntry>();
  #isForgotten = false;

  take({ line, offset, isWhole }: ScannedLine): void {
    if (!isWhole) return;
    if (line.kind === 'note') {
      if (line.note.note === 'forgotten') this.#forget(line.note.id);
    } else if (line.kind === 'record' && line.record.contentHash !== null) {
      this.#entries.set(line.record.id, { contentHash: line.record.contentHash, offset });
    }
  }

  #forget(id: string): void {
    this.#isForgotten = true;
    this.#entries.delete(id);
  }

  async write({ layout, ports: { fs, random } }: IndexJob, generation: string): Promise<void> {
    const path = layout.contentTablePath;
    // The table cannot forget: it begins anew.
    if (this.#isForgotten) removeIfThere(path, fs);
    if (this.#entries.size === 0) return;
    await addContents({ path, generation, fs, random }, [...this.#entries.values()]);
  }
}

function removeIfThere(path: string, fs: IndexJob['ports']['fs']): void {
  try {
    fs.unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
