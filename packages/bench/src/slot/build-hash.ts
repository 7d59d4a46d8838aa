import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { findBuiltFiles } from './built-files.js';
import { findExternalPackages, versionsOf } from './external-packages.js';
import type { PackageFolder } from './package-folders.js';

/**
 * SHA-256 in hex over what a program can reach through these packages: the paths and contents of their
 * built files, how they are entered, and the versions of the external packages below them. Two builds
 * with the same hash do the same.
 *
 * @throws BenchError `BUILD_MISSING`
 */
export async function buildHash(packages: readonly PackageFolder[], root: string): Promise<string> {
  const hash = createHash('sha256');
  const own = new Set(packages.map(({ name }) => name));
  for (const one of packages) {
    const { name, manifest } = one;
    const { type, bin, exports } = manifest;
    hash.update(`${JSON.stringify({ name, type, bin, exports })}\n`);
    for (const path of await findBuiltFiles(one)) {
      const content = await readFile(join(one.folder, path));
      hash.update(`${JSON.stringify([path, content.byteLength])}\n`).update(content);
    }
    const externals = await versionsOf(await findExternalPackages(one, root, own));
    hash.update(`${JSON.stringify(externals)}\n`);
  }
  return hash.digest('hex');
}
