import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'Replacing a file is one write and one rename; to survive a loss of power it is two syncs more.',
  /**
   * Beyond open, write, close and rename: looks at the old file and the new one, and the old one's mode.
   * The two syncs are those of file and folder, for which the folder is opened.
   */
  budget: {
    opens: 1,
    writes: 1,
    renames: 1,
    fsyncs: 0,
    calls: 7,
    durableOpens: 2,
    durableWrites: 1,
    durableRenames: 1,
    durableFsyncs: 2,
    durableCalls: 11,
  },
  async measure({ load, folder, countFiles }) {
    const { writeFileAtomic } = await load('@codex-orchestrator/core');
    const path = join(folder, 'manifest.json');
    writeFileSync(path, 'before');
    chmodSync(path, 0o644);
    const bytes = 'x'.repeat(20_000);
    const usual = countFiles();
    await writeFileAtomic(path, bytes, { fs: usual.fs });
    const durable = countFiles();
    await writeFileAtomic(path, bytes, { fs: durable.fs, durability: 'power' });
    const { opens, writes, renames, fsyncs, calls } = usual.counts();
    const safe = durable.counts();
    return {
      opens,
      writes,
      renames,
      fsyncs,
      calls,
      durableOpens: safe.opens,
      durableWrites: safe.writes,
      durableRenames: safe.renames,
      durableFsyncs: safe.fsyncs,
      durableCalls: safe.calls,
    };
  },
};
