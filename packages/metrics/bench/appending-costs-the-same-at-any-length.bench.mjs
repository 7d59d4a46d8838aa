import { layoutWith, newEntry } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'Appending an entry costs the same at any length of the history.',
  cost: 'counts',
  sizes: [1_000, 10_000, 100_000],
  exponent: 0,
  async prepare(context, lines) {
    const { appendEntry } = await context.load('@codex-orchestrator/metrics');
    const layout = await layoutWith(context, { lines, variant: 'compact' });
    return { appendEntry, layout, countFiles: context.countFiles };
  },
  async measure({ appendEntry, layout, countFiles }) {
    const { fs, counts } = countFiles();
    await appendEntry(layout, newEntry(1), { fs });
    const { calls, bytesRead, bytesWritten } = counts();
    return { calls, bytesRead, bytesWritten };
  },
};
