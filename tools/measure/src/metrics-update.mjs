/**
 * What an update of the aggregates takes when one line is new, at histories of several lengths, in turns.
 * Build first (`npm run build`), then `node tools/measure/src/metrics-update.mjs [rounds]
 * [--lines 10000,100000,1000000] [--shape peer|own] [--peer <folder>] [--base <module>]`.
 *
 * `--peer` takes a folder in which `@kbediako/codex-orchestrator` is installed and measures histories of
 * up to 100 000 lines with it; `--base` takes another build of `@codex-orchestrator/metrics` to measure
 * instead of this one.
 *
 * Warm: all lengths in one process, medians, p10 and the shortest time; beside each update what replacing
 * the same files atomically takes. Cold: a process for each update; its start is left out, the loading of
 * the module is a column of its own.
 */
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { historyLine } from '@codex-orchestrator/bench';
import { nodeFileSystem } from '@codex-orchestrator/core';

import { countingFileSystem } from './counting-files.mjs';
import { cachedHistory } from './generate-history.mjs';
import { historyPathOf, placeOf } from './history-place.mjs';
import { describeMachine, measureProcesses, median, plainEnvironment } from './process-cost.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lines: { type: 'string', default: '10000,100000,1000000' },
    shape: { type: 'string', default: 'peer' },
    peer: { type: 'string' },
    base: { type: 'string' },
  },
});
const rounds = Number(positionals[0] ?? 200);
const coldRounds = Math.max(3, Math.round(rounds / 10));
const sizes = values.lines.split(',').map(Number);
const peerLimit = 100_000;
const program = fileURLToPath(new URL('./update-once.mjs', import.meta.url));
const module = values.base ? pathToFileURL(values.base).href : '@codex-orchestrator/metrics';
const { createMetricsLayout, rebuildAggregates, updateAggregates } = await import(module);

const folder = mkdtempSync(join(tmpdir(), 'metrics-update-'));
try {
  const tasks = sizes.map((size) => prepare('ours', size));
  for (const task of tasks) await rebuildAggregates(task.layout);
  console.log(`${describeMachine()}, ${rounds} rounds, one new line`);
  await reportWarm(tasks);
  for (const task of tasks) await reportCounts(task);
  await reportUnchanged(tasks);
  reportCold(tasks);
  console.log(describeMachine());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function prepare(owner, size) {
  const place = join(folder, `${owner}-${size}`);
  const path = historyPathOf(place);
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(cachedHistory({ lines: size, shape: values.shape }).path, path);
  return { owner, size, place, path, next: size, layout: createMetricsLayout(placeOf(place)) };
}

/** What a finished run adds. */
function appendLine(task, count = 1) {
  let text = '';
  for (let at = 0; at < count; at += 1) {
    text += `${historyLine(task.next, { shape: values.shape })}\n`;
    task.next += 1;
  }
  appendFileSync(task.path, text);
  return Buffer.byteLength(text);
}

async function reportWarm(tasks) {
  const samples = new Map(tasks.map((task) => [task, []]));
  for (let round = -Math.ceil(rounds / 5); round < rounds; round += 1) {
    for (const task of round % 2 === 0 ? tasks : tasks.toReversed()) {
      appendLine(task);
      const sample = await measure(() => updateAggregates(task.layout));
      const bare = await measure(() => bareReplace(task, sample.value.outputsWritten));
      if (round >= 0) samples.get(task).push({ ...sample, bareMs: bare.wallMs });
    }
  }
  console.log(row('warm', 'p50 ms', 'p10', 'min', 'CPU p50', 'bare p50', 'x first'));
  const [first] = samples.values();
  for (const [task, each] of samples) {
    const walls = each.map(({ wallMs }) => wallMs);
    console.log(
      row(
        String(task.size),
        median(walls).toFixed(2),
        quantile(walls, 0.1).toFixed(2),
        Math.min(...walls).toFixed(2),
        median(each.map(({ cpuMs }) => cpuMs)).toFixed(2),
        median(each.map(({ bareMs }) => bareMs)).toFixed(2),
        median(walls.map((wall, at) => wall / first[at].wallMs)).toFixed(2),
      ),
    );
  }
}

async function measure(run) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const value = await run();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000, value };
}

