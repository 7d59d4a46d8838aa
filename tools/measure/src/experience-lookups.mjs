/**
 * What looking up experiences takes, whatever lies in the log. Build first (`npm run build`), then
 * `node tools/measure/src/experience-lookups.mjs [rounds] [--records 10000,100000] [--domains 20,1000]`.
 *
 * - cold: in a process of its own, from its first import to the answer; best and median of the rounds.
 * - warm: again and again in one process, a domain after the other, each time by a store that remembers
 *   nothing; and by one that remembers what it has answered.
 * - packs: ten queries over three domains at once, cold.
 * - scan: without the index, beside reading and parsing every line with `readline`, in turns.
 * - index: its bytes as a share of those of the log.
 */
import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { createExperienceLayout, openExperienceStore } from '@codex-orchestrator/experience-store';

import { domainAt } from './experience-inputs.mjs';
import { cachedExperiences, copyOfExperiences, placeOf, taskId } from './experience-place.mjs';
import { describeMachine, median } from './process-cost.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    records: { type: 'string', default: '10000,100000' },
    domains: { type: 'string', default: '20,1000' },
  },
});
const rounds = Number(positionals[0] ?? 15);
const once = fileURLToPath(new URL('experience-once.mjs', import.meta.url));
const numbers = (text) => text.split(',').map(Number);

console.log(describeMachine());
for (const records of numbers(values.records)) {
  for (const domains of numbers(values.domains)) {
    const folder = await cachedExperiences(records, { domains });
    console.log(`\n${records} records, ${domains} domains; index ${indexShare(folder)} of the log`);
    reportCold('cold', folder, 1, domains);
    await reportWarm('warm', folder, { domains, remembers: false });
    await reportWarm('asked again', folder, { domains, remembers: true });
    reportCold('packs', folder, 10, 3);
    await reportScan(records, domains);
  }
}

function reportCold(name, folder, packs, domains) {
  const samples = Array.from({ length: rounds }, () => {
    const argv = [once, folder, String(packs), String(domains)];
    const { stdout, status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  });
  const inside = samples.map(({ insideMs }) => insideMs);
  const whole = samples.map(({ importMs, insideMs }) => importMs + insideMs);
  const [{ source, bytesRead, filesOpened, records }] = samples;
  const memory = Math.max(...samples.map(({ peakMb }) => peakMb));
  console.log(
    `${name}: ${ms(Math.min(...whole))} best, ${ms(median(whole))} median (look-up alone ${ms(Math.min(...inside))}, ${ms(median(inside))}); ` +
      `from the ${source}, ${records} records, ${bytesRead} bytes read, ${filesOpened} files; ${memory.toFixed(0)} MB`,
  );
}

async function reportWarm(name, folder, { domains, remembers }) {
  const { runsDir, outDir } = placeOf(folder);
  let store = openExperienceStore({ runsDir, outDir });
  const samples = [];
  for (let round = 0; round < 3000; round += 1) {
    const query = { domain: domainAt((round * 7) % domains), limit: 5, taskId };
    const start = performance.now();
    if (!remembers) store = openExperienceStore({ runsDir, outDir });
    await store.fetchTop(query);
    if (round >= 1000) samples.push((performance.now() - start) * 1000);
  }
  samples.sort((a, b) => a - b);
  const at = (share) => samples[Math.floor(samples.length * share)].toFixed(0);
  console.log(`${name}: ${at(0.5)} µs median, ${at(0.05)} p5, ${at(0.95)} p95`);
}

async function reportScan(records, domains) {
  const folder = mkdtempSync(join(tmpdir(), 'experience-scan-'));
  try {
    await copyOfExperiences(records, { domains }, folder);
    const layout = createExperienceLayout(placeOf(folder));
    const ours = [];
    const theirs = [];
    let source;
    for (let round = 0; round < 3; round += 1) {
      theirs.push(await timed(() => readEveryLine(layout.logPath, domainAt(round))));
      removeIndex(layout);
      ours.push(
        await timed(async () => {
          const store = openExperienceStore(placeOf(folder));
          ({ source } = await store.fetchTop({ domain: domainAt(round), limit: 5, taskId }));
        }),
      );
    }
    const ratio = median(theirs.map((time, at) => time / ours[at]));
    console.log(
      `scan: ${ms(median(ours))} (answered from the ${source}), readline with JSON.parse ${ms(median(theirs))}, ${ratio.toFixed(1)} times as fast`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function removeIndex({ indexPath, indexDir }) {
  rmSync(indexPath, { force: true });
  rmSync(indexDir, { recursive: true, force: true });
}

async function timed(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** What the first writer of the format does for each look-up. */
async function readEveryLine(path, domain) {
  const best = [];
  for await (const line of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    if (!line.trim()) continue;
    const record = JSON.parse(line);
    if (record.domain !== domain || !record.reward) continue;
    best.push(record);
    best.sort((a, b) => scoreOf(b) - scoreOf(a));
    best.length = Math.min(best.length, 5);
  }
  return best;
}

function scoreOf({ reward }) {
  return reward.gtScore + reward.relativeRank;
}

function indexShare(folder) {
  const { logPath, indexPath, indexDir } = createExperienceLayout(placeOf(folder));
  const parts = existsSync(indexDir)
    ? readdirSync(indexDir).map((name) => join(indexDir, name))
    : [];
  const bytes = [indexPath, ...parts].reduce((sum, path) => sum + sizeOf(path), 0);
  return `${((100 * bytes) / statSync(logPath).size).toFixed(2)} %`;
}

function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function ms(value) {
  return `${value.toFixed(2)} ms`;
}
