import { end, layoutOf, runStages, standingClock, startOf } from './sample-run.mjs';

const stages = 3;

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'The record of a run is two writes of its manifest, one write per event and eight syncs.',
  /**
   * Durable are the first line of the journal, the last one and both manifests, each file with its folder
   * but the last line, whose file has its name already, and the run's own name. Besides events and
   * manifests the token for resuming is written.
   */
  budget: { manifestWrites: 2, opens: 10, writes: 11, renames: 3, fsyncs: 8, calls: 77 },
  async measure(context) {
    const { openRunRecord } = await context.load('@codex-orchestrator/manifest');
    const { fs, counts } = context.countFiles();
    let manifestWrites = 0;
    const watched = {
      ...fs,
      rename(from, to) {
        if (to.endsWith('manifest.json')) manifestWrites += 1;
        fs.rename(from, to);
      },
    };
    const run = async (number, options) => {
      const start = startOf(await layoutOf(context, number), stages);
      const record = await openRunRecord(start, { clock: standingClock, ...options });
      runStages(record, stages);
      await record.seal(end);
    };
    // The first run of a task makes folders.
    await run(1);
    await run(2, { fs: watched });
    const { opens, writes, renames, fsyncs, calls } = counts();
    return { manifestWrites, opens, writes, renames, fsyncs, calls };
  },
};
