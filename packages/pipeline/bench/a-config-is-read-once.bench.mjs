import { copyFileSync } from 'node:fs';
import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: 'A config is opened once and read in one call, whatever it says.',
  budget: { opens: 1, reads: 1, calls: 4 },
  async measure({ load, folder, data, countFiles }) {
    const { loadConfig } = await load('@codex-orchestrator/pipeline');
    copyFileSync(
      (await data.stages({ stages: 200 })).path,
      join(folder, 'codex.orchestrator.json'),
    );
    const { fs, counts } = countFiles();
    loadConfig(folder, { fs });
    const { opens, reads, calls } = counts();
    return { opens, reads, calls };
  },
};
