import { cp, mkdir, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { readManifest } from '../slot/package-folders.js';
import type { PackageFolder } from '../slot/package-folders.js';
import type { Lockfile } from './lockfile.js';

export interface LinkModulesOptions {
  /** Where packages are installed. */
  readonly root: string;
  /** What is to see them. */
  readonly worktree: string;
  /** Lockfile of the worktree. */
  readonly lockfile: Lockfile;
  /** Lockfile of what is installed. */
  readonly installed: Lockfile;
  /** Its packages. */
  readonly packages: readonly PackageFolder[];
}

/**
 * Gives a worktree a `node_modules` of its own without installing anything: links to what the workspace
 * has installed, but its own packages in place of the workspace's. A link to the whole folder would build
 * the command line of the base from the packages of today.
 *
 * What a build copies into its bundles is copied rather than linked: bundlers name it by its true path, and
 * two builds of the same sources would differ in those names.
 */
export async function linkModules(options: LinkModulesOptions): Promise<void> {
  const { root, worktree, lockfile, installed, packages } = options;
  const named = packages.map((one) => [`node_modules/${one.name}`, placeOf(one)] as const);
  const links = new Map([...named, ...lockfile.links]);
  const own = new Set([...links.keys(), ...installed.links.keys()]);
  const bundled = await bundledPlaces(root, packages, own);
  for (const place of await installedPlaces(root, packages)) {
    if (own.has(place)) continue;
    const [source, target] = [join(root, place), join(worktree, place)];
    await mkdir(dirname(target), { recursive: true });
    if (bundled.has(place)) await cp(source, target, { recursive: true });
    else await link(source, target);
  }
  for (const [place, folder] of links) {
    await mkdir(dirname(join(worktree, place)), { recursive: true });
    await link(join(worktree, folder), join(worktree, place));
  }
}

/** Places of all that is installed: at the top and in the folders of packages. */
async function installedPlaces(
  root: string,
  packages: readonly PackageFolder[],
): Promise<string[]> {
  const folders = ['node_modules', ...packages.map((one) => `${placeOf(one)}/node_modules`)];
  const found = await Promise.all(folders.map((folder) => placesIn(root, folder)));
  return found.flat();
}

async function placesIn(root: string, folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder)).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const place = `${folder}/${name}`;
      if (name.startsWith('@')) return placesIn(root, place);
      return !name.startsWith('.') || name === '.bin' ? [place] : [];
    }),
  );
  return found.flat();
}

/** Places of what the packages name as dependencies, and of what these need in turn. */
async function bundledPlaces(
  root: string,
  packages: readonly PackageFolder[],
  own: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const places = new Set<string>();
  for (const one of packages) {
    const { dependencies, devDependencies, bin } = one.manifest;
    // A command line without dependencies is one bundle of what it names for its development.
    const names = { ...dependencies, ...(bin === undefined ? {} : devDependencies) };
    for (const name of Object.keys(names)) {
      if (own.has(`node_modules/${name}`)) continue;
      await addPlace(places, { root, from: placeOf(one), name });
    }
  }
  return places;
}

async function addPlace(
  places: Set<string>,
  { root, from, name }: { readonly root: string; readonly from: string; readonly name: string },
): Promise<void> {
  for (const place of [`${from}/node_modules/${name}`, `node_modules/${name}`]) {
    const manifest = await readManifest(join(root, place));
    if (manifest === undefined) continue;
    if (places.has(place)) return;
    places.add(place);
    for (const next of Object.keys(manifest.dependencies ?? {})) {
      await addPlace(places, { root, from: place, name: next });
    }
    return;
  }
}

function placeOf({ folder }: PackageFolder): string {
  return folder.split(/[\\/]/).slice(-2).join('/');
}

function link(source: string, target: string): Promise<void> {
  // A junction, which Windows lets everybody make; elsewhere the word means nothing.
  return symlink(source, target, 'junction');
}
