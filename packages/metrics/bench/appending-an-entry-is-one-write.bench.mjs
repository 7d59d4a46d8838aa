import { layoutWith, newEntry, standingClock as clock } from './bench-history.mjs';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'Appending an entry is one write without a lock; to survive a loss of power it is synced.',
  /** One byte is read to see whether the last line has its newline. */
  budget: {
    opens: 1,
    writes: 1,
    bytesRead: 1,
    renames: 0,
    fsyncs: 0,
    calls: 5,
    durableFsyncs: 1,
    durableCalls: 6,
  },
  async measure(context) {
    const { appendEntry } = await context.load('@codex-orchestrator/metrics');
    const layout = await layoutWith(context, { lines: 1_000, variant: 'compact' });
    const usual = context.countFiles();
    await appendEntry(layout, newEntry(1), { fs: usual.fs, clock });
    const durable = context.countFiles();
    await appendEntry(layout, newEntry(2), { fs: durable.fs, clock, durability: 'power' });
    const { opens, writes, bytesRead, renames, fsyncs, calls } = usual.counts();
    const safe = durable.counts();
    return {
      opens,
      writes,
      bytesRead,
      renames,
      fsyncs,
      calls,
      durableFsyncs: safe.fsyncs,
      durableCalls: safe.calls,
    };
  },
};
