import { layoutWith, standingClock as clock } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'Counting a history anew reads each line once.',
  cost: 'counts',
  sizes: [10_000, 30_000, 100_000],
  exponent: 1,
  async prepare(context, lines) {
    const { rebuildAggregates } = await context.load('@codex-orchestrator/metrics');
    const layout = await layoutWith(context, { lines, variant: 'compact' });
    return { rebuildAggregates, layout, countFiles: context.countFiles };
  },
  async measure({ rebuildAggregates, layout, countFiles }) {
    const { fs, counts } = countFiles();
    await rebuildAggregates(layout, { fs, clock });
    const { bytesRead } = counts();
    return { bytesRead };
  },
};
