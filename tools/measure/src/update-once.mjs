/**
 * One update of a task's aggregates in a process that has done nothing else:
 * `node update-once.mjs ours|peer <folder> <module>` prints `{importMs, insideMs, peakMb}`.
 */
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';

import { peerAggregator, placeOf, taskId } from './history-place.mjs';
import { peakMemoryMb } from './process-cost.mjs';

const [, , name, folder, module] = process.argv;
const started = performance.now();
const update = await (name === 'peer' ? loadPeer() : loadOurs());
const loaded = performance.now();
await update();
const insideMs = performance.now() - loaded;
console.log(JSON.stringify({ importMs: loaded - started, insideMs, peakMb: peakMemoryMb() }));

async function loadOurs() {
  const { createMetricsLayout, updateAggregates } = await import(module);
  const layout = createMetricsLayout(placeOf(folder));
  return () => updateAggregates(layout);
}

async function loadPeer() {
  const path = pathToFileURL(join(module, peerAggregator)).href;
  const { updateMetricsAggregates } = await import(path);
  const { runsDir, outDir } = placeOf(folder);
  return () => updateMetricsAggregates({ taskId, runsRoot: runsDir, outRoot: outDir });
}
