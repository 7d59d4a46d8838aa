import { preparedStart } from './start-of-stages.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'A run of fifty stages syncs as often as a run of five, and loads as much.',
  cost: 'counts',
  sizes: [5, 16, 50],
  exponent: 0,
  async prepare(context, stages) {
    const start = await preparedStart(context, stages);
    await start();
    return start;
  },
  async measure(start) {
    const { fsyncs, modulesLoaded } = (await start()).counts;
    return { fsyncs, modulesLoaded };
  },
};
