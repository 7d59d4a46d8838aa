import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} Outcome What a program inside tells of one case.
 * @property {string} check
 * @property {string} name
 * @property {string[]} problems
 */

const enter = ['unshare', '-Urm', '--propagation', 'private'];

/** Why nothing can be mounted here; `undefined` when it can. Nothing outside sees such a mount. */
export function whyNoMount() {
  if (process.platform !== 'linux') return 'mount namespaces are for Linux';
  const [program, ...args] = enter;
  const mount = ['sh', '-c', 'mount -t tmpfs -o size=64k none /mnt'];
  const { error, status } = spawnSync(program, [...args, ...mount], { stdio: 'ignore' });
  if (error !== undefined) return 'unshare is not installed';
  return status === 0 ? undefined : 'no right to mount';
}

/**
 * Runs a module of this folder where it may mount, and reads what it tells: one JSON value per line.
 *
 * @param {string} module
 * @param {unknown} input Its first argument, as JSON.
 * @returns {Outcome[]}
 */
export function runInNamespace(module, input) {
  const [program, ...args] = enter;
  const path = fileURLToPath(new URL(module, import.meta.url));
  const { status, stdout, stderr } = spawnSync(
    program,
    [...args, process.execPath, path, JSON.stringify(input)],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`${module} ended with ${status}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