/** The least that replaces the files of an update so that no reader sees a part of one. */
function bareReplace(task, outputs) {
  const names = [...Array(outputs.length).keys(), 'checkpoint'];
  for (const name of names) {
    const bytes = name === 'checkpoint' ? checkpointOf(task) : Buffer.alloc(600, 32);
    const target = join(task.place, `bare-${name}`);
    const fd = openSync(`${target}.tmp`, 'w');
    writeSync(fd, bytes);
    closeSync(fd);
    renameSync(`${target}.tmp`, target);
  }
}

function checkpointOf(task) {
  task.checkpoint ??= readFileSync(task.layout.checkpointPath);
  return task.checkpoint;
}

/** What one update reads and writes; the same numbers for every update but those that grow the index. */
async function reportCounts(task) {
  const samples = [];
  for (let round = 0; round < 11; round += 1) {
    const newBytes = appendLine(task);
    const { fs, counts } = countingFileSystem(nodeFileSystem);
    const { outputsWritten, outcome } = await updateAggregates(task.layout, { fs });
    samples.push({ ...counts, newBytes, outcome, outputs: outputsWritten.length });
  }
  const middle = samples.toSorted((a, b) => a.bytesRead - b.bytesRead)[5];
  console.log(`${task.size}: ${JSON.stringify(middle)}`);
}

/** An update that finds nothing new, and one that finds a repeat of an entry that is counted. */
async function reportUnchanged(tasks) {
  for (const task of tasks) {
    const nothing = [];
    for (let round = 0; round < 50; round += 1) {
      nothing.push(await measure(() => updateAggregates(task.layout)));
    }
    appendFileSync(task.path, `${historyLine(task.size - 1, { shape: values.shape })}\n`);
    const repeat = await measure(() => updateAggregates(task.layout));
    appendLine(task, 1000);
    const many = await measure(() => updateAggregates(task.layout));
    console.log(
      [
        `${task.size}: nothing new ${median(nothing.map(({ wallMs }) => wallMs)).toFixed(2)} ms, ${nothing[0].value.outputsWritten.length} outputs written`,
        `a repeat ${repeat.wallMs.toFixed(2)} ms, ${repeat.value.outputsWritten.length} outputs written`,
        `1000 lines ${many.wallMs.toFixed(1)} ms`,
      ].join('; '),
    );
  }
}

function reportCold(tasks) {
  const peers = values.peer
    ? sizes.filter((size) => size <= peerLimit).map((size) => prepare('peer', size))
    : [];
  const candidates = [...tasks, ...peers].map((task) => ({
    name: `${task.owner} ${task.size}`,
    argv: [
      process.execPath,
      program,
      task.owner,
      task.place,
      task.owner === 'peer' ? values.peer : module,
    ],
    env: plainEnvironment(),
    output: true,
    before: () => appendLine(task),
  }));
  const empty = { name: 'node -e 0', argv: [process.execPath, '-e', '0'], env: plainEnvironment() };
  console.log(row('cold', 'inside', 'min', 'import', 'process', 'CPU', 'peak MB'));
  for (const { name, wallMs, cpuMs, outputs } of measureProcesses(
    [empty, ...candidates],
    coldRounds,
  )) {
    const answers = outputs.filter(Boolean).map((text) => JSON.parse(text));
    const [inside, imports, peaks] = ['insideMs', 'importMs', 'peakMb'].map((key) =>
      answers.length > 0 ? answers.map((answer) => answer[key]) : [0],
    );
    console.log(
      row(
        name,
        median(inside).toFixed(2),
        Math.min(...inside).toFixed(2),
        median(imports).toFixed(1),
        wallMs.toFixed(1),
        cpuMs.toFixed(1),
        Math.max(...peaks).toFixed(0),
      ),
    );
  }
}

function quantile(numbers, part) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * part)];
}

function row(title, ...cells) {
  return [title.padEnd(14), ...cells.map((cell) => cell.padStart(10))].join('');
}
