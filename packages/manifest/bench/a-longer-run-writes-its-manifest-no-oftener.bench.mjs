import { end, layoutOf, runStages, standingClock, startOf } from './sample-run.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'A run of many stages writes its manifest as often as a run of few, and syncs as often.',
  cost: 'counts',
  sizes: [20, 200, 2_000],
  exponent: 0,
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
    const { opens, renames, fsyncs } = counts();
    return { opens, renames, fsyncs };
  },
};
