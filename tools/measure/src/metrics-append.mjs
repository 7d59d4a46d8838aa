/**
 * What appending an entry takes beside the system calls that it is made of, in turns within one process,
 * at an empty history and at a long one. Build first (`npm run build`), then
 * `node tools/measure/src/metrics-append.mjs [rounds] [--lines 100000] [--base <module>]`.
 *
 * Bare is open, write and close of a line that is text already; `bare, from an object` begins with
 * `JSON.stringify` of the same entry. Microseconds of wall time, medians and p10; the ratios are medians of
 * the ratios of neighbouring calls.
 */
import {
  closeSync,
  copyFileSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { historyEntry, historyLine } from '@codex-orchestrator/bench';

import { cachedHistory } from './generate-history.mjs';
import { historyPathOf, placeOf } from './history-place.mjs';
import { describeMachine, median } from './process-cost.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lines: { type: 'string', default: '100000' },
    base: { type: 'string' },
  },
});
const rounds = Number(positionals[0] ?? 2000);
const module = values.base ? pathToFileURL(values.base).href : '@codex-orchestrator/metrics';
const { appendEntry, createMetricsLayout, encodeEntry } = await import(module);
const shape = 'own';

const folder = mkdtempSync(join(tmpdir(), 'metrics-append-'));
try {
  console.log(`${describeMachine()}, ${rounds} rounds, microseconds per entry`);
  if (encodeEntry(historyEntry(3, { shape })) !== historyLine(3, { shape })) {
    throw new Error('Entries are no longer written as the measured lines are');
  }
  for (const lines of [0, Number(values.lines)]) {
    await reportKind(lines, 'process', rounds);
    await reportKind(lines, 'power', Math.ceil(rounds / 10));
  }
  console.log(describeMachine());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function reportKind(lines, durability, count) {
  const paths = ['text', 'object', 'ours'].map((name) =>
    prepare(`${name}-${lines}-${durability}`, lines),
  );
  const layout = createMetricsLayout(placeOf(join(folder, `ours-${lines}-${durability}`)));
  const sync = durability === 'power';
  const samples = [];
  for (let round = -Math.ceil(count / 5); round < count; round += 1) {
    const entry = historyEntry(lines + round + count, { shape });
    const line = JSON.stringify(entry);
    const candidates = [
      () => bareAppend(paths[0], `${line}\n`, sync),
      () => bareAppend(paths[1], `${JSON.stringify(entry)}\n`, sync),
      () => appendEntry(layout, entry, { durability }),
    ];
    const sample = [];
    for (let at = 0; at < 3; at += 1) {
      const turn = (at + round + count) % 3;
      sample[turn] = await measure(candidates[turn]);
    }
    if (round >= 0) samples.push(sample);
  }
  report(`${lines} lines, ${durability}`, samples);
}

function prepare(name, lines) {
  const path = historyPathOf(join(folder, name));
  mkdirSync(dirname(path), { recursive: true });
  if (lines > 0) copyFileSync(cachedHistory({ lines }).path, path);
  return path;
}

function bareAppend(path, text, sync) {
  const fd = openSync(path, 'a');
  writeSync(fd, text);
  if (sync) fdatasyncSync(fd);
  closeSync(fd);
}

async function measure(run) {
  const start = performance.now();
  const promise = run();
  if (promise) await promise;
  return (performance.now() - start) * 1000;
}

function report(title, samples) {
  const names = ['bare', 'bare, from an object', 'ours'];
  console.log(title);
  for (const [at, name] of names.entries()) {
    const times = samples.map((sample) => sample[at]);
    const ratio = (base) => median(samples.map((sample) => sample[at] / sample[base])).toFixed(2);
    const p10 = times.toSorted((a, b) => a - b)[Math.floor(times.length / 10)];
    console.log(
      `  ${name.padEnd(22)} p50 ${median(times).toFixed(1).padStart(7)}  p10 ${p10.toFixed(1).padStart(7)}  x bare ${ratio(0)}  x bare from an object ${ratio(1)}`,
    );
  }
}
