import { rmSync } from 'node:fs';

import { placeWith } from './bench-log.mjs';

const bytesPerLine = 900;

/** @type {import('@codex-orchestrator/bench').MemoryGuard} */
export const guard = {
  kind: 'memory',
  promise: 'A search through a log without an index holds what is asked for, not the log.',
  inputBytes: [15_000_000, 60_000_000],
  slope: 0.3,
  async prepare(context, bytes) {
    return placeWith(context, { lines: Math.ceil(bytes / bytesPerLine) });
  },
  async consume({ load }, { taskId, domain, ...place }) {
    const { createExperienceLayout, openExperienceStore } = await load(
      '@codex-orchestrator/experience-store',
    );
    const { indexPath, indexDir } = createExperienceLayout({ ...place, taskId });
    // What an earlier search has left.
    rmSync(indexPath, { force: true });
    rmSync(indexDir, { recursive: true, force: true });
    const store = openExperienceStore(place);
    const { source, records } = await store.fetchTop({ taskId, domain, limit: 3 });
    if (source !== 'scan' || records.length !== 3) {
      throw new Error(`Expected 3 records of a search, got ${records.length} of ${source}`);
    }
  },
};
