import { spawn } from 'node:child_process';

const outputGraceMs = 2000;

/**
 * @typedef {object} Ended
 * @property {number | null} exitCode
 * @property {NodeJS.Signals | null} signal
 * @property {Buffer} stdout
 * @property {Buffer} stderr
 *
 * @typedef {object} Launched
 * @property {number} pid
 * @property {import('node:child_process').ChildProcess} child
 * @property {() => string} stdout What it has printed so far.
 * @property {() => string} stderr
 * @property {Promise<Ended>} ended Once it has ended and its outputs are closed.
 */

/**
 * Starts a process and collects what it prints.
 *
 * @param {readonly string[]} argv
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdout?: 'pipe' | number, stdin?: 'ignore' | 'pipe' }} [options]
 * @returns {Launched}
 */
export function launch([program = '', ...args], options = {}) {
  const { cwd, env, stdout = 'pipe', stdin = 'ignore' } = options;
  const child = spawn(program, args, { cwd, env, stdio: [stdin, stdout, 'pipe'] });
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => {
      const finish = () => {
        resolve({ exitCode, signal, stdout: Buffer.concat(out), stderr: Buffer.concat(err) });
      };
      // What outlives the process may hold its outputs open; it is looked for afterwards.
      const timer = setTimeout(finish, outputGraceMs);
      child.once('close', () => {
        clearTimeout(timer);
        finish();
      });
    });
  });
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    child,
    stdout: () => Buffer.concat(out).toString('utf8'),
    stderr: () => Buffer.concat(err).toString('utf8'),
    ended,
  };
}

/**
 * @param {import('node:stream').Readable | null} stream
 * @returns {Buffer[]}
 */
function collect(stream) {
  /** @type {Buffer[]} */
  const chunks = [];
  stream?.on('data', (chunk) => chunks.push(chunk));
  stream?.on('error', () => undefined);
  return chunks;
}
