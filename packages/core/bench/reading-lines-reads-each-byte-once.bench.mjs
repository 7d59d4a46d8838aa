import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const lines = 10_000;
const lineBytes = 100;

/** @type {import('@codex-orchestrator/bench').ExactGuard} */
export const guard = {
  kind: 'exact',
  promise: 'Reading the lines of a file reads each of its bytes once, in chunks of 256 KiB.',
  budget: { opens: 1, reads: 4, bytesRead: lines * lineBytes, calls: 7 },
  async measure({ load, folder, countFiles }) {
    const { visitLines } = await load('@codex-orchestrator/core');
    const path = join(folder, 'lines.ndjson');
    writeFileSync(path, `${'x'.repeat(lineBytes - 1)}\n`.repeat(lines));
    const { fs, counts } = countFiles();
    let visited = 0;
    await visitLines(path, () => void (visited += 1), { fs });
    if (visited !== lines) throw new Error(`Expected ${lines} lines, visited ${visited}`);
    const { opens, reads, bytesRead, calls } = counts();
    return { opens, reads, bytesRead, calls };
  },
};
