import { join } from 'node:path';

/** The task whose history is measured. */
export const taskId = 'measured';

/** Where the npm program keeps the function that counts a history, in the folder of its installation. */
export const peerAggregator =
  'node_modules/@kbediako/codex-orchestrator/dist/orchestrator/src/cli/metrics/metricsAggregator.js';

/** What the layout of the measured task is made from. */
export function placeOf(folder) {
  return { taskId, runsDir: join(folder, '.runs'), outDir: join(folder, 'out') };
}

export function historyPathOf(folder) {
  return join(placeOf(folder).runsDir, taskId, 'metrics.json');
}
