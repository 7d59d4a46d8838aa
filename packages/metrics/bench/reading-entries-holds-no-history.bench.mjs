import { appendFileSync, readFileSync } from 'node:fs';

import { layoutWith } from './bench-history.mjs';

const piece = { lines: 5_000 };

/** @type {import('@codex-orchestrator/bench').MemoryGuard} */
export const guard = {
  kind: 'memory',
  promise: 'Reading all entries of a history holds a few mebibytes of it.',
  /** From the first on, what a process has let go of and not yet collected no longer shows. */
  inputBytes: [40_000_000, 120_000_000],
  slope: 0.3,
  async prepare(context, bytes) {
    const layout = await layoutWith(context, piece);
    const lines = readFileSync(layout.historyPath);
    for (let size = lines.length; size < bytes; size += lines.length) {
      appendFileSync(layout.historyPath, lines);
    }
    return layout;
  },
  async consume({ load }, layout) {
    const { readEntries } = await load('@codex-orchestrator/metrics');
    let entries = 0;
    for await (const { entry } of readEntries(layout)) if (entry.run_id) entries += 1;
    if (entries === 0) throw new Error('Expected entries, there were none');
  },
};
