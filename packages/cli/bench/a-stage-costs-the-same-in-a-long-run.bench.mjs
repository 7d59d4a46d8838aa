import { preparedStart } from './start-of-stages.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'What a run starts and writes into its journal is in proportion to its stages.',
  cost: 'counts',
  sizes: [5, 16, 50],
  exponent: 1,
  async prepare(context, stages) {
    const start = await preparedStart(context, stages);
    await start();
    return start;
  },
  async measure(start) {
    const { counts, byFile } = await start();
    const { writes = 0, bytes = 0 } = byFile['runner.ndjson'] ?? {};
    return { journalWrites: writes, journalBytes: bytes, spawns: counts.spawns };
  },
};
