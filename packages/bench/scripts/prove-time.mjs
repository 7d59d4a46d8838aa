// Tries the gate of processor time on builds that it is known about what it should say, and prints how often
// it said so:
//
//   node packages/bench/scripts/prove-time.mjs --runs 200 --slow 0,5,10 --project metrics --out proof.json
//
// Without --project, the guards of all packages. --load keeps one process busy beside it. Build first.
import { fork } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { proveTime } from '../dist/prove-time.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    slow: { type: 'string', default: '0,5,10' },
    project: { type: 'string', multiple: true },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    load: { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('../../../', import.meta.url));
const projects = values.project ?? readdirSync(join(root, 'packages')).sort();
const startedAt = new Date().toISOString();
const trials = [];

const load = values.load ? fork(new URL('load.mjs', import.meta.url)) : undefined;
try {
  for (const project of projects) {
    await proveTime({
      root,
      project,
      runs: Number(values.runs),
      shares: values.slow.split(',').map((percent) => Number(percent) / 100),
      seed: Number(values.seed),
      onTrial: async (trial) => {
        trials.push(trial);
        const { guard, share, verdict, ratio = Number.NaN, seconds } = trial;
        const what = `${guard} +${share * 100} %: ${verdict}, read ${ratio.toFixed(3)}`;
        process.stderr.write(`${what}, ${seconds.toFixed(1)} s, load ${trial.load.toFixed(1)}\n`);
        // After each, so that one that is broken off leaves what it had.
        if (values.out !== undefined) writeOut(values.out);
      },
    });
  }
} finally {
  load?.kill();
}
console.log(table());

function writeOut(path) {
  const node = process.version;
  writeFileSync(path, `${JSON.stringify({ startedAt, node, load: values.load, trials })}\n`);
}

function table() {
  const rows = [...groupBy(trials).values()].map((group) => {
    const [{ guard, share }] = group;
    const count = (verdict) => `${group.filter((one) => one.verdict === verdict).length}`;
    return [
      guard,
      `+${share * 100} %`,
      `${group.length}`,
      ...['regressed', 'improved', 'unchanged', 'undecided', 'failed'].map(count),
      `${median(group.map((one) => one.ratio ?? Number.NaN)).toFixed(3)}`,
      `${median(group.map((one) => one.seconds)).toFixed(1)}`,
    ];
  });
  const head = ['guard', 'slowed', 'runs', 'regressed', 'improved', 'unchanged', 'undecided'];
  const lines = [[...head, 'failed', 'median ratio', 'seconds'], ...rows];
  const rule = lines[0].map(() => '---');
  return [lines[0], rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function keyOf({ guard, share }) {
  return `${guard} ${share}`;
}

function groupBy(list) {
  const groups = new Map();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

function median(values) {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
