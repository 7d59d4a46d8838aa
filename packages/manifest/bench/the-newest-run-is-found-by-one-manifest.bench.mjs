import { symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise:
    'Finding the newest run lists folders and reads one manifest, however many runs there are.',
  cost: 'counts',
  sizes: [10, 100, 1_000],
  exponent: 0,
  async prepare({ load, folder, data, countFiles }, runs) {
    const { findRun } = await load('@codex-orchestrator/manifest');
    symlinkSync((await data.runs({ runs })).path, join(folder, '.runs'), 'junction');
    return { findRun, root: folder, countFiles };
  },
  async measure({ findRun, root, countFiles }) {
    const { fs, counts } = countFiles();
    const { run } = await findRun('latest', { root }, { fs });
    if (run === undefined) throw new Error('Expected a run, found none');
    const { calls, opens, bytesRead } = counts();
    return { calls, opens, bytesRead };
  },
};
