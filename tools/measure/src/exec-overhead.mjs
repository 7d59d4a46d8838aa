/**
 * What `runCommand` costs beyond the process that it starts: the same command through it and through
 * a bare `spawn`, in turns within one process, so that both see the same machine. Build first
 * (`npx nx build exec`), then `node tools/measure/src/exec-overhead.mjs [rounds]`.
 *
 * Medians of wall time per command, and this process's own CPU time per command. The CPU time of
 * the children is not in it: it is the same on both sides.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { runCommand } from '@codex-orchestrator/exec';

import { median } from './process-cost.mjs';

const rounds = Number(process.argv[2] ?? 200);
const warmUpRounds = 20;
const folder = mkdtempSync(join(tmpdir(), 'exec-overhead-'));
const logPath = join(folder, 'command.log');

const candidates = {
  argv: { bare: () => bareSpawn('true', [], {}), ours: () => runCommand(['true'], { logPath }) },
  shell: {
    bare: () => bareSpawn('/bin/true', [], { shell: true }),
    ours: () => runCommand('/bin/true', { logPath }),
  },
};

try {
  console.log(`node ${process.version}, ${rounds} rounds, load ${loadavg()[0].toFixed(1)}`);
  for (const [kind, pair] of Object.entries(candidates)) report(kind, await measurePair(pair));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The least that anybody does who wants the output: pipes, and the wait for their end. */
function bareSpawn(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.resume();
    child.on('error', reject);
    child.on('close', resolve);
  });
}

async function measurePair({ bare, ours }) {
  const samples = { bare: [], ours: [] };
  for (let round = -warmUpRounds; round < rounds; round++) {
    const order = round % 2 === 0 ? ['bare', 'ours'] : ['ours', 'bare'];
    for (const name of order) {
      const sample = await measure(name === 'bare' ? bare : ours);
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}

async function measure(run) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await run();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

function report(kind, { bare, ours }) {
  for (const measureName of ['wallMs', 'cpuMs']) {
    const pick = (samples) => median(samples.map((sample) => sample[measureName]));
    const [base, own] = [pick(bare), pick(ours)];
    console.log(
      `${kind.padEnd(5)} ${measureName.padEnd(6)} bare ${base.toFixed(3)}  runCommand ${own.toFixed(3)}  ratio ${(own / base).toFixed(2)}`,
    );
  }
}
