import { writeSync } from 'node:fs';

import { openExperienceStore } from '../../src/store.js';

/**
 * Records batches in a domain of its own and in one that all writers share, each better than the one
 * before, and looks up after every fourth whether the best is its own last one. What is in the log is acknowledged
 * on stdout by its ids; a look-up that misses it is told as `missed <id>`.
 *
 * Arguments: folder, name of the writer (letters alone), number of batches.
 */
const [folder = '', writer = '', count = '0'] = process.argv.slice(2);
const store = openExperienceStore({ runsDir: `${folder}/runs`, outDir: `${folder}/out` });
const taskId = 'writers';

function word(nth: number): string {
  return `${nth}`.replaceAll(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? '');
}

for (let batch = 0; batch < Number(count); batch++) {
  const inputs = Array.from({ length: 1 + (batch % 3) }, (_, nth) => ({
    runId: `${writer}-${batch}`,
    taskId,
    summary: `${writer} x${word(batch)} y${word(nth)} of ${writer} and z${word(batch * 3 + nth)}`,
    reward: { gtScore: batch, relativeRank: nth / 10 },
    toolStats: [],
    domain: nth === 1 ? 'shared' : `of-${writer}`,
  }));
  const { records } = await store.recordBatch(inputs);
  writeSync(1, `${records.map(({ id }) => id).join(' ')}\n`);
  if (batch % 4 > 0) continue;
  const best = records.filter(({ domain }) => domain !== 'shared').at(-1);
  const found = await store.fetchTop({ domain: `of-${writer}`, limit: 1, taskId });
  if (found.records[0]?.id !== best?.id) writeSync(1, `missed ${best?.id ?? ''}\n`);
}
