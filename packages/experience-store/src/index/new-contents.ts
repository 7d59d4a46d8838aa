import { codeOf } from '../errors.js';
import type { ScannedLine } from '../log/scan-lines.js';
import { addContents } from './content-table.js';
import type { ContentEntry } from './content-table.js';
import type { IndexJob } from './index-job.js';

/** What an update adds to the table in which writers look for records that say the same. */
export class NewContents {
  readonly #entries: ContentEntry[] = [];
  #isForgotten = false;

  take({ line, offset, isWhole }: ScannedLine): void {
    if (!isWhole) return;
    if (line.kind === 'note') this.#isForgotten ||= line.note.note === 'forgotten';
    else if (line.kind === 'record' && line.record.contentHash !== null) {
      this.#entries.push({ contentHash: line.record.contentHash, offset });
    }
  }

  async write({ layout, ports: { fs, random } }: IndexJob, generation: string): Promise<void> {
    const path = layout.contentTablePath;
    // The table cannot forget: it begins anew.
    if (this.#isForgotten) removeIfThere(path, fs);
    if (this.#entries.length > 0)
      await addContents({ path, generation, fs, random }, this.#entries);
  }
}

function removeIfThere(path: string, fs: IndexJob['ports']['fs']): void {
  try {
    fs.unlink(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
