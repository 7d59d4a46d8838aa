import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';

/**
 * @typedef {object} StartedProcess
 * @property {number} pid Of the group, too.
 * @property {() => string} stdout What it has printed so far.
 * @property {() => string} stderr
 * @property {(text: string) => Promise<void>} printed Resolves when its standard output has the text;
 *   rejects when it ends without.
 * @property {() => void} killGroup
 * @property {Promise<{ exitCode: number | null, signal: NodeJS.Signals | null }>} ended
 */

/**
 * Starts a process as the leader of a group, with nothing on its standard input.
 *
 * @param {readonly string[]} argv
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} where
 * @returns {StartedProcess}
 */
export function startProcess([program = '', ...args], { cwd, env }) {
  const child = spawn(program, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (piece) => (texts.stdout += piece));
  child.stderr.setEncoding('utf8').on('data', (piece) => (texts.stderr += piece));
  /** @type {StartedProcess['ended']} */
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  ended.catch(() => undefined);
  const pid = child.pid ?? 0;
  return {
    pid,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (texts.stdout.includes(wanted)) resolve();
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`It ended without "${wanted}"`)));
        look();
      }),
    killGroup: () => {
      if (pid > 0) process.kill(-pid, 'SIGKILL');
    },
    ended,
  };
}

/**
 * Processes whose environment has a text in it, such as the path of a test's folder: children keep it
 * whatever becomes of their parents, groups and sessions. None are found where there is no `/proc`.
 *
 * @param {string} marker
 * @returns {string[]} Their command lines, with their ids before them.
 */
export function findProcesses(marker) {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readProcess(pid, 'environ').includes(marker))
    .map((pid) => `${pid} ${readProcess(pid, 'cmdline').replaceAll('\0', ' ').trim()}`);
}

/**
 * @param {string} pid
 * @param {string} file
 */
function readProcess(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended meanwhile, or belongs to another user.
    return '';
  }
}
