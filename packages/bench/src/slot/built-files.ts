import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { BenchError, codeOf } from '../errors.js';
import type { PackageFolder } from './package-folders.js';

const programFile = /\.(?:c|m)?js$|\.json$/;

/**
 * The files of a built package that a program can load, as sorted paths with `/` relative to its folder:
 * what the build made, the launchers and the schemas; neither declarations nor maps.
 *
 * @throws BenchError `BUILD_MISSING` where the package is not built
 */
export async function findBuiltFiles({ name, folder }: PackageFolder): Promise<readonly string[]> {
  const built = await filesBelow(folder, 'dist');
  if (built.length === 0) {
    throw new BenchError(
      'BUILD_MISSING',
      `Expected the package "${name}" to be built, found no program in "${join(folder, 'dist')}"`,
      { path: join(folder, 'dist') },
    );
  }
  const others = await Promise.all(['bin', 'schema'].map((inside) => filesBelow(folder, inside)));
  return [...built, ...others.flat()].sort();
}

async function filesBelow(folder: string, inside: string): Promise<string[]> {
  try {
    const entries = await readdir(join(folder, inside), { withFileTypes: true });
    const found = await Promise.all(
      entries.map(async (entry) => {
        const path = `${inside}/${entry.name}`;
        if (entry.isDirectory()) return filesBelow(folder, path);
        return programFile.test(entry.name) ? [path] : [];
      }),
    );
    return found.flat();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
