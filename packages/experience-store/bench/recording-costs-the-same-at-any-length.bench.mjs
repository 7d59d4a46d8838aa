import { newInput, placeWith, standingClock as clock } from './bench-log.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'Recording an experience costs the same at any length of the log.',
  cost: 'counts',
  sizes: [1_000, 10_000, 100_000],
  exponent: 0,
  async prepare(context, lines) {
    const { openExperienceStore } = await context.load('@codex-orchestrator/experience-store');
    const place = await placeWith(context, { lines, variant: 'compact' });
    const { taskId, domain } = place;
    await openExperienceStore(place).fetchTop({ taskId, domain, limit: 3 });
    return { openExperienceStore, place, countFiles: context.countFiles };
  },
  async measure({ openExperienceStore, place, countFiles }) {
    const { fs, counts } = countFiles();
    const store = openExperienceStore({ ...place, fs, clock });
    await store.recordBatch([newInput(place, 1)]);
    const { calls, bytesRead, bytesWritten } = counts();
    return { calls, bytesRead, bytesWritten };
  },
};
