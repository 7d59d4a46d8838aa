import { costOfStages } from './start-of-stages.mjs';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: 'Two stages more are two processes, two logs and six lines of the journal more.',
  budget: { spawns: 2, opens: 2, writes: 6, renames: 0, fsyncs: 0, modulesLoaded: 0 },
  async measure(context) {
    const one = await costOfStages(context, 1);
    const three = await costOfStages(context, 3);
    return {
      spawns: three.spawns - one.spawns,
      opens: three.opens - one.opens,
      writes: three.writes - one.writes,
      renames: three.renames - one.renames,
      fsyncs: three.fsyncs - one.fsyncs,
      modulesLoaded: three.modulesLoaded - one.modulesLoaded,
    };
  },
};
