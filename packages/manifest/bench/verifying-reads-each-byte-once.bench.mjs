import { end, layoutOf, runStages, standingClock, startOf } from './sample-run.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'Verifying a record reads its files once.',
  cost: 'counts',
  sizes: [10, 100, 1_000],
  exponent: 1,
  async prepare(context, stages) {
    const { openRunRecord, verifyRun } = await context.load('@codex-orchestrator/manifest');
    const layout = await layoutOf(context);
    const record = await openRunRecord(startOf(layout, stages), { clock: standingClock });
    runStages(record, stages);
    await record.seal(end);
    return { verifyRun, layout, countFiles: context.countFiles };
  },
  async measure({ verifyRun, layout, countFiles }) {
    const { fs, counts } = countFiles();
    const { verdict } = await verifyRun(layout, { fs });
    if (verdict !== 'intact') throw new Error(`Expected an intact record, it is ${verdict}`);
    const { bytesRead } = counts();
    return { bytesRead };
  },
};
