import { layoutWith, standingClock as clock } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: 'An update that finds nothing new replaces no file.',
  budget: { documents: 0, renames: 0, fsyncs: 0, opens: 5, calls: 40 },
  async measure(context) {
    const { rebuildAggregates, updateAggregates } = await context.load(
      '@codex-orchestrator/metrics',
    );
    const layout = await layoutWith(context, { lines: 1_000, variant: 'compact' });
    await rebuildAggregates(layout, { clock });
    const { fs, counts } = context.countFiles();
    const { outputsWritten, outcome } = await updateAggregates(layout, { fs, clock });
    if (outcome !== 'unchanged') throw new Error(`Expected no change, it was ${outcome}`);
    const { renames, fsyncs, opens, calls } = counts();
    return { documents: outputsWritten.length, renames, fsyncs, opens, calls };
  },
};
