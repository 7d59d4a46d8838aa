import { placeWith } from './bench-log.mjs';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: 'A look-up reads the index and the records it names, however long the log is.',
  cost: 'counts',
  sizes: [10_000, 100_000, 1_000_000],
  exponent: 0,
  async prepare(context, lines) {
    const { openExperienceStore } = await context.load(
      '@codex-orchestrator/experience-store/store',
    );
    const place = await placeWith(context, { lines, variant: 'compact' });
    const query = { taskId: place.taskId, domain: place.domain, limit: 3 };
    // Without an index the log is searched, and the domain is in the index afterwards.
    await openExperienceStore(place).fetchTop(query);
    return { openExperienceStore, place, query, countFiles: context.countFiles };
  },
  async measure({ openExperienceStore, place, query, countFiles }) {
    const { fs, counts } = countFiles();
    const { source, records } = await openExperienceStore({ ...place, fs }).fetchTop(query);
    if (source !== 'index' || records.length !== 3) {
      throw new Error(`Expected 3 records of the index, got ${records.length} of ${source}`);
    }
    const { calls, opens, bytesRead } = counts();
    return { calls, opens, bytesRead };
  },
};
