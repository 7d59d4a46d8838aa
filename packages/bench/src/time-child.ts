import { readFile, writeFile } from 'node:fs/promises';

import { messageOf } from './errors.js';
import { runTimeJob } from './time/run-time-job.js';
import type { TimeJob, TimeOutcome } from './time/time-job.js';

// One process of a paired measurement: `node time-child.js <job.json>`.
const job = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8')) as TimeJob;
const outcome = await runTimeJob(job).catch((error: unknown): TimeOutcome => ({
  outcome: 'failed',
  message: messageOf(error),
}));
await writeFile(job.answerFile, JSON.stringify(outcome));
// What a guard left open, such as a timer, must not hold the process.
process.exit(0);
