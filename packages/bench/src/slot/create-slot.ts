import { copyFile, mkdir, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { buildHash } from './build-hash.js';
import { findBuiltFiles } from './built-files.js';
import { findExternalPackages } from './external-packages.js';
import { findPackageFolders, readManifest } from './package-folders.js';
import type { PackageFolder } from './package-folders.js';
import type { CreateSlotOptions, Slot } from './slot.js';

/**
 * Copies the built packages that a project needs into a slot.
 *
 * @throws BenchError `PROJECT_NOT_FOUND`, or `BUILD_MISSING` where one of them is not built
 */
export async function createSlot({
  root,
  project,
  folder,
  externalsRoot = root,
}: CreateSlotOptions): Promise<Slot> {
  const packages = await findPackageFolders(root, project);
  const own = new Set(packages.map(({ name }) => name));
  for (const one of packages) {
    const target = join(folder, 'node_modules', one.name);
    await copyPackage(one, target);
    for (const external of await findExternalPackages(one, externalsRoot, own)) {
      const link = join(target, 'node_modules', external.name);
      await mkdir(dirname(link), { recursive: true });
      // A junction, which Windows lets everybody make; elsewhere the word means nothing.
      await symlink(await realpath(external.folder), link, 'junction');
    }
  }
  return {
    folder,
    packages: packages.map((one) => ({ ...one, folder: join(folder, 'node_modules', one.name) })),
    buildHash: await buildHash(packages, externalsRoot),
  };
}

/**
 * A slot that exists already.
 *
 * @throws BenchError `BUILD_MISSING` where a package in it has no program
 */
export async function openSlot(folder: string, names: readonly string[]): Promise<Slot> {
  const packages: PackageFolder[] = [];
  for (const name of [...names].sort()) {
    const inside = join(folder, 'node_modules', name);
    const manifest = await readManifest(inside);
    if (manifest !== undefined) packages.push({ name, folder: inside, manifest });
  }
  return { folder, packages, buildHash: await buildHash(packages, folder) };
}

async function copyPackage(one: PackageFolder, target: string): Promise<void> {
  for (const path of ['package.json', ...(await findBuiltFiles(one))]) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await copyFile(join(one.folder, path), join(target, path));
  }
}
