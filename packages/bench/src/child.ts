import { readFile } from 'node:fs/promises';

import type { ConsumeJob, MeasureJob } from './exact/job.js';
import { runGuardJob } from './exact/run-guard-job.js';

const [jobFile = ''] = process.argv.slice(2);
const job = JSON.parse(await readFile(jobFile, 'utf8')) as ConsumeJob | MeasureJob;
await runGuardJob(job);
// A guard may have left something open: the answer is given, so nothing is waited for.
process.exit(0);
