import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { runStep } from './run-step.mjs';

const STAMP = join('node_modules', '.cache', 'codex-orchestrator', 'build.json');
const SHARED_INPUTS = ['package-lock.json', 'tsconfig.base.json', 'tsup.base.ts', 'nx.json'];

/**
 * Builds the packages when a source has changed since the last build or an output is gone. Nx then
 * rebuilds only the packages concerned; the stamp here spares the seconds that asking Nx costs.
 *
 * @param {string} root Absolute path of the clone.
 */
export function ensureBuilt(root) {
  const inputs = digestInputs(root);
  const reason = staleBuild(root, inputs);
  if (reason === undefined) return;
  runStep(`building packages: ${reason}`, 'npm run --silent build', root);
  writeStamp(root, inputs);
}

/**
 * @param {string} root
 * @param {string} inputs Digest of what a build reads.
 * @returns {string | undefined} Why a build is needed.
 */
export function staleBuild(root, inputs) {
  const stamp = readStamp(root);
  if (stamp === undefined) return 'nothing is built yet';
  if (stamp.inputs !== inputs) return 'sources have changed';
  const missing = stamp.outputs.find((path) => !existsSync(join(root, path)));
  return missing === undefined ? undefined : `${missing} is missing`;
}

/**
 * Content, not modification times: a checkout or a touch is no reason to build.
 *
 * @param {string} root
 * @returns {string}
 */
export function digestInputs(root) {
  const hash = createHash('sha256').update(process.version);
  for (const path of [...SHARED_INPUTS, ...packageFiles(root, isInput)]) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  }
  return hash.digest('hex');
}

/** @param {string} path Path inside a package. */
function isInput(path) {
  return /^(src\/|package\.json$|tsup\.config\.ts$|tsconfig(\.lib)?\.json$)/.test(path);
}

/** @param {string} path Path inside a package. */
function isOutput(path) {
  return /^dist\/[^/]+\.(c?js|d\.ts)$/.test(path);
}

/**
 * @param {string} root
 * @param {(path: string) => boolean} keep
 * @returns {string[]} Paths from the root, sorted.
 */
function packageFiles(root, keep) {
  const packages = readdirSync(join(root, 'packages'), { withFileTypes: true });
  return packages
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) =>
      filesBelow(join(root, 'packages', name), '')
        .filter(keep)
        .map((path) => `packages/${name}/${path}`),
    )
    .sort();
}

/**
 * @param {string} folder
 * @param {string} prefix
 * @returns {string[]}
 */
function filesBelow(folder, prefix) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules') return [];
    const path = `${prefix}${entry.name}`;
    return entry.isDirectory() ? filesBelow(join(folder, entry.name), `${path}/`) : [path];
  });
}

/**
 * @param {string} root
 * @returns {{ inputs: string, outputs: string[] } | undefined}
 */
function readStamp(root) {
  try {
    return JSON.parse(readFileSync(join(root, STAMP), 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Written after the build: a build that was cut off leaves the old stamp and is done again.
 *
 * @param {string} root
 * @param {string} inputs
 */
function writeStamp(root, inputs) {
  const path = join(root, STAMP);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify({ inputs, outputs: packageFiles(root, isOutput) })}\n`);
}
