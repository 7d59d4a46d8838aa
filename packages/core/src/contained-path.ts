import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

import { CoreError } from './errors.js';
import { nodeFileSystem } from './file-system.js';
import type { FileSystem } from './file-system.js';

export interface ResolveInsideOptions {
  /** @default the real file system */
  readonly fs?: FileSystem;
}

/**
 * Resolves a path against a root and returns it as an absolute path that lies in the root: not above
 * it through `..`, not elsewhere as an absolute path, and not outside through a symlink of any part
 * that exists, a dangling one included. Nothing of the path needs to exist yet. The root itself may be
 * reached through symlinks.
 *
 * The answer holds for the moment of the call. Someone who may write below the root can put a
 * symlink in place afterwards; this guards against configured paths, not against a local attacker.
 * @throws `CoreError` `PATH_ESCAPES_ROOT`, also when part of the path cannot be examined.
 */
export function resolveInside(
  root: string,
  path: string,
  options: ResolveInsideOptions = {},
): string {
  const { fs = nodeFileSystem } = options;
  const absoluteRoot = resolve(root);
  const target = resolve(absoluteRoot, path);
  try {
    const realRoot = realPathOf(absoluteRoot, fs);
    const named = contains(absoluteRoot, target) || contains(realRoot, target);
    if (named && contains(realRoot, realPathOf(target, fs))) return target;
  } catch (cause) {
    throw escapes(path, root, 'cannot be shown to stay', { cause });
  }
  throw escapes(path, root, 'does not stay');
}

function escapes(path: string, root: string, verb: string, options?: ErrorOptions): CoreError {
  const message = `Path ${JSON.stringify(path)} ${verb} inside ${JSON.stringify(root)}`;
  return new CoreError('PATH_ESCAPES_ROOT', message, { ...options, path });
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The kernel's own limit on the symlinks of one path. */
const maxSymlinks = 40;

/** Where a path leads once all symlinks are followed, for paths that do not exist yet too. */
function realPathOf(path: string, fs: FileSystem, symlinksLeft = maxSymlinks): string {
  try {
    return fs.realpath(path);
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw error;
  }
  const parent = realPathOf(dirname(path), fs, symlinksLeft);
  const place = join(parent, basename(path));
  const link = readDanglingLink(place, fs);
  if (link === undefined) return place;
  if (symlinksLeft === 0) throw new Error(`Too many symlinks at ${JSON.stringify(place)}`);
  return realPathOf(resolve(parent, link), fs, symlinksLeft - 1);
}

/** Creating a file through a dangling symlink creates it where the link points. */
function readDanglingLink(path: string, fs: FileSystem): string | undefined {
  try {
    return fs.lstat(path).isSymbolicLink() ? fs.readlink(path) : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
