import { end, layoutOf, runStages, standingClock, startOf } from './sample-run.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'What a run writes is in proportion to its stages.',
  cost: 'counts',
  sizes: [20, 200, 2_000],
  exponent: 1,
  async prepare(context, stages) {
    const { openRunRecord } = await context.load('@codex-orchestrator/manifest');
    return {
      openRunRecord,
      layout: await layoutOf(context),
      countFiles: context.countFiles,
      stages,
    };
  },
  async measure({ openRunRecord, layout, countFiles, stages }) {
    const { fs, counts } = countFiles();
    const record = await openRunRecord(startOf(layout, stages), { fs, clock: standingClock });
    runStages(record, stages);
    await record.seal(end);
    const { writes, bytesWritten } = counts();
    return { writes, bytesWritten };
  },
};
