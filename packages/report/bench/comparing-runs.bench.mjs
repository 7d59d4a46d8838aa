import { samplesOf } from './bench-samples.mjs';

/** @type {import('@codex-orchestrator/bench').TimeGuard} */
export const guard = {
  kind: 'time',
  promise: 'Comparing 200 runs with 200 others takes no more time than before.',
  async prepare(context) {
    const { compareSamples } = await context.load('@codex-orchestrator/report');
    return { compareSamples, ...(await samplesOf(context, 200)) };
  },
  // Fewer than usual: the work is the same for each of them.
  run: ({ compareSamples, before, after }) => compareSamples(before, after, { resamples: 60 }),
};
