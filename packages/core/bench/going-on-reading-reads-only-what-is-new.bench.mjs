import { copyFileSync, appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise:
    'Going on with a file from where one stopped reads what was appended, however long the file is.',
  cost: 'counts',
  sizes: [1_000, 10_000, 100_000],
  exponent: 0,
  async prepare({ load, folder, data, countFiles }, lines) {
    const { visitLines } = await load('@codex-orchestrator/core');
    const path = join(folder, 'history.ndjson');
    copyFileSync((await data.history({ lines, variant: 'compact' })).path, path);
    const startOffset = statSync(path).size;
    appendFileSync(path, '{"appended":true}\n');
    return { visitLines, path, startOffset, countFiles };
  },
  async measure({ visitLines, path, startOffset, countFiles }) {
    const { fs, counts } = countFiles();
    await visitLines(path, () => undefined, { startOffset, fs });
    const { bytesRead, calls } = counts();
    return { bytesRead, calls };
  },
};
