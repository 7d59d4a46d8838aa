import { realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { BenchError } from '../errors.js';
import { readManifest } from './package-folders.js';
import type { PackageFolder } from './package-folders.js';

/** A package of others that a package of the workspace depends on. */
export interface ExternalPackage {
  readonly name: string;
  /** Where it is installed. */
  readonly folder: string;
}

/**
 * What a package needs to run that is not of the workspace, where Node would find it from there.
 *
 * @throws BenchError `BUILD_MISSING` where it is not installed
 */
export async function findExternalPackages(
  { name, folder, manifest }: PackageFolder,
  root: string,
  own: ReadonlySet<string>,
): Promise<readonly ExternalPackage[]> {
  const names = Object.keys(manifest.dependencies ?? {}).filter((other) => !own.has(other));
  return Promise.all(
    names.sort().map(async (external) => {
      const found = await installedFolder(external, folder, root);
      if (found !== undefined) return { name: external, folder: found };
      throw new BenchError(
        'BUILD_MISSING',
        `Expected "${external}", which "${name}" depends on, to be installed below "${root}"`,
        { path: root },
      );
    }),
  );
}

/** `name@version` of the packages and of all that they depend on, sorted. */
export async function versionsOf(packages: readonly ExternalPackage[]): Promise<readonly string[]> {
  const seen = new Set<string>();
  const versions = new Set<string>();
  const pending = [...packages];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next.folder)) continue;
    seen.add(next.folder);
    const manifest = await readManifest(next.folder);
    versions.add(`${next.name}@${manifest?.version ?? 'unknown'}`);
    for (const name of Object.keys(manifest?.dependencies ?? {})) {
      const folder = await installedFolder(name, next.folder, undefined);
      if (folder !== undefined) pending.push({ name, folder });
    }
  }
  return [...versions].sort();
}

/** Walks up the folders as Node does; `root` is looked into last, for a build that is elsewhere. */
async function installedFolder(
  name: string,
  from: string,
  root: string | undefined,
): Promise<string | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    // Resolved, as Node looks for what a package needs from where it really is.
    if (await isFolder(found)) return realpath(found);
    if (dirname(folder) === folder) break;
  }
  const last = root === undefined ? undefined : join(root, 'node_modules', name);
  return last !== undefined && (await isFolder(last)) ? realpath(last) : undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
