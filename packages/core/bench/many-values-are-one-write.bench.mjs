import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise:
    'A thousand values for one file within an interval are two writes: the first and the newest.',
  budget: { writes: 2, renames: 2, fsyncs: 0 },
  async measure({ load, folder, countFiles }) {
    const { createWriteCoalescer, writeJsonAtomic } = await load('@codex-orchestrator/core');
    const { fs, counts } = countFiles();
    const path = join(folder, 'snapshot.json');
    const coalescer = createWriteCoalescer((value) => writeJsonAtomic(path, value, { fs }), {
      minIntervalMs: 60_000,
    });
    for (let value = 0; value < 1_000; value += 1) void coalescer.write({ value });
    await coalescer.flush();
    const { writes, renames, fsyncs } = counts();
    return { writes, renames, fsyncs };
  },
};
