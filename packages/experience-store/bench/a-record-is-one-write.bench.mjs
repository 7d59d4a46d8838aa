import { newInput, placeWith, standingClock as clock } from './bench-log.mjs';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'Recording an experience is one write without a lock; to survive a loss of power it is synced.',
  budget: {
    writes: 1,
    renames: 0,
    fsyncs: 0,
    opens: 1,
    calls: 7,
    durableWrites: 1,
    durableFsyncs: 1,
  },
  async measure(context) {
    const { openExperienceStore } = await context.load('@codex-orchestrator/experience-store');
    const place = await placeWith(context, { lines: 1_000, variant: 'compact' });
    const { taskId, domain } = place;
    await openExperienceStore(place).fetchTop({ taskId, domain, limit: 3 });
    const { fs, counts } = context.countFiles();
    const store = openExperienceStore({ ...place, fs, clock });
    // The first of a process reads the best of the domain, to compare with.
    await store.recordBatch([newInput(place, 1)]);
    const first = counts();
    await store.recordBatch([newInput(place, 2)]);
    const second = counts();
    await store.recordBatch([newInput(place, 3)], { durability: 'power' });
    const third = counts();
    return {
      writes: second.writes - first.writes,
      renames: second.renames - first.renames,
      fsyncs: second.fsyncs - first.fsyncs,
      opens: second.opens - first.opens,
      calls: second.calls - first.calls,
      durableWrites: third.writes - second.writes,
      durableFsyncs: third.fsyncs - second.fsyncs,
    };
  },
};
