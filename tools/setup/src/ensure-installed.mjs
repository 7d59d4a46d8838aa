import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runStep } from './run-step.mjs';

/**
 * Installs from the lock file when `node_modules` does not hold what the lock file names.
 *
 * @param {string} root Absolute path of the clone.
 */
export function ensureInstalled(root) {
  const reason = staleInstall(root);
  if (reason === undefined) return;
  // --prefer-offline: with a warm cache nothing is asked of the network.
  runStep(`installing dependencies: ${reason}`, 'npm ci --prefer-offline --ignore-scripts', root);
}

/**
 * Says why the installed packages differ from the lock file, or `undefined` when they do not. npm
 * writes `node_modules/.package-lock.json` last, so an install that was cut off has none.
 *
 * @param {string} root
 * @returns {string | undefined}
 */
export function staleInstall(root) {
  const installedPath = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedPath)) return 'nothing is installed yet';
  const locked = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(installedPath);
  for (const [path, entry] of Object.entries(locked)) {
    if (!path.includes('node_modules/')) continue;
    const found = installed[path];
    if (found === undefined && entry.optional === true) continue;
    if (found === undefined) return `${path} is missing`;
    if (found.version !== entry.version) return `${path} is not at ${entry.version}`;
  }
  return undefined;
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}
