/**
 * What a run takes where many have been before it, beside the same run in a fresh workspace: whole
 * processes with all their children, in turns. Build first (`npm run build`), then
 * `node tools/measure/src/aged-workspace.mjs [rounds] [--runs 100000] [--peer <folder>]
 * [--base <entry.js>]`.
 *
 * The aged workspace has a history of as many lines and the folders of as many runs, each with a small
 * manifest, under the same task. Whatever is brought up to date once only happens in the warm-up.
 *
 * `--peer` takes a folder in which `@kbediako/codex-orchestrator` is installed; its aged workspace has as
 * many entries in its own index of runs besides. It is measured in at most three rounds. `--base` takes the
 * entry script of another build of this program.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { historyEntry } from '@codex-orchestrator/bench';

import { cachedHistory } from './generate-history.mjs';
import { historyPathOf, placeOf, taskId } from './history-place.mjs';
import { describeMachine, measureProcesses, median, plainEnvironment } from './process-cost.mjs';

const stageCount = 10;
const memoryRounds = 3;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '100000' },
    peer: { type: 'string' },
    base: { type: 'string' },
  },
});
const rounds = Number(positionals[0] ?? 20);
const runs = Number(values.runs);
const ours = fileURLToPath(
  new URL('../../../packages/cli/bin/codex-orchestrator.cjs', import.meta.url),
);
const reporter = fileURLToPath(new URL('./report-memory.cjs', import.meta.url));
const peerEntry = 'node_modules/@kbediako/codex-orchestrator/dist/bin/codex-orchestrator.js';

const folder = mkdtempSync(join(tmpdir(), 'aged-workspace-'));
try {
  measureProgram('ours', values.base ?? ours, rounds);
  if (values.peer) measureProgram('peer', join(values.peer, peerEntry), Math.min(3, rounds));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measureProgram(name, entry, count) {
  const workspaces = ['fresh', 'aged'].map((age) => ({ age, cwd: join(folder, `${name}-${age}`) }));
  for (const { cwd } of workspaces) makeWorkspace(cwd);
  const [, aged] = workspaces;
  makeHistory(aged.cwd);
  if (name === 'peer') makeRunsFile(aged.cwd, entry);
  const env = plainEnvironment({ CODEX_NON_INTERACTIVE: '1' });
  const argv = [
    process.execPath,
    entry,
    'start',
    'trivial',
    '--format',
    'json',
    '--no-interactive',
  ];
  const candidates = workspaces.map(({ age, cwd }) => ({
    name: age,
    cwd,
    env,
    argv: [...argv, '--task', taskId],
  }));
  console.log(
    `${name}: ${describeMachine()}, ${count} rounds, ${runs} runs before, ${stageCount} stages`,
  );
  const costs = measureProcesses(candidates, count);
  for (const [at, { name: age, wallMs, cpuMs, wallSamples }] of costs.entries()) {
    const peak = median(Array.from({ length: memoryRounds }, () => peakOf(candidates[at])));
    const ratios = wallSamples.map((wall, round) => wall / costs[0].wallSamples[round]);
    console.log(
      [
        age.padEnd(6),
        `wall ${wallMs.toFixed(0)} ms (min ${Math.min(...wallSamples).toFixed(0)})`,
        `CPU ${cpuMs.toFixed(0)} ms`,
        `peak ${peak.toFixed(0)} MB`,
        `x fresh: wall ${median(ratios).toFixed(2)}, CPU ${(cpuMs / costs[0].cpuMs).toFixed(2)}`,
      ].join('  '),
    );
  }
  console.log(`history of the aged one: ${describeAggregates(aged.cwd)}`);
}

function makeWorkspace(cwd) {
  mkdirSync(cwd, { recursive: true });
  const stages = Array.from({ length: stageCount }, (_, index) => ({
    kind: 'command',
    id: `s${index + 1}`,
    title: `s${index + 1}`,
    command: 'true',
  }));
  const pipeline = { id: 'trivial', title: 'Trivial stages', guardrailsRequired: false, stages };
  writeFileSync(join(cwd, 'codex.orchestrator.json'), JSON.stringify({ pipelines: [pipeline] }));
}

/** Lines in the history, and for each of them the folder of its run. */
function makeHistory(cwd) {
  const history = historyPathOf(cwd);
  const runsFolder = join(placeOf(cwd).runsDir, taskId, 'cli');
  mkdirSync(runsFolder, { recursive: true });
  copyFileSync(cachedHistory({ lines: runs }).path, history);
  for (let index = 0; index < runs; index += 1) {
    const entry = historyEntry(index);
    const place = join(runsFolder, entry.run_id);
    if (existsSync(place)) continue;
    mkdirSync(place);
    writeFileSync(join(place, 'manifest.json'), JSON.stringify(smallManifest(entry)));
  }
}

function smallManifest(entry) {
  return {
    version: 1,
    task_id: taskId,
    run_id: entry.run_id,
    pipeline_id: entry.pipeline_id,
    status: entry.status,
    started_at: entry.started_at,
    completed_at: entry.completed_at,
    commands: [],
    metrics_recorded: true,
  };
}

/** The array of all runs that the npm program rewrites at every run: a real entry, again and again. */
function makeRunsFile(cwd, entry) {
  const sample = join(folder, 'peer-sample');
  makeWorkspace(sample);
  const argv = [
    entry,
    'start',
    'trivial',
    '--format',
    'json',
    '--no-interactive',
    '--task',
    taskId,
  ];
  const env = plainEnvironment({ CODEX_NON_INTERACTIVE: '1' });
  spawnSync(process.execPath, argv, { cwd: sample, env, stdio: 'ignore' });
  const file = JSON.parse(readFileSync(join(sample, 'out', taskId, 'runs.json'), 'utf8'));
  const [run] = file.runs;
  const text = JSON.stringify(run);
  mkdirSync(join(cwd, 'out', taskId), { recursive: true });
  const fd = openSync(join(cwd, 'out', taskId, 'runs.json'), 'w');
  writeSync(fd, `{"taskId":"${taskId}","lastRunAt":"${file.lastRunAt}","runs":[`);
  for (let index = 0; index < runs; index += 1) {
    const { run_id: runId } = historyEntry(index);
    writeSync(fd, `${index > 0 ? ',' : ''}${text.replaceAll(run.runId, `${runId}-${index}`)}\n`);
  }
  writeSync(fd, ']}');
  closeSync(fd);
}

function peakOf({ argv, cwd, env }) {
  const [program, ...args] = argv;
  const path = join(folder, 'peak');
  rmSync(path, { force: true });
  const extra = { NODE_OPTIONS: `--require ${reporter}`, MEASURE_MEMORY_FILE: path };
  spawnSync(program, args, { cwd, env: { ...env, ...extra }, stdio: 'ignore' });
  return Number(readFileSync(path, 'utf8'));
}

function describeAggregates(cwd) {
  const path = join(placeOf(cwd).runsDir, taskId, 'metrics', 'post-rollout.json');
  const counted = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).total_runs : 'no';
  return `${counted} runs counted, ${readdirSync(join(placeOf(cwd).runsDir, taskId, 'cli')).length} folders`;
}
