import { costOfStages } from './start-of-stages.mjs';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'A run of one stage writes its manifest twice, syncs ten times and starts two processes.',
  /**
   * Synced are the first and the last lines of the journal and the line of the history, both manifests, and
   * the folders of what is new. Started are the stage and the guard that ends it should this process be
   * killed. Written besides are the token for resuming, lock and counter, the index of runs (twice), and
   * three documents and the checkpoint of the aggregates. A document whose figures come to the same as
   * before is not written, which happens to one of them now and then.
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
  measure: (context) => costOfStages(context, 1),
};
