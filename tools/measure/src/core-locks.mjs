/**
 * What a lock of `core` costs when nobody else wants it, beside the bare system calls that any lock
 * file with an owner record needs, and what taking over a dead owner's lock costs. Build first
 * (`npx nx build core`), then `node tools/measure/src/core-locks.mjs [rounds]`.
 *
 * Times are microseconds per lock and unlock. The ratio is that of the medians to the last bare one:
 * on a busy machine it says more than the times.
 */
import {
  closeSync,
  linkSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { acquireLock, withFileLock } from '@codex-orchestrator/core';

const rounds = Number(process.argv[2] ?? 3000);
const folder = mkdtempSync(join(tmpdir(), 'core-locks-'));
const path = (name) => join(folder, name);
const record = await readRecord(path('record.lock'));

const nothing = () => Promise.resolve();
const candidates = {
  'bare: create with text, unlink': () => bareCreate(path('created.lock')),
  'bare: temporary file, link, unlink': () => bareLink(path('linked.lock')),
  'acquireLock, release': () => takeAndRelease(path('ours.lock')),
  withFileLock: () => withFileLock(path('with.lock'), nothing),
};
const takeover = {
  'take over a dead owner, release': () => takeAndRelease(path('dead.lock')),
};

try {
  console.log(`node ${process.version}, load ${loadavg()[0].toFixed(1)}, microseconds`);
  console.log(row('', ['p10', 'p50', 'p90', 'ratio']));
  const samples = await measureInTurns(candidates, () => {});
  const bareUs = quantile(samples['bare: temporary file, link, unlink'], 0.5);
  report(samples, bareUs);
  // Apart from the others: replacing a file makes the file system write, which slows its neighbours.
  const deadRecord = record.replace(/"process_started_at":"\d+"/, '"process_started_at":"1"');
  const leaveDead = () => writeFileSync(path('dead.lock'), deadRecord);
  if (deadRecord !== record) report(await measureInTurns(takeover, leaveDead), bareUs);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** All in turns, so that all see the same machine. */
async function measureInTurns(runs, prepare) {
  const samples = Object.fromEntries(Object.keys(runs).map((title) => [title, []]));
  const warmUpRounds = rounds / 5;
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const [title, run] of Object.entries(runs)) {
      prepare();
      const startMs = performance.now();
      await run();
      if (round >= 0) samples[title].push((performance.now() - startMs) * 1000);
    }
  }
  return samples;
}

function report(samples, bareUs) {
  for (const [title, timesUs] of Object.entries(samples)) {
    const cells = [0.1, 0.5, 0.9].map((part) => quantile(timesUs, part).toFixed(1));
    console.log(row(title, [...cells, (quantile(timesUs, 0.5) / bareUs).toFixed(2)]));
  }
}

async function takeAndRelease(lockPath) {
  const lock = await acquireLock(lockPath);
  await lock.release();
}

/** The cheapest lock file with an owner in it; a kill between the two calls leaves it empty. */
function bareCreate(lockPath) {
  const fd = openSync(lockPath, 'wx');
  writeSync(fd, record);
  closeSync(fd);
  unlinkSync(lockPath);
}

/** The owner's record appears together with the name. */
function bareLink(lockPath) {
  const fd = openSync(`${lockPath}.tmp`, 'wx');
  writeSync(fd, record);
  closeSync(fd);
  linkSync(`${lockPath}.tmp`, lockPath);
  unlinkSync(`${lockPath}.tmp`);
  unlinkSync(lockPath);
}

async function readRecord(lockPath) {
  const lock = await acquireLock(lockPath);
  const text = readFileSync(lockPath, 'utf8');
  await lock.release();
  return text;
}

function row(title, cells) {
  return [title.padEnd(38), ...cells.map((cell) => cell.padStart(10))].join('');
}

function quantile(values, part) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)];
}
