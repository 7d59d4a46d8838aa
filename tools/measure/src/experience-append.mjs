/**
 * What recording an experience takes with all that it entails (redaction left out), one record per batch,
 * beside opening, writing and closing the same text. Build first (`npm run build`), then
 * `node tools/measure/src/experience-append.mjs [count] [--records 0,10000,100000] [--domains 20,1000]`.
 *
 * Means, as the index is brought up to date once in a while; the bare calls are made in turns with ours.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import { openExperienceStore } from '@codex-orchestrator/experience-store';

import { inputAt } from './experience-inputs.mjs';
import { copyOfExperiences, placeOf, taskId } from './experience-place.mjs';
import { describeMachine, median } from './process-cost.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    records: { type: 'string', default: '0,10000,100000' },
    domains: { type: 'string', default: '20,1000' },
  },
});
const count = Number(positionals[0] ?? 3000);
const numbers = (text) => text.split(',').map(Number);

console.log(`${describeMachine()}, ${count} appends, microseconds`);
for (const records of numbers(values.records)) {
  for (const domains of numbers(values.domains)) {
    const folder = mkdtempSync(join(tmpdir(), 'experience-append-'));
    try {
      if (records > 0) await copyOfExperiences(records, { domains }, folder);
      await report(folder, { records, domains, durability: 'process', count });
      await report(folder, {
        records: records + 2 * count,
        domains,
        durability: 'power',
        count: Math.ceil(count / 10),
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

async function report(folder, { records, domains, durability, count: appends }) {
  const store = openExperienceStore(placeOf(folder));
  const ours = [];
  const bare = [];
  for (let at = 0; at < appends; at += 1) {
    const input = inputAt(records + at, { domains, taskId });
    const start = performance.now();
    const { records: written } = await store.recordBatch([input], { durability });
    ours.push((performance.now() - start) * 1000);
    const line = `${JSON.stringify(written[0])}\n`;
    const before = performance.now();
    bareAppend(join(folder, 'bare'), line, durability === 'power');
    bare.push((performance.now() - before) * 1000);
  }
  const late = (samples) => samples.slice(Math.floor(samples.length / 3));
  console.log(
    `${records} records, ${domains} domains, ${durability}: mean ${mean(late(ours))}, median ${median(late(ours)).toFixed(0)}; bare mean ${mean(late(bare))}, median ${median(late(bare)).toFixed(0)}`,
  );
}

function bareAppend(path, line, sync) {
  const fd = openSync(path, 'a');
  writeSync(fd, line);
  if (sync) fdatasyncSync(fd);
  closeSync(fd);
}

function mean(samples) {
  return (samples.reduce((sum, sample) => sum + sample, 0) / samples.length).toFixed(0);
}
