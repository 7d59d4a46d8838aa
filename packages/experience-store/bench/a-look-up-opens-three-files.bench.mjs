import { placeWith } from './bench-log.mjs';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: 'A look-up opens the index, the file of the domain and the log, and writes nothing.',
  /**
   * Read are a page of the index and one of the domain's file, six samples that tell whether the log is
   * the one that the index is about, and three records.
   */
  budget: { opens: 3, reads: 11, calls: 20, writes: 0 },
  async measure(context) {
    const { openExperienceStore } = await context.load(
      '@codex-orchestrator/experience-store/store',
    );
    const place = await placeWith(context, { lines: 10_000, variant: 'compact' });
    const query = { taskId: place.taskId, domain: place.domain, limit: 3 };
    await openExperienceStore(place).fetchTop(query);
    const { fs, counts } = context.countFiles();
    await openExperienceStore({ ...place, fs }).fetchTop(query);
    const { opens, reads, calls, writes, bytesRead } = counts();
    return { opens, reads, calls, writes, bytesRead };
  },
};
