import { layoutWith } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'Counting a history anew takes time in proportion to its lines.',
  cost: 'cpu',
  sizes: [3_000, 10_000, 30_000],
  exponent: 1,
  async prepare(context, lines) {
    const { rebuildAggregates } = await context.load('@codex-orchestrator/metrics');
    const layout = await layoutWith(context, { lines, variant: 'compact' });
    return { rebuildAggregates, layout };
  },
  async measure({ rebuildAggregates, layout }) {
    await rebuildAggregates(layout);
    return undefined;
  },
};
