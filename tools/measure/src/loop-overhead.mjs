/**
 * What an iteration of an agent loop costs beyond its two processes: iterations whose agent and validator do
 * nothing, and the same two lines started by a loop of Node, in turns within one process, so that both see the
 * same machine. Build first (`npx nx build rlm`), then `node tools/measure/src/loop-overhead.mjs [rounds]`.
 *
 * Medians over rounds of wall time per iteration. `true` is the least that a shell can start; `node -e 0` is
 * the least that a program in Node can be, which most agents and validators are.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

import { runLoop } from '@codex-orchestrator/rlm';

import { median } from './process-cost.mjs';

const rounds = Number(process.argv[2] ?? 9);
const environment = { PATH: process.env.PATH };
const author = ['-c', 'user.name=measure', '-c', 'user.email=measure@localhost'];

console.log(`node ${process.version}, ${rounds} rounds, load ${loadavg()[0].toFixed(1)}`);
for (const line of ['true', 'node -e 0']) {
  for (const kind of ['plain', 'git']) {
    const iterations = line === 'true' ? 20 : 8;
    const samples = { bare: [], loop: [], ratio: [] };
    for (let round = 0; round < rounds; round++) {
      const bare = await measureBare(line, iterations);
      const loop = await measureLoop(line, iterations, kind);
      samples.bare.push(bare);
      samples.loop.push(loop);
      samples.ratio.push(loop / bare);
    }
    const shown = ['bare', 'loop', 'ratio'].map(
      (name) => `${name} ${median(samples[name]).toFixed(2)}`,
    );
    console.log(`${line.padEnd(10)} ${kind.padEnd(6)} ${shown.join('  ')}`);
  }
}

async function measureBare(line, iterations) {
  const startMs = performance.now();
  for (let n = 0; n < iterations; n++) {
    await start(line);
    await start(validatorOf(line));
  }
  return (performance.now() - startMs) / iterations;
}

function start(line) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'pipe'];
    const child = spawn('/bin/sh', ['-c', line], { env: environment, stdio });
    child.stdout.resume();
    child.stderr.resume();
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/** One iteration more than is measured: the first one has the set-up in it. */
async function measureLoop(line, iterations, kind) {
  const folder = mkdtempSync(join(tmpdir(), 'loop-overhead-'));
  const root = join(folder, 'repository');
  mkdirSync(root);
  writeFileSync(join(root, 'file'), 'content\n');
  if (kind === 'git') commitAll(root);
  const endsMs = [];
  try {
    const { iterations: done } = await runLoop(settingsOf(line, iterations + 1), {
      root,
      environment,
      loopDir: join(folder, 'rlm'),
      iterated: () => {
        endsMs.push(performance.now());
        return Promise.resolve();
      },
    });
    if (done.length !== iterations + 1) throw new Error(`Only ${done.length} iterations`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return (endsMs.at(-1) - endsMs[0]) / iterations;
}

function commitAll(root) {
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  execFileSync('git', ['add', '--all'], { cwd: root });
  execFileSync('git', [...author, 'commit', '--quiet', '--message', 'start'], { cwd: root });
}

/** It fails each time, or the loop would end. */
function validatorOf(line) {
  return `${line}; ! true`;
}

function settingsOf(line, maxIterations) {
  return {
    goal: 'Measure what an iteration costs',
    agent: { name: 'command', args: [], template: line },
    validators: [{ name: 'check', command: validatorOf(line), timeoutMs: 60_000 }],
    roles: 'single',
    subagents: false,
    isolation: 'none',
    protect: [],
    onTamper: 'report',
    stallAfter: 1_000_000,
    limits: {
      maxIterations,
      maxMinutes: null,
      turnTimeoutMs: 60_000,
      silenceTimeoutMs: 60_000,
      maxCostUsd: null,
      maxTokens: null,
      maxConsecutiveErrors: 3,
      maxOutputBytes: 1_000_000_000,
    },
  };
}
