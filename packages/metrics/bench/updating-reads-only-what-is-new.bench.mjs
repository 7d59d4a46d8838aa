import { layoutWith, newEntry, standingClock as clock } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'An update after one new line costs the same at any length of the history.',
  cost: 'counts',
  sizes: [10_000, 100_000, 1_000_000],
  exponent: 0,
  async prepare(context, lines) {
    const { appendEntry, rebuildAggregates, updateAggregates } = await context.load(
      '@codex-orchestrator/metrics',
    );
    const layout = await layoutWith(context, { lines, variant: 'compact' });
    await rebuildAggregates(layout, { clock });
    await appendEntry(layout, newEntry(1), { clock });
    return { updateAggregates, layout, countFiles: context.countFiles };
  },
  async measure({ updateAggregates, layout, countFiles }) {
    const { fs, counts } = countFiles();
    await updateAggregates(layout, { fs, clock });
    const { calls, bytesRead, bytesWritten } = counts();
    return { calls, bytesRead, bytesWritten };
  },
};
