import { symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** @type {import('@codex-orchestrator/bench').GrowthGuard} */
export const guard = {
  kind: 'growth',
  promise: '`show` of the latest run opens the files of one run, however many runs there are.',
  cost: 'counts',
  sizes: [10, 100, 1_000],
  exponent: 0,
  async prepare({ data, folder, runCli }, runs) {
    symlinkSync((await data.runs({ runs })).path, join(folder, '.runs'), 'junction');
    return () => runCli(['show', 'latest', '--format', 'json'], { cwd: folder });
  },
  async measure(show) {
    const { opens, bytesRead } = (await show()).counts;
    return { opens, bytesRead };
  },
};
