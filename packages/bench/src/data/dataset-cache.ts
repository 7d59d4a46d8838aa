import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { codeOf } from '../errors.js';
import type { Dataset } from '../guard/guard.js';

/** A file to be made: its path inside of the data set, with `/`, and its bytes in chunks. */
export interface DatasetFile {
  readonly path: string;
  readonly chunks: Iterable<Buffer>;
}

export interface DatasetRecipe {
  /** Says all that the bytes depend on, the version of the generator included; a name of a folder. */
  readonly name: string;
  /** The file or folder in it that is the data set. */
  readonly main: string;
  /** In an order that is always the same. */
  readonly files: () => Iterable<DatasetFile>;
}

/** What lies beside a data set, written last. */
interface Sidecar {
  readonly bytes: number;
  readonly digest: string;
}

const sidecarName = 'dataset.json';
const draftPrefix = '.draft-';
const staleDraftMs = 24 * 3600 * 1000;

/**
 * Makes data sets below a folder, each at most once: it is written under a name of its own and takes its
 * place whole, so that several processes can ask for the same one at once. One that is there is used when
 * it has the size that it was written with; anything else in its place is made anew.
 *
 * The digest is the SHA-256 of the file or, of several, that of the lines `<SHA-256>  <path>` for each.
 */
export function createDatasetCache(cacheDir: string): (recipe: DatasetRecipe) => Promise<Dataset> {
  const asked = new Map<string, Promise<Dataset>>();
  return (recipe) => {
    const known = asked.get(recipe.name);
    if (known) return known;
    const made = findOrMake(cacheDir, recipe);
    asked.set(recipe.name, made);
    made.catch(() => asked.delete(recipe.name));
    return made;
  };
}

async function findOrMake(cacheDir: string, recipe: DatasetRecipe): Promise<Dataset> {
  const folder = join(cacheDir, recipe.name);
  const dataset = (sidecar: Sidecar): Dataset => ({ path: join(folder, recipe.main), ...sidecar });
  const found = await readWhole(folder);
  if (found) return dataset(found);
  await mkdir(cacheDir, { recursive: true });
  await removeStaleDrafts(cacheDir);
  const draft = join(cacheDir, `${draftPrefix}${recipe.name}-${randomUUID()}`);
  try {
    const sidecar = await write(draft, recipe);
    return dataset(await takePlace(draft, folder, sidecar));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** What is said of a data set; undefined where it is not there as it was written. */
async function readWhole(folder: string): Promise<Sidecar | undefined> {
  try {
    const text = await readFile(join(folder, sidecarName), 'utf8');
    const { bytes, digest } = JSON.parse(text) as Partial<Sidecar>;
    if (typeof bytes !== 'number' || typeof digest !== 'string') return undefined;
    return (await bytesBelow(folder)) === bytes ? { bytes, digest } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile() || entry.name === sidecarName) continue;
    bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}

async function write(draft: string, recipe: DatasetRecipe): Promise<Sidecar> {
  const all = createHash('sha256');
  let bytes = 0;
  let count = 0;
  let digest = '';
  for (const file of recipe.files()) {
    const path = join(draft, file.path);
    await mkdir(dirname(path), { recursive: true });
    const written = await writeChunks(path, file.chunks);
    bytes += written.bytes;
    count += 1;
    digest = written.digest;
    all.update(`${written.digest}  ${file.path}\n`);
  }
  const sidecar = { bytes, digest: count === 1 ? digest : all.digest('hex') };
  await writeFile(join(draft, sidecarName), `${JSON.stringify(sidecar)}\n`);
  return sidecar;
}

async function writeChunks(path: string, chunks: Iterable<Buffer>): Promise<Sidecar> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx');
  try {
    for (const chunk of chunks) {
      hash.update(chunk);
      await file.writeFile(chunk);
      bytes += chunk.byteLength;
    }
  } finally {
    await file.close();
  }
  return { bytes, digest: hash.digest('hex') };
}

/** Resolves to what is in place: what somebody else has put there meanwhile is the same. */
async function takePlace(draft: string, folder: string, sidecar: Sidecar): Promise<Sidecar> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await rename(draft, folder);
      return sidecar;
    } catch (error) {
      const taken = ['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error) ?? '');
      if (!taken || attempt === 3) throw error;
      const theirs = await readWhole(folder);
      if (theirs) return theirs;
      await moveAway(folder);
    }
  }
}

async function moveAway(folder: string): Promise<void> {
  const aside = join(dirname(folder), `${draftPrefix}damaged-${randomUUID()}`);
  try {
    await rename(folder, aside);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

/** Of processes that were killed while they wrote. */
async function removeStaleDrafts(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir)) {
    if (!name.startsWith(draftPrefix)) continue;
    const path = join(cacheDir, name);
    const changedMs = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (changedMs === undefined || Date.now() - changedMs < staleDraftMs) continue;
    await rm(path, { recursive: true, force: true });
  }
}
