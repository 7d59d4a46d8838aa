import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BenchError, codeOf } from '../errors.js';

/** A package of a workspace or of a slot. */
export interface PackageFolder {
  /** As others import it. */
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly manifest: PackageManifest;
}

/** What is needed of a `package.json`. */
export interface PackageManifest {
  readonly name: string;
  readonly version?: string;
  readonly type?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * The packages below `<root>/packages` that a project can reach, itself included, sorted by name. The
 * development dependencies count as well: the command line is published as one bundle of all it imports.
 *
 * @throws BenchError `PROJECT_NOT_FOUND`
 */
export async function findPackageFolders(
  root: string,
  project?: string,
): Promise<readonly PackageFolder[]> {
  const all = await readPackages(join(root, 'packages'));
  if (project === undefined) return [...all.values()].sort(byName);
  const first = [...all.values()].find(({ folder }) => folder === join(root, 'packages', project));
  if (first === undefined) {
    throw new BenchError(
      'PROJECT_NOT_FOUND',
      `Expected the project "${project}" to be a package in "${join(root, 'packages')}"`,
      { path: join(root, 'packages', project) },
    );
  }
  return [...reachable(first, all)].sort(byName);
}

/** Reads a `package.json`; undefined where there is none. */
export async function readManifest(folder: string): Promise<PackageManifest | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageManifest;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function readPackages(packagesFolder: string): Promise<Map<string, PackageFolder>> {
  const found = new Map<string, PackageFolder>();
  for (const entry of (await readdir(packagesFolder)).sort()) {
    const folder = join(packagesFolder, entry);
    const manifest = await readManifest(folder);
    if (manifest !== undefined) found.set(manifest.name, { name: manifest.name, folder, manifest });
  }
  return found;
}

function reachable(
  first: PackageFolder,
  all: ReadonlyMap<string, PackageFolder>,
): Set<PackageFolder> {
  const reached = new Set([first]);
  for (const { manifest } of reached) {
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const next = all.get(name);
      if (next !== undefined) reached.add(next);
    }
  }
  return reached;
}

function byName(left: PackageFolder, right: PackageFolder): number {
  return left.name < right.name ? -1 : 1;
}
