import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runCheck } from './run-check.mjs';

runCheck(() => checkPackages(join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')));

/**
 * Packs every public package and checks the tarballs as npm would ship them: publint for the layout,
 * are-the-types-wrong for what a TypeScript user resolves.
 *
 * @param {string} root Absolute path of the clone.
 * @throws {Error} Naming the packages that failed.
 */
function checkPackages(root) {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'));
  try {
    const failed = publicPackages(root).filter((project) => !checkPackage(root, project, folder));
    if (failed.length > 0) throw new Error(`not fit to publish: ${failed.join(', ')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} root */
function publicPackages(root) {
  return readdirSync(join(root, 'packages'))
    .map((name) => join(root, 'packages', name))
    .filter((project) => readManifest(project).private !== true);
}

/**
 * @param {string} root
 * @param {string} project
 * @param {string} folder Where the tarball goes.
 */
function checkPackage(root, project, folder) {
  const { name, exports } = readManifest(project);
  console.log(`\n${name}`);
  try {
    const tarball = pack(project, folder);
    run(root, 'publint', ['run', '--strict', tarball]);
    // A package without an entry point, such as the CLI, has no types to resolve.
    if (exports?.['.']) run(root, 'attw', [tarball, '--profile', 'esm-only', '--no-emoji']);
    return true;
  } catch (error) {
    console.log(error.message);
    return false;
  }
}

/**
 * @param {string} project
 * @param {string} folder
 * @returns {string} Path of the tarball.
 */
function pack(project, folder) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { cwd: project, encoding: 'utf8' }));
  return join(folder, filename.replace('@', '').replace('/', '-'));
}

/**
 * @param {string} root
 * @param {string} tool
 * @param {string[]} args
 */
function run(root, tool, args) {
  execFileSync(join(root, 'node_modules', '.bin', tool), args, { cwd: root, stdio: 'inherit' });
}

/** @param {string} project */
function readManifest(project) {
  return JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
}
