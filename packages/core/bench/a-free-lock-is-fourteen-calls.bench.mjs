import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'A lock that nobody holds is taken and let go of in fourteen calls, two of them writes, without a sync.',
  /**
   * Opened, and closed, are the counter of holders, the owner's record and, to see that it is still one's
   * own, the lock; the record gets its name by a link and loses the temporary one. The rest are two looks
   * at the counter and the writes of record and counter.
   */
  budget: { calls: 14, opens: 3, writes: 2, reads: 3, unlinks: 2, fsyncs: 0 },
  async measure({ load, folder, countFiles }) {
    const { acquireLock } = await load('@codex-orchestrator/core');
    const path = join(folder, 'locks', 'task.lock');
    mkdirSync(join(folder, 'locks'));
    // The first of a process also asks the system who this process is.
    await (await acquireLock(path)).release();
    const { fs, counts } = countFiles();
    const lock = await acquireLock(path, { fs });
    await lock.release();
    const { calls, opens, writes, reads, unlinks, fsyncs } = counts();
    return { calls, opens, writes, reads, unlinks, fsyncs };
  },
};
