import { runPlainLoop } from './plain-loop.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'What a loop does with files is in proportion to its iterations.',
  cost: 'counts',
  sizes: [4, 12, 40],
  exponent: 1,
  prepare(context, iterations) {
    return Promise.resolve({ context, iterations });
  },
  async measure({ context, iterations }) {
    const { fs, counts } = context.countFiles();
    await runPlainLoop(context, { iterations, fs });
    const { calls, writes, renames } = counts();
    return { calls, writes, renames };
  },
};
