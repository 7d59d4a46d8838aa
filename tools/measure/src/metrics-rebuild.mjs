/**
 * What counting a whole history takes: each way in a process of its own, all of them in every round, in
 * turns. Build first (`npm run build`), then `node tools/measure/src/metrics-rebuild.mjs [rounds]
 * [--lines 100000] [--shape peer|own] [--peer <folder>] [--duckdb <folder>] [--base <module>]`.
 *
 * `--peer` takes a folder in which `@kbediako/codex-orchestrator` is installed, `--duckdb` one with
 * `@duckdb/node-api`; `--base` another build of `@codex-orchestrator/metrics`, to compare this one with.
 *
 * Wall and inside times are medians, CPU time is a mean with all threads and descendants, memory the
 * highest peak of the rounds. Who counts other totals than `JSON.parse` of each line fails the script.
 * Those of `--shape own`, with attempts that replace earlier ones, are compared by nobody.
 */
import { linkSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import { cachedHistory } from './generate-history.mjs';
import { historyPathOf } from './history-place.mjs';
import { firstDifference } from './history-totals.mjs';
import { describeMachine, measureProcesses, plainEnvironment } from './process-cost.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    lines: { type: 'string', default: '100000' },
    shape: { type: 'string', default: 'peer' },
    only: { type: 'string' },
    peer: { type: 'string' },
    duckdb: { type: 'string' },
    base: { type: 'string' },
  },
});
const rounds = Number(positionals[0] ?? 5);
const program = fileURLToPath(new URL('./history-contenders.mjs', import.meta.url));
const history = cachedHistory({ lines: Number(values.lines), shape: values.shape });
const folder = mkdtempSync(join(tmpdir(), 'metrics-rebuild-'));
try {
  console.log(
    `${describeMachine()}, ${rounds} rounds, ${values.lines} lines, ${history.bytes} bytes`,
  );
  report(measureProcesses(candidates(), rounds, { warmUp: history.bytes < 5e8 }));
  console.log(describeMachine());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function candidates() {
  const modules = {
    read: '',
    parse: '',
    ours: '@codex-orchestrator/metrics',
    threads: '@codex-orchestrator/metrics',
    ...(values.base && { base: pathToFileURL(values.base).href }),
    ...(values.peer && { peer: values.peer }),
    ...(values.duckdb && { duckdb: values.duckdb }),
  };
  const only = values.only?.split(',');
  const env = plainEnvironment();
  const own = Object.entries(modules)
    .filter(([name]) => !only || only.includes(name))
    .map(([name, module]) => {
      const place = join(folder, name);
      const contender = name === 'base' ? 'ours' : name;
      return {
        name,
        argv: [process.execPath, program, contender, history.path, place, module],
        env,
        output: true,
        before: () => freshTask(place),
      };
    });
  const cat = ['sh', '-c', 'exec cat "$1" > /dev/null', 'sh', history.path];
  return [{ name: 'cat', argv: cat, env }, ...own];
}

/** The history as a task's, with nothing counted yet. Whoever counts a history must not write to it. */
function freshTask(place) {
  rmSync(place, { recursive: true, force: true });
  const path = historyPathOf(place);
  mkdirSync(dirname(path), { recursive: true });
  linkSync(history.path, path);
}

function report(costs) {
  const answers = new Map(
    costs.map(({ name, outputs }) => [name, outputs.map((text) => (text ? JSON.parse(text) : {}))]),
  );
  const wallOf = (name) => costs.find((cost) => cost.name === name)?.wallMs ?? Number.NaN;
  const cpuOf = (name) => costs.find((cost) => cost.name === name)?.cpuMs ?? Number.NaN;
  console.log(
    row(
      '',
      'wall ms',
      'inside',
      'CPU ms',
      'GB/s',
      'GB/CPU s',
      'peak MB',
      'x cat',
      'wall/ours',
      'CPU/ours',
    ),
  );
  for (const { name, wallMs, cpuMs } of costs) {
    const inside = answers.get(name).map((answer) => answer.insideMs);
    const peaks = answers.get(name).map((answer) => answer.peakMb);
    console.log(
      row(
        name,
        wallMs.toFixed(0),
        middle(inside).toFixed(0),
        cpuMs.toFixed(0),
        (history.bytes / 1e6 / wallMs).toFixed(2),
        (history.bytes / 1e6 / cpuMs).toFixed(2),
        Math.max(...peaks).toFixed(0),
        (wallMs / wallOf('cat')).toFixed(1),
        (wallMs / wallOf('ours')).toFixed(2),
        (cpuMs / cpuOf('ours')).toFixed(2),
      ),
    );
  }
  if (values.shape === 'peer') compare(answers);
}

function compare(answers) {
  const [first] = answers.get('parse') ?? [];
  for (const [name, [answer]] of answers) {
    if (!first || !answer.totals) continue;
    const difference = firstDifference(first.totals, answer.totals);
    if (difference) throw new Error(`parse and ${name} differ in ${difference}`);
  }
  console.log(`all agree on ${first?.totals.runs} runs`);
}

function middle(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function row(title, ...cells) {
  const shown = cells.map((cell) => (cell === 'NaN' ? '-' : cell).padStart(10));
  return [title.padEnd(8), ...shown].join('');
}
