import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import { systemRandom } from '@codex-orchestrator/core';

import { createExperienceLayout } from '../../src/layout.js';
import { appendToLog } from '../../src/log/append-batch.js';
import { encodeBatch } from '../../src/log/batch-frame.js';
import { recordLine } from '../hygiene-rig.js';

// Appends one to three records at a time until it is told to stop, and says which are there.
const [runsDir = '', outDir = '', name = ''] = process.argv.slice(2);
const layout = createExperienceLayout({ taskId: 't', runsDir, outDir });
const told = new AbortController();
process.stdin.once('data', () => {
  told.abort();
});
for (let nth = 0; !told.signal.aborted; nth++) {
  const ids = Array.from({ length: 1 + (nth % 3) }, (_, at) => `${name}-${nth}-${at}`);
  const lines = ids.map((id) => recordLine({ id, domain: `d${nth % 2}` }));
  appendToLog(layout, encodeBatch(lines, systemRandom));
  // At once, not when the event loop comes to it: what is acknowledged must be so before a kill.
  writeSync(1, `${ids.join('\n')}\n`);
  // Some dozens a second: what collects has to read them all again and again.
  await pause(20);
}
process.stdin.destroy();
