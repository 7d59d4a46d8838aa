import { layoutWith } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Counting a history of 250 realistic lines anew takes no more time than before.',
  async prepare(context) {
    const { rebuildAggregates } = await context.load('@codex-orchestrator/metrics');
    return { rebuildAggregates, layout: await layoutWith(context, { lines: 250 }) };
  },
  async run({ rebuildAggregates, layout }) {
    const { totals, entries, repeated, replaced } = await rebuildAggregates(layout);
    return { totals, entries, repeated, replaced };
  },
};
