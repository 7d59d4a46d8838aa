import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * A history of so many lines in a folder of its own, which a guard may change.
 *
 * @param {Pick<import('@codex-orchestrator/bench').GuardContext, 'data' | 'folder' | 'load'>} context
 * @param {import('@codex-orchestrator/bench').HistoryOptions} options
 */
export async function layoutWith({ data, folder, load }, options) {
  const { createMetricsLayout } = await load('@codex-orchestrator/metrics');
  const place = { runsDir: join(folder, '.runs'), outDir: join(folder, 'out') };
  const layout = createMetricsLayout({ taskId: 'bench', ...place });
  mkdirSync(layout.taskDir, { recursive: true });
  const { path } = await data.history(options);
  copyFileSync(path, layout.historyPath);
  return layout;
}

/** Time stands still: documents say when they were made, and numbers differ in length. */
export const standingClock = {
  nowMs: () => Date.UTC(2026, 6, 1),
  monotonicMs: () => 0,
  schedule: () => () => undefined,
};

/** Of a run that no history has, the same length for each number. */
export function newEntry(number) {
  return {
    run_id: `new-run-${String(number).padStart(8, '0')}`,
    pipeline_id: 'checks',
    status: 'succeeded',
    recorded_at: '2026-06-30T12:00:00.000Z',
    duration_seconds: 2.5,
  };
}

/** The entry in the middle of a history. */
export function middleEntry({ historyPath }) {
  const bytes = readFileSync(historyPath);
  const from = bytes.indexOf(10, bytes.length >> 1) + 1;
  return JSON.parse(bytes.toString('utf8', from, bytes.indexOf(10, from)));
}

/**
 * Counts what is read of each file by its name, as what an owner's record in a lock has, and the numbers of
 * files in a checkpoint, is longer on one machine than on another.
 *
 * @param {import('@codex-orchestrator/bench').FileCounter['fs']} fs
 */
export function countReadsByName(fs) {
  const names = new Map();
  const bytesRead = {};
  const counting = {
    ...fs,
    open(path, flags, mode) {
      const descriptor = fs.open(path, flags, mode);
      names.set(descriptor, basename(path));
      return descriptor;
    },
    read(descriptor, view, position) {
      const count = fs.read(descriptor, view, position);
      const name = names.get(descriptor);
      bytesRead[name] = (bytesRead[name] ?? 0) + count;
      return count;
    },
  };
  return { fs: counting, bytesRead };
}
