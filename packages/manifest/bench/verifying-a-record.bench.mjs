import { end, layoutOf, runStages, standingClock, startOf } from './sample-run.mjs';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Verifying a record of 200 events takes no more time than before.',
  async prepare(context) {
    const { openRunRecord, verifyRun } = await context.load('@codex-orchestrator/manifest');
    const layout = await layoutOf(context);
    const record = await openRunRecord(startOf(layout, 100), { clock: standingClock });
    runStages(record, 100);
    await record.seal(end);
    return { verifyRun, layout };
  },
  async run({ verifyRun, layout }) {
    const { verdict, checked } = await verifyRun(layout);
    return { verdict, lines: checked.journalLines, files: checked.files };
  },
};
