import { spawnSync } from 'node:child_process';

import { launch } from './launch.mjs';
import { until } from './until.mjs';

/**
 * @typedef {object} InjectedFault
 * @property {string} calls Names of system calls, separated by commas.
 * @property {string} what What happens at one of them: `signal=KILL`, `error=ENOSPC`.
 * @property {number} when At which of them, from 1.
 * @property {string} [path] Only calls that concern this file; its exact path.
 */

/** @type {string | null | undefined} */
let known;

/** Why system calls cannot be tampered with here; `undefined` when they can. */
export function whyNoTracer() {
  known ??= tryTracer();
  return known === '' ? undefined : known;
}

function tryTracer() {
  if (process.platform !== 'linux') return 'strace is for Linux';
  const argv = tracerArgs({ calls: 'close', what: 'error=EIO', when: 1 }, '/dev/null');
  const { error, status, stderr } = spawnSync(argv[0], [...argv.slice(1), 'true'], {
    encoding: 'utf8',
  });
  if (error !== undefined) return 'strace is not installed';
  return status === 0 || status === 127
    ? ''
    : `strace does not work here: ${stderr.trim().split('\n')[0]}`;
}

/**
 * The command that puts a fault into a program whose argv follows. Only its main thread is traced, so
 * what it starts runs untouched.
 *
 * @param {InjectedFault} fault
 * @param {string} logPath
 */
export function tracerArgs({ calls, what, when, path }, logPath) {
  return [
    'strace',
    ...['-qq', '-y', '-o', logPath, '-e', `trace=${calls}`],
    ...(path === undefined ? [] : ['-P', path]),
    ...['-e', `inject=${calls}:${what}:when=${when}`],
  ];
}

/**
 * Puts a fault into a process that is running. It resolves once the fault is in place.
 *
 * @param {number} pid
 * @param {InjectedFault} fault
 * @returns {Promise<import('./launch.mjs').Launched>} The tracer, which ends with the process.
 */
export async function attachFault(pid, fault) {
  const argv = tracerArgs(fault, '/dev/null').filter((argument) => argument !== '-qq');
  const tracer = launch([...argv, '-p', String(pid)]);
  await until('strace to attach', () => {
    if (tracer.child.exitCode !== null) throw new Error(`strace: ${tracer.stderr()}`);
    return tracer.stderr().includes('attached');
  });
  return tracer;
}
