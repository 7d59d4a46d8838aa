import { writeSync } from 'node:fs';

import { createExperienceLayout } from '../../src/layout.js';
import { createRecorder } from '../../src/write/record-batch.js';

/**
 * Appends batches of one writer, of one to five records each. Every batch that is in the log is
 * acknowledged on stdout, with the ids of its records.
 *
 * Arguments: folder, name of the writer (letters alone), number of batches.
 */
const [folder = '', writer = '', count = '0'] = process.argv.slice(2);
const layout = createExperienceLayout({
  taskId: 't',
  runsDir: `${folder}/runs`,
  outDir: `${folder}/out`,
});
const recorder = createRecorder(layout, {
  snapshot: () => undefined,
  candidates: () => [],
  update: () => Promise.resolve(),
});

function word(nth: number): string {
  return `${nth}`.replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
}

for (let batch = 0; batch < Number(count); batch++) {
  const inputs = Array.from({ length: 1 + (batch % 5) }, (_, nth) => ({
    runId: `${writer}-${batch}`,
    taskId: 't',
    // Of many lengths, so that kills and pages end anywhere in a line.
    summary: `${writer} x${word(batch)} y${word(nth)} ${'filler '.repeat(batch % 30)}`,
    reward: { gtScore: 1, relativeRank: 0 },
    toolStats: [],
    domain: `domain-${writer}`,
  }));
  const { records } = await recorder.record(inputs);
  writeSync(1, `${records.map(({ id }) => id).join(' ')}\n`);
}
