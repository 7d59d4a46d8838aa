import { samplesOf } from './bench-samples.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'Comparing runs takes time in proportion to their number.',
  cost: 'cpu',
  sizes: [100, 300, 1_000],
  exponent: 1,
  async prepare(context, runs) {
    const { compareSamples } = await context.load('@codex-orchestrator/report');
    return { compareSamples, ...(await samplesOf(context, runs)) };
  },
  measure({ compareSamples, before, after }) {
    compareSamples(before, after, { resamples: 60 });
    return undefined;
  },
};
