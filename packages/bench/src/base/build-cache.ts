import { createHash, randomUUID } from 'node:crypto';
import {
  cp,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { writeJsonAtomic } from '@codex-orchestrator/core';

import { findBuiltFiles } from '../slot/built-files.js';
import { readManifest } from '../slot/package-folders.js';
import type { PackageFolder } from '../slot/package-folders.js';

/**
 * What is known of a commit whose packages were built before. The folder is laid out as a workspace:
 * `packages/<folder name>/{package.json,dist,bin,schema}`.
 */
export interface CachedWorkspace {
  /** Where external packages are: in the workspace, or in the cache, as the base had others. */
  readonly externals: 'workspace' | 'cache';
  /** Folder names of the packages that each project needs, itself included. */
  readonly reach: Readonly<Record<string, readonly string[]>>;
}

/** Undefined where the commit is not in the cache, or not readably so. */
export async function readCachedWorkspace(folder: string): Promise<CachedWorkspace | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, description), 'utf8')) as CachedWorkspace;
  } catch {
    return undefined;
  }
}

export async function writeCachedWorkspace(
  folder: string,
  workspace: CachedWorkspace,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeJsonAtomic(join(folder, description), workspace);
}

/**
 * Whether a package is in the cache as it was put there. One that was changed since, or that a killed
 * process left in part, is not.
 */
export async function isCached(folder: string, packageName: string): Promise<boolean> {
  const inside = join(folder, 'packages', packageName);
  try {
    const marked = await readFile(join(inside, marker), 'utf8');
    return marked.trim() === (await contentHash(inside));
  } catch {
    return false;
  }
}

/** Copies what a build made; the package appears in the cache as a whole. */
export async function addToCache(
  folder: string,
  packageName: string,
  built: string,
): Promise<void> {
  const unfinished = join(folder, `unfinished-${randomUUID()}`);
  const target = join(folder, 'packages', packageName);
  try {
    for (const path of ['package.json', ...(await findBuiltFiles(await packageAt(built)))]) {
      await mkdir(dirname(join(unfinished, path)), { recursive: true });
      await cp(join(built, path), join(unfinished, path));
    }
    await writeFile(join(unfinished, marker), `${await contentHash(unfinished)}\n`);
    await mkdir(dirname(target), { recursive: true });
    await rm(target, { recursive: true, force: true });
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Marks a commit as used just now, and removes all but the newest ones. */
export async function keepNewest(cacheDir: string, commit: string, count = 4): Promise<void> {
  const now = new Date();
  await utimes(join(cacheDir, commit), now, now);
  const entries = await readdir(cacheDir, { withFileTypes: true });
  const commits = entries.filter((entry) => entry.isDirectory() && entry.name !== commit);
  const dated = await Promise.all(
    commits.map(async ({ name }) => {
      const { mtimeMs } = await stat(join(cacheDir, name));
      return { name, mtimeMs };
    }),
  );
  dated.sort((left, right) => right.mtimeMs - left.mtimeMs);
  for (const { name } of dated.slice(count - 1)) {
    await rm(join(cacheDir, name), { recursive: true, force: true });
  }
}

const description = 'workspace.json';
const marker = 'content.sha256';

async function contentHash(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of ['package.json', ...(await findBuiltFiles(await packageAt(folder)))]) {
    const content = await readFile(join(folder, path));
    hash.update(`${JSON.stringify([path, content.byteLength])}\n`).update(content);
  }
  return hash.digest('hex');
}

async function packageAt(folder: string): Promise<PackageFolder> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) throw new Error(`Expected a package in "${folder}"`);
  return { name: manifest.name, folder, manifest };
}
