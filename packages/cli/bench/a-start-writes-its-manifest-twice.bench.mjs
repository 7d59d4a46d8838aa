import { startOfStages } from './start-of-stages.mjs';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'A run of one stage writes its manifest twice, syncs ten times and starts two processes.',
  /**
   * Synced are the first and the last lines of the journal and the line of the history, both manifests, and
   * the folders of what is new. Started are the stage and the guard that ends it should this process be
   * killed. Written besides are the token for resuming, lock and counter, the index of runs (twice), and
   * three documents and the checkpoint of the aggregates.
   */
  budget: {
    manifestWrites: 2,
    journalWrites: 6,
    historyWrites: 1,
    writes: 18,
    opens: 27,
    renames: 7,
    fsyncs: 10,
    spawns: 2,
    modulesLoaded: 2,
  },
  async measure(context) {
    const { counts, byFile } = await startOfStages(context, 1);
    const { writes, opens, renames, fsyncs, spawns, modulesLoaded, calls } = counts;
    return {
      manifestWrites: byFile['manifest.json']?.writes ?? 0,
      journalWrites: byFile['runner.ndjson']?.writes ?? 0,
      historyWrites: byFile['metrics.json']?.writes ?? 0,
      writes,
      opens,
      renames,
      fsyncs,
      spawns,
      modulesLoaded,
      calls,
    };
  },
};
