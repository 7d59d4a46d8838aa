/**
 * Look-ups in a process that has done nothing else:
 * `node experience-once.mjs <folder> <packs> <domains>` prints what they cost: milliseconds of loading and
 * of looking up, memory, and what was read.
 */
import { performance } from 'node:perf_hooks';

import { domainAt } from './experience-inputs.mjs';
import { placeOf, taskId } from './experience-place.mjs';
import { peakMemoryMb } from './process-cost.mjs';

const [, , folder, packs, domains] = process.argv;
const started = performance.now();
const { openExperienceStore } = await import('@codex-orchestrator/experience-store/store');
const loaded = performance.now();
const { runsDir, outDir } = placeOf(folder);
const store = openExperienceStore({ runsDir, outDir });
const queries = Array.from({ length: Number(packs) }, (_, at) => ({
  domain: domainAt(at % Number(domains)),
  limit: 3,
  taskId,
}));
const results = await store.fetchMany(queries);
const insideMs = performance.now() - loaded;
const sum = (name) => results.reduce((total, { cost }) => total + cost[name], 0);
console.log(
  JSON.stringify({
    importMs: loaded - started,
    insideMs,
    peakMb: peakMemoryMb(),
    source: results[0].source,
    records: results.reduce((total, { records }) => total + records.length, 0),
    bytesRead: sum('bytesRead'),
    filesOpened: sum('filesOpened'),
  }),
);
