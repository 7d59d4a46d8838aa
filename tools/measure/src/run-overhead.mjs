/**
 * What a run costs beyond the commands that it runs: whole processes, paired in one run with a Node
 * loop that spawns the same commands. Build first (`npm run build`), then
 * `node tools/measure/src/run-overhead.mjs [rounds] [--peer <entry.js>]`.
 *
 * `--peer` takes the entry script of another installation that understands the same command line and
 * configuration, and measures it beside ours.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { describeMachine, measureProcesses, plainEnvironment } from './process-cost.mjs';

const stageCounts = [1, 10, 50];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { peer: { type: 'string' } },
});
const rounds = Number(positionals[0] ?? 20);
const entries = {
  ours: fileURLToPath(new URL('../../../packages/cli/bin/codex-orchestrator.cjs', import.meta.url)),
  ...(values.peer && { peer: values.peer }),
};

/** The least that a runner in Node has to do: one shell per stage, one after the other. */
const loopProgram = `
const { spawn } = require('node:child_process');
async function main(count) {
  for (let i = 0; i < count; i += 1) {
    await new Promise((resolve) => {
      const child = spawn('true', { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.resume();
      child.stderr.resume();
      child.on('close', resolve);
    });
  }
}
main(Number(process.argv[2]));
`;

const folder = mkdtempSync(join(tmpdir(), 'run-overhead-'));
try {
  prepare();
  console.log(`${describeMachine()}, ${rounds} rounds`);
  const costs = new Map(measureProcesses(candidates(), rounds).map((cost) => [cost.name, cost]));
  reportTimes(costs);
  reportRecords();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function prepare() {
  const pipelines = stageCounts.map((count) => ({
    id: `p${count}`,
    title: `${count} trivial stages`,
    guardrailsRequired: false,
    stages: Array.from({ length: count }, (_, index) => ({
      kind: 'command',
      id: `s${index + 1}`,
      title: `s${index + 1}`,
      command: 'true',
    })),
  }));
  writeFileSync(join(folder, 'codex.orchestrator.json'), JSON.stringify({ pipelines }));
  writeFileSync(join(folder, 'loop.cjs'), loopProgram);
}

function candidates() {
  const env = plainEnvironment({ CODEX_NON_INTERACTIVE: '1' });
  const common = { cwd: folder, env };
  return stageCounts.flatMap((count) => [
    { ...common, name: `loop ${count}`, argv: [process.execPath, 'loop.cjs', String(count)] },
    ...Object.entries(entries).map(([who, entry]) => ({
      ...common,
      name: `${who} ${count}`,
      argv: [process.execPath, entry, ...startOf(who, count)],
    })),
  ]);
}

function startOf(who, count) {
  const task = `${who}-${count}`;
  return ['start', `p${count}`, '--format', 'json', '--no-interactive', '--task', task];
}

function reportTimes(costs) {
  const last = stageCounts.at(-1);
  for (const cost of costs.values()) {
    console.log(
      `${cost.name.padEnd(8)} wall ${cost.wallMs.toFixed(1).padStart(7)} ms   cpu ${cost.cpuMs.toFixed(1).padStart(7)} ms`,
    );
  }
  const slope = (who, measure) =>
    (costs.get(`${who} ${last}`)[measure] - costs.get(`${who} 1`)[measure]) / (last - 1);
  for (const who of Object.keys(entries)) {
    for (const measure of ['wallMs', 'cpuMs']) {
      const [own, base] = [slope(who, measure), slope('loop', measure)];
      console.log(
        `${who} per stage, ${measure}: ${own.toFixed(2)}, loop ${base.toFixed(2)}, ratio ${(own / base).toFixed(2)}`,
      );
    }
  }
}

/** What the last run of each task says about its own writes. */
function reportRecords() {
  for (const count of stageCounts) {
    const runs = join(folder, '.runs', `ours-${count}`, 'cli');
    const [newest] = readdirSync(runs).sort().reverse();
    const path = join(runs, newest, 'manifest.json');
    const { observability } = JSON.parse(readFileSync(path, 'utf8'));
    console.log(
      `${count} stages: ${JSON.stringify(observability)}, manifest ${statSync(path).size} bytes`,
    );
  }
}
