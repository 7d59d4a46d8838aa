import { basename, dirname, join } from 'node:path';

import { codeOf } from '@codex-orchestrator/core';
import type { FileSystem } from '@codex-orchestrator/core';

import { namesIn } from '../names-in.js';

/** A file of lines that another writer left. */
export interface PendingFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** Its writer has not given it its final name, and has been gone for so long that it never will. */
  readonly unfinished: boolean;
}

const SUFFIX = '.jsonl';
const UNFINISHED_SUFFIX = '.jsonl.tmp';
const REJECTED_SUFFIX = '.rejected';
const UNFINISHED_FOR_MS = 5 * 60_000;

/** By name, so nearly by age. What is no regular file, or still being written, is left alone. */
export function listPendingFiles(
  folder: string,
  { fs, nowMs }: { readonly fs: FileSystem; readonly nowMs: number },
): PendingFile[] {
  // Mostly there is no such folder, and in a short process an error takes longer than a look.
  if (!namesIn(dirname(folder), fs).includes(basename(folder))) return [];
  const files: PendingFile[] = [];
  for (const name of namesIn(folder, fs)) {
    const unfinished = name.endsWith(UNFINISHED_SUFFIX);
    if (!unfinished && !name.endsWith(SUFFIX)) continue;
    const path = join(folder, name);
    const stats = fs.lstat(path);
    if (!stats.isFile()) continue;
    if (unfinished && nowMs - stats.mtimeMs <= UNFINISHED_FOR_MS) continue;
    files.push({ name, path, bytes: stats.size, unfinished });
  }
  return files;
}

/** Where the lines of a file go that are no entries. */
export function rejectedPathOf({ path }: PendingFile): string {
  return path + REJECTED_SUFFIX;
}

/** Gives a file that cannot be taken over a name under which it is not tried again, and tells that name. */
export function setAside(folder: string, file: PendingFile, fs: FileSystem): string {
  const taken = new Set(fs.readdir(folder));
  let name = file.name + REJECTED_SUFFIX;
  for (let number = 2; taken.has(name); number++) name = `${file.name}.${number}${REJECTED_SUFFIX}`;
  fs.rename(file.path, join(folder, name));
  return name;
}

/** Removes a file whose lines are elsewhere by now, unless somebody has added to it. */
export function removeUnlessGrown(file: PendingFile, fs: FileSystem): void {
  try {
    if (fs.lstat(file.path).size === file.bytes) fs.unlink(file.path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
