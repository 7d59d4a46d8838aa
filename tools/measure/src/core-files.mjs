/**
 * What the file primitives of `core` cost beside the bare system calls that they are made of: both in
 * turns within one process, so that both see the same machine. Build first (`npx nx build core`), then
 * `node tools/measure/src/core-files.mjs [rounds]`.
 *
 * Times are microseconds per call, medians and p10. The ratio is the median of the ratios of
 * neighbouring calls, which is steadier than the ratio of the medians when the machine is busy.
 */
import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

import {
  appendLines,
  openLineAppender,
  visitLines,
  writeJsonAtomic,
} from '@codex-orchestrator/core';

const rounds = Number(process.argv[2] ?? 400);
const folder = mkdtempSync(join(tmpdir(), 'core-files-'));
const path = (name) => join(folder, name);

const manifest = createManifest(20_000);
const line = JSON.stringify({ run: 'x'.repeat(1480), n: 1 });
const journal = openLineAppender(path('journal-ours'));
const journalFd = openSync(path('journal-bare'), 'a');
writeFileSync(path('history'), `${line}\n`.repeat(20_000));

const pairs = {
  'replace 20 KB': {
    bare: () => bareReplace(path('replaced-bare'), { durable: false }),
    ours: () => writeJsonAtomic(path('replaced-ours'), manifest),
  },
  'replace 20 KB, in a root': {
    bare: () => bareReplace(path('replaced-bare'), { durable: false }),
    ours: () => writeJsonAtomic(path('replaced-ours'), manifest, { root: folder }),
  },
  'replace 20 KB, durable': {
    bare: () => bareReplace(path('replaced-bare'), { durable: true }),
    ours: () => writeJsonAtomic(path('replaced-ours'), manifest, { durability: 'power' }),
  },
  'append 1.5 KB, kept open': {
    bare: () => writeSync(journalFd, `${line}\n`),
    ours: () => journal.append([line]),
  },
  'append 1.5 KB, open and close': {
    bare: () => bareAppend(path('lines-bare')),
    ours: () => appendLines(path('lines-ours'), [line]),
  },
  'read 30 MB of lines (bare: readline)': {
    bare: () => readWithReadline(path('history')),
    ours: () => visitLines(path('history'), (each) => void each.text),
    rounds: Math.max(5, Math.round(rounds / 50)),
  },
};

try {
  console.log(`node ${process.version}, load ${loadavg()[0].toFixed(1)}, microseconds per call`);
  console.log(row('', 'bare p50', 'ours p50', 'bare p10', 'ours p10', 'ratio'));
  for (const [title, pair] of Object.entries(pairs)) report(title, await measurePair(pair));
} finally {
  journal.close();
  closeSync(journalFd);
  rmSync(folder, { recursive: true, force: true });
}

/** The least that replaces a file so that no reader sees a part. */
function bareReplace(target, { durable }) {
  const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const fd = openSync(`${target}.tmp`, 'w');
  writeSync(fd, bytes);
  if (durable) fsyncSync(fd);
  closeSync(fd);
  renameSync(`${target}.tmp`, target);
  if (!durable) return;
  const folderFd = openSync(folder, 'r');
  fsyncSync(folderFd);
  closeSync(folderFd);
}

function bareAppend(target) {
  const fd = openSync(target, 'a');
  writeSync(fd, `${line}\n`);
  closeSync(fd);
}

async function readWithReadline(source) {
  const reader = createInterface({ input: createReadStream(source), crlfDelay: Infinity });
  for await (const each of reader) void each;
}

async function measurePair({ bare, ours, rounds: ownRounds = rounds }) {
  const samples = [];
  const warmUpRounds = Math.ceil(ownRounds / 5);
  for (let round = -warmUpRounds; round < ownRounds; round++) {
    const sample = {};
    const order = round % 2 === 0 ? ['bare', 'ours'] : ['ours', 'bare'];
    for (const name of order) sample[name] = await measure(name === 'bare' ? bare : ours);
    if (round >= 0) samples.push(sample);
  }
  return samples;
}

async function measure(run) {
  const start = performance.now();
  await run();
  return (performance.now() - start) * 1000;
}

function report(title, samples) {
  const times = (name, part) =>
    quantile(
      samples.map((sample) => sample[name]),
      part,
    ).toFixed(1);
  const ratio = quantile(
    samples.map(({ bare, ours }) => ours / bare),
    0.5,
  ).toFixed(2);
  console.log(
    row(
      title,
      times('bare', 0.5),
      times('ours', 0.5),
      times('bare', 0.1),
      times('ours', 0.1),
      ratio,
    ),
  );
}

function row(title, ...cells) {
  return [title.padEnd(38), ...cells.map((cell) => cell.padStart(10))].join('');
}

function quantile(values, part) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)];
}

/** About that many bytes as JSON, shaped like a run's manifest. */
function createManifest(bytes) {
  const commands = [];
  while (JSON.stringify({ commands }, null, 2).length < bytes) {
    commands.push({ index: commands.length, id: 'build', status: 'succeeded', exit_code: 0 });
  }
  return { commands };
}
