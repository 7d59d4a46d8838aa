import { writeSync } from 'node:fs';

import { collect } from '../../src/hygiene/collect.js';
import { createExperienceLayout } from '../../src/layout.js';
import { appendToLog } from '../../src/log/append-batch.js';
import { recordLine } from '../hygiene-rig.js';

// Gives itself something to collect, and collects, again and again until it is killed.
const [runsDir = '', outDir = ''] = process.argv.slice(2);
const layout = createExperienceLayout({ taskId: 't', runsDir, outDir });
const lesson = { domain: 'collected', summary32: 'The same lesson as ever' };
for (let nth = 0; ; nth++) {
  const line = recordLine({ id: `c-${process.pid}-${nth}`, ...lesson });
  appendToLog(layout, [line, recordLine({ id: `d-${process.pid}-${nth}`, ...lesson })]);
  const { isReplaced, carriedLines } = await collect(layout);
  writeSync(1, `${isReplaced ? 'replaced' : 'left'} ${carriedLines}\n`);
}
