import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

import { benchTargets } from './bench-targets.mjs';

/** @typedef {import('nx/src/project-graph/plugins').CreateNodes} CreateNodes */

export const name = 'bench-targets';

/**
 * Gives every package that has guards, as `bench/*.bench.mjs`, the targets that check them.
 *
 * @type {CreateNodes}
 */
export const createNodes = [
  'packages/*/bench/*.bench.mjs',
  (guardFiles, _options, { workspaceRoot }) => {
    const roots = guardFiles.map(rootOf);
    const firstGuards = guardFiles.filter((file, index) => roots.indexOf(rootOf(file)) === index);
    return firstGuards.map((file) => {
      const root = rootOf(file);
      const targets = benchTargets(projectName(join(workspaceRoot, root)));
      return [file, { projects: { [root]: { root, targets } } }];
    });
  },
];

/** @param {string} guardFile */
function rootOf(guardFile) {
  return posix.dirname(posix.dirname(guardFile.replaceAll('\\', '/')));
}

/** @param {string} folder */
function projectName(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return manifest.nx?.name ?? manifest.name;
}
