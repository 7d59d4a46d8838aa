import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';

/**
 * @typedef {object} Candidate
 * @property {string} name
 * @property {string[]} argv Program and arguments.
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [exitCode] Expected exit code, 0 by default.
 * @property {() => void} [before] Called before each time, outside of what is measured.
 * @property {boolean} [output] Whether to keep what it prints.
 *
 * @typedef {object} Cost
 * @property {string} name
 * @property {number} wallMs Median of the rounds.
 * @property {number} cpuMs Mean of the rounds, user and system, all descendants included.
 * @property {number[]} wallSamples Of the rounds, in their order.
 * @property {string[]} outputs What it printed, one text per round, where that was asked for.
 */

/**
 * What whole processes cost, all candidates in every round, each round in another order, so that
 * they see the same machine. Wall time is the median, CPU time the mean: the kernel adds up the CPU
 * time of reaped children exactly, but shows it in steps of 10 ms.
 *
 * Linux only, as it reads `/proc/self/stat`.
 *
 * @param {Candidate[]} candidates
 * @param {number} rounds
 * @param {{warmUp?: boolean}} [options] `warmUp`: one more round that does not count; true by default.
 * @returns {Cost[]}
 */
export function measureProcesses(candidates, rounds, { warmUp = true } = {}) {
  const samples = candidates.map((candidate) => ({
    candidate,
    wallMs: [],
    cpuTicks: 0,
    outputs: [],
  }));
  if (warmUp) {
    for (const { candidate } of samples) {
      candidate.before?.();
      runOnce(candidate);
    }
  }
  for (let round = 0; round < rounds; round += 1) {
    const shift = round % samples.length;
    for (const sample of [...samples.slice(shift), ...samples.slice(0, shift)]) {
      sample.candidate.before?.();
      const ticks = childTicks();
      const start = performance.now();
      const output = runOnce(sample.candidate);
      sample.wallMs.push(performance.now() - start);
      sample.cpuTicks += childTicks() - ticks;
      sample.outputs.push(output);
    }
  }
  return samples.map(({ candidate, wallMs, cpuTicks, outputs }) => ({
    name: candidate.name,
    wallMs: median(wallMs),
    cpuMs: (cpuTicks * 10) / rounds,
    wallSamples: wallMs,
    outputs,
  }));
}

/** @param {Candidate} candidate */
function runOnce({ name, argv, cwd, env, exitCode = 0, output = false }) {
  const [program = '', ...args] = argv;
  const stdio = output ? ['ignore', 'pipe', 'inherit'] : 'ignore';
  const result = spawnSync(program, args, {
    cwd,
    env,
    stdio,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (result.error) throw result.error;
  if (result.status !== exitCode) throw new Error(`${name} exited with ${result.status}`);
  return result.stdout ?? '';
}

/** CPU time of all reaped descendants, in ticks of 10 ms (`cutime` and `cstime` of proc(5)). */
function childTicks() {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[13]) + Number(fields[14]);
}

/** @param {number[]} values */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Peak memory of this process in MB of 2^20 bytes. Unlike `maxRSS`, it knows nothing of the parent. */
export function peakMemoryMb() {
  const status = readFileSync('/proc/self/status', 'latin1');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** The environment of a start-up measurement: extra certificates alone cost Node 20 36 ms of CPU. */
export function plainEnvironment(extra = {}) {
  const env = { ...process.env, ...extra };
  delete env.NODE_EXTRA_CA_CERTS;
  delete env.NODE_OPTIONS;
  return env;
}

/** One line that says on what the figures were taken. */
export function describeMachine() {
  return `node ${process.version}, ${process.platform} ${process.arch}, load ${loadavg()[0].toFixed(1)}`;
}
