/**
 * What each gate costs on a repository beyond reading its files, beside `node -e 0`. Build first
 * (`npm run build`), then `node tools/measure/src/gate-cost.mjs [rounds] [--root <repository>] [--gate <name>]`.
 *
 * Every sample is a fresh process. `beyond` is the processor time of one that loads the package `gates` and
 * runs one gate, cold, less that of one that loads the package and reads the same files, plainly: what
 * the gate opened the first time. It is this process's own, `with git` is that of all descendants besides,
 * and `gate X` the whole command line less `node -e 0`. Medians of the rounds, all candidates in turns;
 * what counts descendants is a mean. Linux only.
 *
 * Nobody reviews, so that `review` is what comes before and after it; its command line, which would ask an
 * agent, is not started. Runs and instruction files are judged by the command line only.
 */
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { describeMachine, measureProcesses, median, plainEnvironment } from './process-cost.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    root: { type: 'string', default: fileURLToPath(new URL('../../../', import.meta.url)) },
    gate: { type: 'string', multiple: true },
    child: { type: 'string' },
  },
});
const { root } = values;
const self = fileURLToPath(import.meta.url);
const cli = fileURLToPath(
  new URL('../../../packages/cli/bin/codex-orchestrator.cjs', import.meta.url),
);

const out = values.child === undefined ? mkdtempSync(join(tmpdir(), 'gate-cost-')) : undefined;
if (values.child !== undefined) await work(values.child, values.gate?.[0]);
else {
  try {
    await compare(Number(positionals[0] ?? 10));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** What one sample does; it says at its end what it cost. */
async function work(kind, gate) {
  const { nodeFileSystem } = await import('@codex-orchestrator/core');
  const { openGatePorts, runGate } = await import('@codex-orchestrator/gates');
  if (kind === 'read') for (const path of JSON.parse(process.env.GATE_FILES)) readPlainly(path);
  const opened = [];
  const fs = kind === 'list' ? recording(nodeFileSystem, opened) : nodeFileSystem;
  if (kind === 'gate' || kind === 'list') await runGate(gate, portsOf(openGatePorts, fs));
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ cpuMs: (user + system) / 1000, opened: [...new Set(opened)] }));
}

function portsOf(openGatePorts, fs) {
  const isVerified = false;
  return openGatePorts({
    root,
    fs,
    outDir: process.env.GATE_OUT,
    taskId: 'measure',
    options: { manifest: join(root, 'package.json') },
    pipelineIds: () => ['diagnostics'],
    judgeRun: () => Promise.resolve({ isVerified, problem: 'nobody looked at it', run: null }),
    checkInstructions: () => ({ files: [], findings: [] }),
    review: () => Promise.resolve({ kind: 'not-reviewed', agent: null, reason: 'nobody is there' }),
  });
}

function recording(fs, opened) {
  return {
    ...fs,
    open: (path, ...options) => {
      opened.push(path);
      return fs.open(path, ...options);
    },
  };
}

function readPlainly(path) {
  const file = openSync(path, 'r');
  try {
    readFileSync(file);
  } finally {
    closeSync(file);
  }
}

async function compare(rounds) {
  const { gateNames } = await import('@codex-orchestrator/gates');
  const names = gateNames.filter((name) => values.gate?.includes(name) ?? true);
  console.log(`${describeMachine()}, ${rounds} rounds, milliseconds of processor time, ${root}`);
  const gates = names.map((name) => ({ name, files: filesOf(name) }));
  const node = { name: 'node -e 0', argv: [process.execPath, '-e', '0'], ...place() };
  const load = sample('load', 'spec-guard');
  const perGate = gates.flatMap(({ name, files }) => [
    sample('read', name, files),
    sample('gate', name),
    name === 'review' ? { ...node, name } : commandLine(name),
  ]);
  const [floor, loaded, ...costs] = measureProcesses([node, load, ...perGate], rounds);
  console.log(
    `node -e 0 ${floor.cpuMs.toFixed(1)}, loading the package ${ownMs(loaded).toFixed(1)}`,
  );
  for (const [index, { name, files }] of gates.entries()) {
    const [read, gate, whole] = costs.slice(index * 3, index * 3 + 3);
    const beyond = ownMs(gate) - ownMs(read);
    console.log(
      [
        name.padEnd(18),
        `${files.length} files`.padStart(11),
        `reading ${(ownMs(read) - ownMs(loaded)).toFixed(1)}`.padStart(14),
        `beyond ${beyond.toFixed(1)}`.padStart(14),
        `${(beyond / floor.cpuMs).toFixed(2)} of node -e 0`.padStart(20),
        `with git ${(gate.cpuMs - read.cpuMs).toFixed(1)}`.padStart(16),
        ...(name === 'review'
          ? []
          : [
              `command line +${(whole.cpuMs - floor.cpuMs).toFixed(1)}`.padStart(21),
              `wall ${whole.wallMs.toFixed(0)} (node ${floor.wallMs.toFixed(0)})`,
            ]),
      ].join('  '),
    );
  }
  console.log(describeMachine());
}

function filesOf(gate) {
  const [{ outputs }] = measureProcesses([sample('list', gate)], 1, { warmUp: false });
  return JSON.parse(outputs[0]).opened.filter((path) => existsSync(path));
}

function sample(kind, gate, files = []) {
  return {
    name: `${kind} ${gate}`,
    argv: [process.execPath, self, '--root', root, '--child', kind, '--gate', gate],
    ...place({ GATE_FILES: JSON.stringify(files), GATE_OUT: out }),
    output: true,
  };
}

/** The verdict is not what is measured: a dry run exits with 0 whatever it finds. */
function commandLine(gate) {
  const argv = [process.execPath, cli, 'gate', gate, '--dry-run'];
  return { name: `gate ${gate}`, argv, ...place() };
}

function place(extra) {
  return {
    cwd: root,
    env: plainEnvironment({ NOTES: 'Goal: measure', SKIP_DIFF_BUDGET: '1', ...extra }),
  };
}

function ownMs({ outputs }) {
  return median(outputs.map((output) => JSON.parse(output).cpuMs));
}
