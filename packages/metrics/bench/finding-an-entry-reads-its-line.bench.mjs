import { layoutWith, middleEntry, standingClock as clock } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'Finding an entry by its run reads the checkpoint, a page of the index and the line.',
  cost: 'counts',
  sizes: [1_000, 10_000, 100_000],
  exponent: 0,
  async prepare(context, lines) {
    const { findEntry, rebuildAggregates } = await context.load('@codex-orchestrator/metrics');
    const layout = await layoutWith(context, { lines, variant: 'compact' });
    await rebuildAggregates(layout, { clock });
    const { run_id: runId, attempt = 1 } = middleEntry(layout);
    return { findEntry, layout, runId, attempt, countFiles: context.countFiles };
  },
  async measure({ findEntry, layout, runId, attempt, countFiles }) {
    const { fs, counts } = countFiles();
    const entry = await findEntry(layout, runId, attempt, { fs });
    if (entry?.run_id !== runId) throw new Error(`Expected the entry of ${runId}`);
    const { calls, bytesRead } = counts();
    return { calls, bytesRead };
  },
};
