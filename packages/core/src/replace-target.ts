import type { Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { resolveInside } from './contained-path.js';
import { errnoOf } from './errors.js';
import type { FileSystem } from './file-system.js';

export interface ReplaceTarget {
  /** The file to rename over; the end of the chain where the given path is a symlink. */
  readonly path: string;
  /** `undefined` where there is no file yet. */
  readonly existing: Stats | undefined;
}

/**
 * Finds the file that a write to `path` replaces. A symlink stands for the file that it points to: a
 * rename over the link would cut it off without a word. A link to nothing is refused, and so is
 * everything that is no regular file: renaming over a device or a pipe takes it from its readers.
 *
 * @throws CoreError `PATH_ESCAPES_ROOT`, and the errno errors of the file system.
 */
export function locateTarget(
  path: string,
  { fs, root }: { readonly fs: FileSystem; readonly root: string | undefined },
): ReplaceTarget {
  const stats = statIfThere(fs, path);
  if (root !== undefined)
    expectInside(path, { fs, root, isLink: stats?.isSymbolicLink() ?? false });
  if (!stats?.isSymbolicLink()) return { path, existing: expectFile(path, stats) };
  const destination = fs.realpath(path);
  return { path: destination, existing: expectFile(destination, fs.lstat(destination)) };
}

/** Where the path is no link itself, it is where its folder is; and a root is inside itself. */
function expectInside(
  path: string,
  {
    fs,
    root,
    isLink,
  }: { readonly fs: FileSystem; readonly root: string; readonly isLink: boolean },
): void {
  const place = isLink ? resolve(path) : dirname(resolve(path));
  if (place !== resolve(root)) resolveInside(root, place, { fs });
}

function statIfThere(fs: FileSystem, path: string): Stats | undefined {
  try {
    return fs.lstat(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function expectFile(path: string, stats: Stats | undefined): Stats | undefined {
  if (stats === undefined || stats.isFile()) return stats;
  throw new Error(`"${path}" is not a regular file`);
}
