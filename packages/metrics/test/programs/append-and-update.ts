import { writeSync } from 'node:fs';

import { appendEntry, createMetricsLayout, updateAggregates } from '../../src/index.js';

/**
 * Appends entries of one writer and updates after each, as runs do that end side by side. Every entry
 * that is in the history is acknowledged on stdout.
 *
 * Arguments: folder, name of the writer, number of entries, lines after which the history is rotated.
 */
const [folder = '', writer = '', count = '0', maxLines = '0'] = process.argv.slice(2);
const layout = createMetricsLayout({
  taskId: 'task',
  runsDir: `${folder}/runs`,
  outDir: `${folder}/out`,
});

for (let index = 0; index < Number(count); index++) {
  const runId = `run-${writer}-${index}`;
  await appendEntry(layout, {
    run_id: runId,
    status: index % 5 === 0 ? 'failed' : 'succeeded',
    recorded_at: '2026-01-06T06:53:37.814Z',
    pipeline_id: `pipeline-${index % 3}`,
    duration_seconds: index / 8,
  });
  writeSync(1, `${runId}\n`);
  await updateAggregates(layout, { rotation: { maxLines: Number(maxLines) } });
}
